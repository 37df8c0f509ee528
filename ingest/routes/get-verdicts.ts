/** GET /v1/verdicts: the verdict of the key's project, once. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { reasonOf } from '../log.ts'
import type { VerdictKeeper } from '../verdicts/keep-verdicts.ts'

export interface GetVerdictsDeps extends AuthenticateDeps {
  readonly verdicts: VerdictKeeper
}

export function registerGetVerdicts(app: FastifyInstance, deps: GetVerdictsDeps): void {
  app.get('/v1/verdicts', { onRequest: requireScope(deps, 'verdicts') }, async (request, reply) => {
    const verdict = await deps.verdicts.latest(callerOf(request).key.projectId).catch((error: unknown) => {
      request.log.warn(reasonOf(error), 'a verdict could not be read')
      throw new Refusal('unavailable')
    })
    return reply.header('cache-control', 'no-store').send(verdict)
  })
}
