/**
 * GET /v1/webhooks/{id}/deliveries: what was sent and what came of it; POST /v1/webhooks/{id}/replay sends one again, or all
 * that failed since an instant.
 */
import type { FastifyInstance } from 'fastify'
import { isId } from '../../core/ids.ts'
import { unreachable } from '../../core/unreachable.ts'
import { DELIVERY_STATES } from '../../core/webhook/delivery.ts'
import type { Replay } from '../../db/postgres/webhook-deliveries.ts'
import { Refusal } from '../errors.ts'
import { answering, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { onceOf } from './idempotency.ts'
import { managerOf, readerOf, requireWideManager, requireWideReader } from './manager.ts'
import { pageOf, readQuery, toPage } from './pages.ts'
import { type Fields, readFields } from './read-fields.ts'
import { toDeliveryJson } from './webhook-json.ts'
import { oneOf, webhookOf } from './webhooks.ts'

const ID_CHARS_MAX = 64

export function registerWebhookDeliveries(app: FastifyInstance, deps: ManageDeps): void {
  const { webhooks } = deps.manage
  app.get(
    '/v1/webhooks/:id/deliveries',
    { onRequest: requireWideReader(deps) },
    answering(async (request, reply) => {
      const fields = readQuery(request.query, ['state'])
      const state = fields.has('state') ? fields.choice('state', DELIVERY_STATES, 'pending') : null
      const page = fields.finish(pageOf(fields, (text) => isId('msg', text)))
      const { id: webhookId, orgId } = await webhookOf(deps, readerOf(request), request)
      const asked = { ...page, rowsMax: page.rowsMax + 1 }
      const rows = await webhooks.deliveries({ orgId, webhookId, state }, asked)
      return reply.send(toPage(rows, page, { item: toDeliveryJson, known: ({ id }) => id }))
    }),
  )

  app.post(
    '/v1/webhooks/:id/replay',
    { onRequest: requireWideManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX },
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const fields = readFields(request.body ?? null, ['delivery_id', 'failed_since'])
      const said = replayIn(fields)
      const webhook = await webhookOf(deps, manager, request)
      const { orgId, by, origin, webhookId } = oneOf(manager, webhook)
      const what: Replay = { ...fields.finish(said), webhookId }
      const replayed = await webhooks.replay({ orgId, by, origin, what, once: onceOf(request, manager) })
      if (replayed.kind === 'refused') throw refusalOf(replayed.why, what)
      if (replayed.kind === 'repeated') reply.header('idempotency-replayed', 'true')
      return reply.send({ replayed: replayed.kind === 'replayed' ? replayed.deliveries : 0 })
    }),
  )
}

function replayIn(fields: Fields) {
  if (fields.has('delivery_id') === fields.has('failed_since')) {
    fields.complain('delivery_id', 'or failed_since must be given, and one of them alone')
  }
  if (fields.has('delivery_id')) {
    return { kind: 'one', deliveryId: fields.text('delivery_id', ID_CHARS_MAX) } as const
  }
  const since = fields.instantOrNull('failed_since')
  if (since === null) fields.complain('failed_since', 'must be an instant')
  return { kind: 'failed_since', since: since ?? new Date(0) } as const
}

function refusalOf(
  why: 'unknown' | 'webhook_disabled' | 'webhook_archived' | 'key_reused',
  what: Replay,
): Refusal {
  switch (why) {
    case 'unknown':
      return new Refusal(what.kind === 'one' ? 'delivery_unknown' : 'webhook_unknown')
    case 'webhook_archived':
      return new Refusal('webhook_unknown')
    case 'webhook_disabled':
      return new Refusal('webhook_disabled')
    case 'key_reused':
      return new Refusal('idempotency_key_reused')
    default:
      return unreachable(why)
  }
}
