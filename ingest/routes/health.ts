/** GET /healthz and /readyz: whether the process lives, and whether events can be taken and counted. */
import type { FastifyInstance } from 'fastify'
import { answerOf } from '../errors.ts'

export interface Readiness {
  /** The stores without which no event is taken or counted, and that do not answer. */
  readonly missing: readonly string[]
  /** How far the readers of the journal are behind, for operators. */
  readonly progress: Readonly<Record<string, unknown>>
}

export function registerHealth(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  app.get('/healthz', async (_request, reply) => reply.send({ alive: true }))
  app.get('/readyz', async (_request, reply) => {
    const { missing, progress } = await readiness()
    if (missing.length === 0) return reply.send({ ready: true, ...progress })
    const answer = answerOf('unavailable', {
      message: `Not ready: ${missing.join(', ')} cannot be used for the moment.`,
    })
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send({ ...answer.body, stores: missing, ...progress })
  })
}
