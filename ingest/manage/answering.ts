/** What the calls of the manage API share: who is asked, and what is answered while Postgres cannot be. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { Refusal } from '../errors.ts'
import type { AuthenticateDeps } from '../keys/authenticate.ts'
import { reasonOf } from '../log.ts'
import type { ManageStore } from './manage-store.ts'
import type { Reach } from './manager.ts'

export interface ManageDeps extends AuthenticateDeps {
  readonly manage: ManageStore
}

/** Far above a budget with every field filled in. */
export const MANAGE_BODY_BYTES_MAX = 64 * 1024

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Answers are of the moment: nobody keeps them. */
export const answering =
  (handle: Handler): Handler =>
  async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      return await handle(request, reply)
    } catch (error) {
      if (error instanceof Refusal || !isPostgresAway(error)) throw error
      request.log.warn(reasonOf(error), 'Postgres could not be asked')
      throw new Refusal('unavailable', AWAY)
    }
  }

export async function budgetOf(
  { manage }: ManageDeps,
  reach: Reach,
  budgetId: string,
): Promise<StoredBudget> {
  const stored = await manage.budget(reach, budgetId)
  if (stored === null) throw new Refusal('budget_unknown')
  return stored
}

/** The id in the path, as a text that any store can look for. */
export function idOf(request: FastifyRequest): string {
  const { params } = request
  const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : ''
  return typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : ''
}

const AWAY =
  'This cannot be answered for the moment; send the same request again, with the same Idempotency-Key where it makes something.'

/** Whether it is the connection that failed, or a server that is going away or is too slow; not the statement. */
function isPostgresAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^(?:08...|57P0.|57014|53...|55P03)$/.test(code)) return true
  if (/^(?:CONNECT|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code)) return true
  return error.cause !== undefined && isPostgresAway(error.cause)
}
