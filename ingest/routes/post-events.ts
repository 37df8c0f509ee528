/** POST /v1/events: takes a batch, names what it rejects. */
import type { FastifyInstance } from 'fastify'
import { parseBatch } from '../../core/event/parse-batch.ts'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { countByCode } from '../metrics/meter.ts'
import { redactedOrRefused, type TakeEventsDeps, takeEvents } from '../take-events.ts'
import { batchAnswer } from './batch-answer.ts'

export interface PostEventsDeps extends TakeEventsDeps, AuthenticateDeps {}

export function registerPostEvents(app: FastifyInstance, deps: PostEventsDeps): void {
  app.post('/v1/events', { onRequest: requireScope(deps, 'ingest') }, async (request, reply) => {
    const { key } = callerOf(request)
    const receivedAt = deps.now()
    const batch = parseBatch(request.body, { receivedAt })
    if (batch.kind === 'refused') throw new Refusal('body_not_batch', `${batch.reason}.`)
    const events = batch.events.map(({ event }) => event)
    const redacted = redactedOrRefused(await takeEvents(deps, { key, events, receivedAt }))
    deps.meter?.rejected(countByCode(batch.rejected))
    return reply.code(202).send(batchAnswer({ accepted: events.length, rejected: batch.rejected, redacted }))
  })
}
