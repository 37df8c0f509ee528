/** Tells the meter of every answer, whatever it was, by the route as it is written. */
import type { FastifyInstance } from 'fastify'
import type { ErrorCode } from '../errors.ts'
import type { Meter } from './meter.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The code that the caller was told, when it was refused. */
    refusedWith: ErrorCode | null
  }
}

export function countCalls(app: FastifyInstance, meter: Meter): void {
  app.decorateReply('refusedWith', null)
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.refusedWith !== null) meter.refused(reply.refusedWith)
    meter.answered({
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1_000,
    })
    done()
  })
}
