/** POST /v1/events: takes a batch, names what it rejects. */
import type { FastifyInstance } from 'fastify'
import { parseBatch } from '../../core/event/parse-batch.ts'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { refuseUntaken, type TakeEventsDeps, takeEvents } from '../take-events.ts'

export interface PostEventsDeps extends TakeEventsDeps, AuthenticateDeps {}

export function registerPostEvents(app: FastifyInstance, deps: PostEventsDeps): void {
  app.post('/v1/events', { onRequest: requireScope(deps, 'ingest') }, async (request, reply) => {
    const { key } = callerOf(request)
    const receivedAt = deps.now()
    const batch = parseBatch(request.body, { receivedAt })
    if (batch.kind === 'refused') throw new Refusal('body_not_batch', `${batch.reason}.`)
    const events = batch.events.map(({ event }) => event)
    refuseUntaken(await takeEvents(deps, { key, events, receivedAt }))
    for (const { code } of batch.rejected) deps.meter?.rejected(code, 1)
    return reply.code(202).send({ accepted: events.length, rejected: batch.rejected })
  })
}
