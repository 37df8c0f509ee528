/**
 * `npm run webhooks`: adds, rotates, disables and removes webhooks, shows their deliveries and sends them again.
 * Invariant: a secret is the one line of stdout that made it, and stands nowhere else.
 */
import type { Keyring } from '../../core/envelope.ts'
import { unreachable } from '../../core/unreachable.ts'
import { parseEndpoint, shownUrl } from '../../core/webhook/endpoint.ts'
import {
  listDeliveries,
  ownerOfReplay,
  type Replay,
  replayDeliveries,
} from '../../db/postgres/webhook-deliveries.ts'
import {
  addWebhook,
  archiveWebhook,
  disableWebhook,
  enableWebhook,
  findWebhook,
  listWebhooks,
  rotateWebhookSecret,
  WEBHOOKS_PER_ORG_MAX,
  type Webhook,
} from '../../db/postgres/webhooks.ts'
import { type Named, organisationNamed } from '../operate/named.ts'
import { failed, type Operation, type Operator } from '../operate/operation.ts'
import type {
  AddWebhook,
  ChangeWebhook,
  ListDeliveries,
  ListWebhooks,
  ReplayFailed,
  ReplayOne,
  RotateWebhook,
  WebhooksAsked,
} from './arguments.ts'
import { deliveryJson, deliveryLines, secondText, webhookJson, webhookLines } from './report.ts'

export interface WebhookOperator extends Operator {
  /** What making a secret takes; null for the verbs that make none. */
  readonly sealing: { readonly keyring: Keyring; readonly allowLoopback: boolean } | null
}

export function runWebhooks(asked: WebhooksAsked, operator: WebhookOperator): Promise<Operation> {
  switch (asked.kind) {
    case 'list':
      return list(asked, operator)
    case 'add':
      return add(asked, operator)
    case 'rotate':
      return rotate(asked, operator)
    case 'disable':
    case 'enable':
    case 'remove':
      return change(asked, operator)
    case 'deliveries':
      return deliveries(asked, operator)
    case 'replay_one':
    case 'replay_failed':
      return replay(asked, operator)
    default:
      return unreachable(asked)
  }
}

async function list({ org, all, json }: ListWebhooks, operator: WebhookOperator): Promise<Operation> {
  const { tables } = operator.postgres
  const owner = org === null ? null : await organisationNamed(tables, org)
  if (owner?.kind === 'bad') return failed(owner.problem)
  const webhooks = await listWebhooks(tables, owner === null ? {} : { orgId: owner.one.id })
  const shown = all ? webhooks : webhooks.filter(({ archivedAt }) => archivedAt === null)
  if (json) return done(JSON.stringify(shown.map(webhookJson), null, 2))
  const hidden = webhooks.length - shown.length
  const notes = hidden === 0 ? [] : [`${hidden} more were removed: --all shows them.`]
  return { kind: 'done', lines: webhookLines(shown, operator.now()), notes }
}

async function add({ org, url, events, json }: AddWebhook, operator: WebhookOperator): Promise<Operation> {
  const { postgres, sealing, by } = operator
  if (sealing === null) throw new Error('a webhook needs its secret sealed')
  const parsed = parseEndpoint({ url, events }, sealing)
  if (parsed.kind === 'bad') return failed(...parsed.problems)
  const owner = await organisationNamed(postgres.tables, org)
  if (owner.kind === 'bad') return failed(owner.problem)
  const wanted = { orgId: owner.one.id, endpoint: parsed.endpoint, by, origin: 'cli' } as const
  const made = await addWebhook(postgres, wanted, sealing.keyring, operator.now())
  if (made.kind !== 'added') {
    return failed(`${owner.one.name} has ${WEBHOOKS_PER_ORG_MAX} webhooks already: remove one first`)
  }
  const { webhook, secret } = made
  const hears = webhook.events === null ? 'every event' : webhook.events.join(', ')
  return shownOnce(json ? { ...webhookJson(webhook), secret } : null, secret, [
    `${webhook.id} at ${shownUrl(webhook.url)} hears of ${hears} of ${owner.one.name}.`,
  ])
}

async function rotate(
  { webhookId, overlapMs, json }: RotateWebhook,
  operator: WebhookOperator,
): Promise<Operation> {
  const { postgres, sealing, by } = operator
  if (sealing === null) throw new Error('a secret needs sealing')
  const found = await webhookNamed(operator, webhookId)
  if (found.kind === 'bad') return failed(found.problem)
  const one = { orgId: found.one.orgId, webhookId, by, origin: 'cli' } as const
  const outcome = await rotateWebhookSecret(postgres, { ...one, overlapMs }, sealing.keyring, operator.now())
  if (outcome.kind === 'rotated') {
    const { secret, previousUntil } = outcome
    const fact = { id: webhookId, secret, previous_secret_until: previousUntil }
    const until =
      overlapMs === 0
        ? 'The secret before signs no more.'
        : `Both secrets sign until ${secondText(previousUntil)}.`
    return shownOnce(json ? fact : null, secret, [until])
  }
  if (outcome.kind === 'repeated') throw withoutKey()
  switch (outcome.why) {
    case 'overlapping': {
      const until = found.one.previousUntil
      const when = until === null ? '' : ` until ${secondText(until)}`
      return failed(
        `two secrets sign${when} already: rotate again then, or with --overlap 0m, which ends both of them now`,
      )
    }
    case 'archived':
      return failed(`${webhookId} was removed: add another one`)
    case 'unknown':
      return failed(`${webhookId} is gone`)
    case 'key_reused':
      throw withoutKey()
    default:
      return unreachable(outcome.why)
  }
}

const CHANGES = {
  disable: { verb: disableWebhook, word: 'disabled: nothing is sent there until it is enabled' },
  enable: { verb: enableWebhook, word: 'enabled; replay sends what failed before' },
  remove: { verb: archiveWebhook, word: 'removed, for good' },
} as const

async function change(
  { kind, webhookId, json }: ChangeWebhook,
  operator: WebhookOperator,
): Promise<Operation> {
  const { postgres, by } = operator
  const found = await webhookNamed(operator, webhookId)
  if (found.kind === 'bad') return failed(found.problem)
  const { verb, word } = CHANGES[kind]
  const one = { orgId: found.one.orgId, webhookId, by, origin: 'cli' } as const
  const outcome = await verb(postgres, one, operator.now())
  if (outcome === 'unknown') return failed(`${webhookId} was removed: add another one`)
  const changed = await findWebhook(postgres.tables, webhookId)
  if (json && changed !== null) return done(JSON.stringify(webhookJson(changed)))
  return done(
    outcome === 'already' ? `${webhookId} is so already; nothing was changed.` : `${webhookId} is ${word}.`,
  )
}

async function deliveries(asked: ListDeliveries, operator: WebhookOperator): Promise<Operation> {
  const { tables } = operator.postgres
  const found = await webhookNamed(operator, asked.webhookId)
  if (found.kind === 'bad') return failed(found.problem)
  const { webhookId, state, rowsMax } = asked
  const which = { orgId: found.one.orgId, webhookId, rowsMax, ...(state === null ? {} : { state }) }
  const listed = await listDeliveries(tables, which)
  if (asked.json) return done(JSON.stringify(listed.map(deliveryJson), null, 2))
  return { kind: 'done', lines: deliveryLines(listed) }
}

async function replay(asked: ReplayOne | ReplayFailed, operator: WebhookOperator): Promise<Operation> {
  const { postgres, by } = operator
  const what: Replay =
    asked.kind === 'replay_one'
      ? { kind: 'one', deliveryId: asked.deliveryId }
      : { kind: 'failed_since', webhookId: asked.webhookId, since: asked.since }
  const id = asked.kind === 'replay_one' ? asked.deliveryId : asked.webhookId
  const orgId = await ownerOfReplay(postgres.tables, what)
  if (orgId === null) return failed(`there is no ${id}`)
  const outcome = await replayDeliveries(postgres, { orgId, what, by, origin: 'cli' }, operator.now())
  if (outcome.kind === 'replayed') {
    if (asked.json) return done(JSON.stringify({ replayed: outcome.deliveries }))
    return done(`${outcome.deliveries} to be sent again, from now on.`)
  }
  if (outcome.kind === 'repeated') throw withoutKey()
  switch (outcome.why) {
    case 'unknown':
      return failed(`there is no ${id}`)
    case 'webhook_disabled':
      return failed('its webhook is disabled: npm run webhooks -- enable WEBHOOK first')
    case 'webhook_archived':
      return failed('its webhook was removed: nothing can be sent there')
    case 'key_reused':
      throw withoutKey()
    default:
      return unreachable(outcome.why)
  }
}

const withoutKey = () => new Error('a command sends no key of idempotency')

const done = (...lines: readonly string[]): Operation => ({ kind: 'done', lines })

const shownOnce = (fact: object | null, secret: string, notes: readonly string[]): Operation => ({
  kind: 'done',
  lines: [fact === null ? secret : JSON.stringify(fact)],
  notes: [...notes, 'The secret is shown once, above: give it to the receiver, and keep it nowhere else.'],
})

async function webhookNamed({ postgres }: WebhookOperator, webhookId: string): Promise<Named<Webhook>> {
  const one = await findWebhook(postgres.tables, webhookId)
  if (one !== null) return { kind: 'found', one }
  return { kind: 'bad', problem: `there is no webhook ${webhookId}: npm run webhooks -- list shows them` }
}
