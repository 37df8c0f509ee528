/** Reads the words of `npm run webhooks` as a person types them. */
import { isId } from '../../core/ids.ts'
import { DELIVERY_STATES, type DeliveryState } from '../../core/webhook/delivery.ts'
import { SECRET_OVERLAP_MS_MAX } from '../../core/webhook/signature.ts'
import { durationMs, instantOf, readWords } from '../operate/words.ts'

/** What every verb has: who asks when it is not the account that runs it, and the form of the answer. */
interface Asked {
  readonly by: string | null
  readonly json: boolean
}

export interface ListWebhooks extends Asked {
  readonly kind: 'list'
  readonly org: string | null
  /** Those that were removed, too. */
  readonly all: boolean
}

export interface AddWebhook extends Asked {
  readonly kind: 'add'
  readonly org: string | null
  readonly url: string
  readonly events: readonly string[] | null
}

export interface RotateWebhook extends Asked {
  readonly kind: 'rotate'
  readonly webhookId: string
  readonly overlapMs: number
}

export interface ChangeWebhook extends Asked {
  readonly kind: 'disable' | 'enable' | 'remove'
  readonly webhookId: string
}

export interface ListDeliveries extends Asked {
  readonly kind: 'deliveries'
  readonly webhookId: string
  readonly state: DeliveryState | null
  readonly rowsMax: number
}

export interface ReplayOne extends Asked {
  readonly kind: 'replay_one'
  readonly deliveryId: string
}

export interface ReplayFailed extends Asked {
  readonly kind: 'replay_failed'
  readonly webhookId: string
  readonly since: Date
}

export type WebhooksAsked =
  | ListWebhooks
  | AddWebhook
  | RotateWebhook
  | ChangeWebhook
  | ListDeliveries
  | ReplayOne
  | ReplayFailed
export type WebhooksArguments = WebhooksAsked | { readonly kind: 'bad'; readonly problem: string }

export const WEBHOOKS_USAGE = `usage: npm run webhooks -- VERB, where VERB is one of
  list [--org ORG] [--all]
  add --url https://… [--events budget.stopped,budget.lifted] [--org ORG]
  rotate WEBHOOK [--overlap 24h]
  disable WEBHOOK
  enable WEBHOOK
  remove WEBHOOK
  deliveries WEBHOOK [--state pending|retrying|delivered|failed] [--rows 50]
  replay DELIVERY
  replay WEBHOOK --since 24h|2027-01-31    all that failed and were made since then
ORG is a name or an id, WEBHOOK an id such as whk_01J…, DELIVERY one such as msg_01J…. Every verb takes --json, and
--by WHO for the audit trail.`

const ASKED = { by: { type: 'string' }, json: { type: 'boolean' } } as const
const LIST = { ...ASKED, org: { type: 'string' }, all: { type: 'boolean' } } as const
const ADD = {
  ...ASKED,
  org: { type: 'string' },
  url: { type: 'string' },
  events: { type: 'string' },
} as const
const ROTATE = { ...ASKED, overlap: { type: 'string' } } as const
const DELIVERIES = { ...ASKED, state: { type: 'string' }, rows: { type: 'string' } } as const
const REPLAY = { ...ASKED, since: { type: 'string' } } as const

const ROWS_MAX = 1000

export function parseWebhooksArguments(
  [verb = '', ...words]: readonly string[],
  now: Date,
): WebhooksArguments {
  switch (verb) {
    case 'list':
      return list(words)
    case 'add':
      return add(words)
    case 'rotate':
      return rotate(words)
    case 'disable':
    case 'enable':
    case 'remove':
      return change(verb, words)
    case 'deliveries':
      return deliveries(words)
    case 'replay':
      return replay(words, now)
    default:
      return { kind: 'bad', problem: WEBHOOKS_USAGE }
  }
}

function list(words: readonly string[]): WebhooksArguments {
  const read = readWords(words, LIST)
  if (read.kind === 'bad') return bad(read.problem)
  if (read.positionals.length > 0) return bad('list takes options only')
  const { org = null, all = false } = read.values
  return { kind: 'list', org, all, ...asked(read.values) }
}

function add(words: readonly string[]): WebhooksArguments {
  const read = readWords(words, ADD)
  if (read.kind === 'bad') return bad(read.problem)
  if (read.positionals.length > 0) return bad('add takes options only')
  const { org = null, url, events } = read.values
  if (url === undefined)
    return bad('--url must say where to send to, such as https://hooks.example.com/lensai')
  const wanted = events === undefined ? null : events.split(',').map((event) => event.trim())
  return { kind: 'add', org, url, events: wanted, ...asked(read.values) }
}

function rotate(words: readonly string[]): WebhooksArguments {
  const read = readWords(words, ROTATE)
  if (read.kind === 'bad') return bad(read.problem)
  const webhookId = webhookIn(read.positionals)
  if (webhookId === null) return bad(SAY_WEBHOOK)
  const overlapMs = durationMs(read.values.overlap ?? '24h')
  if (overlapMs === null || overlapMs > SECRET_OVERLAP_MS_MAX) {
    return bad('--overlap must be how long both secrets sign, from 0m to 7d, such as 24h')
  }
  return { kind: 'rotate', webhookId, overlapMs, ...asked(read.values) }
}

function change(kind: ChangeWebhook['kind'], words: readonly string[]): WebhooksArguments {
  const read = readWords(words, ASKED)
  if (read.kind === 'bad') return bad(read.problem)
  const webhookId = webhookIn(read.positionals)
  return webhookId === null ? bad(SAY_WEBHOOK) : { kind, webhookId, ...asked(read.values) }
}

function deliveries(words: readonly string[]): WebhooksArguments {
  const read = readWords(words, DELIVERIES)
  if (read.kind === 'bad') return bad(read.problem)
  const webhookId = webhookIn(read.positionals)
  if (webhookId === null) return bad(SAY_WEBHOOK)
  const { state: named, rows = '50' } = read.values
  const state = named === undefined ? null : (DELIVERY_STATES.find((each) => each === named) ?? null)
  if (named !== undefined && state === null)
    return bad(`--state must be one of ${DELIVERY_STATES.join(', ')}`)
  if (!/^[1-9]\d{0,3}$/.test(rows) || Number(rows) > ROWS_MAX) {
    return bad(`--rows must be a whole number from 1 to ${ROWS_MAX}`)
  }
  return { kind: 'deliveries', webhookId, state, rowsMax: Number(rows), ...asked(read.values) }
}

function replay(words: readonly string[], now: Date): WebhooksArguments {
  const read = readWords(words, REPLAY)
  if (read.kind === 'bad') return bad(read.problem)
  const [id = '', ...others] = read.positionals
  const { since } = read.values
  if (others.length === 0 && isId('msg', id) && since === undefined) {
    return { kind: 'replay_one', deliveryId: id, ...asked(read.values) }
  }
  const webhookId = webhookIn(read.positionals)
  if (webhookId === null) return bad('say one DELIVERY, such as msg_01J…, or one WEBHOOK and --since')
  const at = since === undefined ? null : instantBefore(since, now)
  if (at === null)
    return bad('--since must say how far back, as 24h or 7d, or a time such as 2027-01-31T08:00Z')
  return { kind: 'replay_failed', webhookId, since: at, ...asked(read.values) }
}

const SAY_WEBHOOK = 'say one WEBHOOK by its id, such as whk_01J…: npm run webhooks -- list shows them'

const bad = (problem: string) => ({ kind: 'bad', problem: `${problem}\n${WEBHOOKS_USAGE}` }) as const

const asked = (values: { readonly by?: string; readonly json?: boolean }): Asked => ({
  by: values.by?.trim() || null,
  json: values.json ?? false,
})

function webhookIn([id = '', ...others]: readonly string[]): string | null {
  return others.length === 0 && isId('whk', id) ? id : null
}

function instantBefore(text: string, now: Date): Date | null {
  const agoMs = durationMs(text)
  return agoMs === null ? instantOf(text) : new Date(now.getTime() - agoMs)
}
