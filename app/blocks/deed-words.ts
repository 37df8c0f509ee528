/**
 * What was done, as the rest of a sentence that begins with who did it.
 * Invariant: an action that has no words here is named as it is stored, never left out.
 */
import { type NanoUsd, nanoUsd, showUsd } from '../../core/money.ts'
import type { StoredDeed } from '../../db/postgres/audit-list.ts'
import { clip, escapeText, instant, literal, name, who } from './text.ts'

export type SaidDeed = Pick<StoredDeed, 'action' | 'subject' | 'before' | 'after'>

export function deedWords(deed: SaidDeed, subjectName: string | null): string {
  const { action, subject, before, after } = deed
  const words = WORDS[action]
  if (words === undefined) return `${escapeText(action)} ${named(subjectName, deed.subject)}`
  return words({ subject, before, after, it: named(subjectName, 'one that ended') })
}

interface Told {
  readonly subject: string
  readonly before: unknown
  readonly after: unknown
  readonly it: string
}

const named = (subjectName: string | null, otherwise: string): string =>
  subjectName === null ? escapeText(otherwise) : `*${name(subjectName)}*`

const WORDS: Readonly<Record<string, (told: Told) => string>> = {
  'budget.made': ({ it, after }) => `made the budget ${it}${limitOf(after, ' of ')}`,
  'budget.changed': ({ it, before, after }) => `changed the budget ${it}${fieldsOf(before, after)}`,
  'budget.limit_changed': ({ it, before, after }) =>
    `changed the limit of ${it}${limitOf(before, ' from ')}${limitOf(after, ' to ')}`,
  'budget.archived': () => 'ended a budget',
  'budget.stopped': ({ it }) => `stopped the calls of ${it}`,
  'budget.resumed': ({ it }) => `let the calls of ${it} pass again`,
  'budget.acknowledged': ({ it }) => `is on ${it}`,
  'budget.quieted': ({ it, after }) => `quieted the crossings of ${it}${untilOf(after)}`,
  'budget.quiet_ended': ({ it }) => `had the crossings of ${it} told again`,
  'budget.limit_lifted': ({ it }) => `lifted the stop of ${it}, whose spend is below it`,
  'budget.figure_corrected': ({ it }) => `put the figure of ${it} right`,
  'override.requested': ({ it, after }) =>
    `asked for an override of ${it}${amountOf(after)}${reasonOf(after)}`,
  'override.granted': ({ it, after }) =>
    `granted an override of ${it}${amountOf(after)}${untilOf(after)}${reasonOf(after)}`,
  'override.spent': ({ it }) => `ended the override of ${it}: it is used up`,
  'override.expired': ({ it }) => `ended the override of ${it}: its time is over`,
  'override.replaced': ({ it }) => `ended the override of ${it} for another`,
  'override_request.approved': ({ it }) => `approved a request for an override of ${it}`,
  'override_request.denied': ({ it, after }) => `denied a request for an override of ${it}${reasonOf(after)}`,
  'override_request.expired': ({ it }) => `let a request for an override of ${it} expire`,
  'override_policy.changed': () => 'changed who may override a stop, and how',
  'role.granted': ({ subject, after }) =>
    `gave ${who(subject)} the role ${field(after, 'role') ?? 'of a member'}`,
  'role.taken_back': ({ subject, before }) =>
    `took back ${field(before, 'role') ?? 'a role'} from ${who(subject)}`,
  'project.made': ({ it }) => `named the project ${it}`,
  'project.visibility_changed': ({ it, after }) =>
    field(after, 'visibility') === 'named'
      ? `had ${it} seen by named people only`
      : `had ${it} seen by everyone`,
  'calls.stopped': ({ it, after }) => `stopped ${wide(it)}${reasonOf(after)}`,
  'calls.resumed': ({ it }) => `resumed ${wide(it)}`,
  'api_key.created': ({ it, after }) => `made the API key ${keyName(it, after)}`,
  'api_key.rotated': ({ it }) => `rotated the API key ${it}`,
  'api_key.revoked': ({ it }) => `revoked the API key ${it}`,
  'webhook.added': ({ after }) => `added a webhook${textOf(after, 'url', ' to ')}`,
  'webhook.changed': () => 'changed a webhook',
  'webhook.secret_rotated': () => 'rotated the secret of a webhook',
  'webhook.disabled': () => 'turned a webhook off',
  'webhook.enabled': () => 'turned a webhook on',
  'webhook.removed': () => 'removed a webhook',
  'webhook.replayed': () => 'had a delivery of a webhook sent again',
  'own_price.added': ({ after }) => `gave a model a price${textOf(after, 'model', ': ')}`,
  'model_alias.added': () => 'said which model another name is',
  'own_pricing.archived': () => 'took back a price',
  'own_pricing.replaced': () => 'replaced the sheet of prices',
  'redaction.set': ({ it }) => `set what is redacted in ${it}`,
  'spend.repricing_begun': () => 'began to price calls anew',
  'spend.repriced': () => 'priced calls anew',
}

/** The actions that have words. */
export const DEED_ACTIONS = Object.keys(WORDS)

/** Everything is no project and has no name. */
const wide = (it: string): string => (it.startsWith('*') ? `every call of ${it}` : 'everything')

const keyName = (it: string, after: unknown): string =>
  it.startsWith('*') ? it : `*${name(field(after, 'name') ?? field(after, 'prefix') ?? '')}*`

const limitOf = (value: unknown, between: string): string => moneyOf(value, 'limit_nano_usd', between)
const amountOf = (value: unknown): string => moneyOf(value, 'amount_nano_usd', ' by ')

function moneyOf(value: unknown, key: string, between: string): string {
  const amount = nanosOf(field(value, key))
  return amount === null ? '' : `${between}${showUsd(amount)}`
}

const nanosOf = (text: string | null): NanoUsd | null =>
  text !== null && /^-?\d{1,19}$/.test(text) ? nanoUsd(BigInt(text)) : null

const reasonOf = (value: unknown): string => textOf(value, 'reason', ': ')

function untilOf(value: unknown): string {
  const at = new Date(field(value, 'until') ?? '')
  return Number.isNaN(at.getTime()) ? '' : ` until ${instant(at)}`
}

/** The fields that a change names, in words: `mode, ladder`. */
function fieldsOf(before: unknown, after: unknown): string {
  const limits = `${limitOf(before, ', limit from ')}${limitOf(after, ' to ')}`
  const keys = isObject(after) ? Object.keys(after).filter((key) => key !== 'limit_nano_usd') : []
  const said = keys.slice(0, 8).map((key) =>
    escapeText(
      clip(
        key
          .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
          .replaceAll('_', ' ')
          .toLowerCase(),
        30,
      ),
    ),
  )
  return `${said.length === 0 ? '' : `: ${said.join(', ')}`}${limits}`
}

function textOf(value: unknown, key: string, between: string): string {
  const text = field(value, key)
  return text === null || text.trim() === ''
    ? ''
    : `${between}${literal(clip(text.replaceAll(/\s+/g, ' ').trim(), 150))}`
}

function field(value: unknown, key: string): string | null {
  const one: unknown = isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : null
  return typeof one === 'string' ? one : null
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
