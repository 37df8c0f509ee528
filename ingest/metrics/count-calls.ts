/** Tells the meter of every answer, whatever it was, by the route as it is written. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../errors.ts'
import type { Meter } from './meter.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The code that the caller was told, when it was refused. */
    refusedWith: ErrorCode | null
    isCounted: boolean
  }
}

export function countCalls(app: FastifyInstance, meter: Meter): void {
  app.decorateReply('refusedWith', null)
  app.decorateReply('isCounted', false)
  app.addHook('onResponse', (request, reply, done) => {
    countAnswer(meter, request, reply)
    done()
  })
}

/** Once: a stream is answered when it begins, and how long it stays is nobody's waiting. */
export function countAnswer(meter: Meter, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.isCounted) return
  reply.isCounted = true
  if (reply.refusedWith !== null) meter.refused(reply.refusedWith)
  meter.answered({
    route: request.routeOptions.url ?? 'none',
    status: reply.statusCode,
    seconds: reply.elapsedTime / 1_000,
  })
}
