/** POST /v1/webhooks/{id}/rotate: the secret that follows; both sign until the overlap ends. */
import type { FastifyInstance } from 'fastify'
import { unreachable } from '../../core/unreachable.ts'
import { SECRET_OVERLAP_MS_MAX } from '../../core/webhook/signature.ts'
import { Refusal } from '../errors.ts'
import { answering, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { onceOf } from './idempotency.ts'
import { managerOf, requireWideManager } from './manager.ts'
import { readFields } from './read-fields.ts'
import { toWebhookJson } from './webhook-json.ts'
import { oneOf, webhookOf } from './webhooks.ts'

export const OVERLAP_S_MAX = SECRET_OVERLAP_MS_MAX / 1000
const OVERLAP_S = 24 * 60 * 60

export function registerWebhookSecrets(app: FastifyInstance, deps: ManageDeps): void {
  app.post(
    '/v1/webhooks/:id/rotate',
    { onRequest: requireWideManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX },
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const fields = readFields(request.body ?? {}, ['overlap_s'])
      const overlapS = fields.has('overlap_s')
        ? fields.integer('overlap_s', { from: 0, to: OVERLAP_S_MAX })
        : OVERLAP_S
      const webhook = await webhookOf(deps, manager, request)
      const rotated = await deps.manage.webhooks.rotate({
        ...oneOf(manager, webhook),
        overlapMs: fields.finish(overlapS) * 1000,
        once: onceOf(request, manager),
      })
      if (rotated.kind === 'refused') throw refusalOf(rotated.why)
      if (rotated.kind === 'repeated') reply.header('idempotency-replayed', 'true')
      const stored = await webhookOf(deps, manager, request)
      const secret = rotated.kind === 'rotated' ? rotated.secret : null
      return reply.send({ ...toWebhookJson(stored, deps.now()), secret })
    }),
  )
}

function refusalOf(why: 'unknown' | 'archived' | 'overlapping' | 'key_reused'): Refusal {
  switch (why) {
    case 'unknown':
    case 'archived':
      return new Refusal('webhook_unknown')
    case 'overlapping':
      return new Refusal('secrets_overlapping')
    case 'key_reused':
      return new Refusal('idempotency_key_reused')
    default:
      return unreachable(why)
  }
}
