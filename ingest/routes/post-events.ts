/** POST /v1/events: takes a batch, names what it rejects. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../errors.ts'
import { JournalError } from '../journal/journal-error.ts'
import { callerOf, requireScope } from '../keys/authenticate.ts'
import type { KnownKeys } from '../keys/known-keys.ts'
import { type TakeEventsDeps, type Taken, takeEvents } from '../take-events.ts'

export interface PostEventsDeps extends TakeEventsDeps {
  readonly keys: KnownKeys
  /** The journal takes nothing more until the process starts anew. */
  readonly onJournalBroken: (error: JournalError) => void
}

export function registerPostEvents(app: FastifyInstance, deps: PostEventsDeps): void {
  app.post(
    '/v1/events',
    { onRequest: requireScope(deps.keys, 'ingest', deps.now) },
    async (request, reply) => {
      const { key } = callerOf(request)
      const owner = { orgId: key.orgId, projectId: key.projectId, apiKeyId: key.id }
      const taken = await takeEvents(deps, owner, request.body).catch((error: unknown) => refuse(deps, error))
      if (taken.kind === 'not_batch') throw new Refusal('body_not_batch', `${taken.reason}.`)
      if (taken.kind === 'full') throw new Refusal('journal_full')
      return reply.code(202).send({ accepted: taken.accepted, rejected: taken.rejected })
    },
  )
}

function refuse(deps: PostEventsDeps, error: unknown): Taken {
  if (!(error instanceof JournalError)) throw error
  if (error.code === 'journal_closed') throw new Refusal('unavailable')
  if (error.code !== 'journal_broken') throw error
  deps.onJournalBroken(error)
  throw new Refusal('unavailable')
}
