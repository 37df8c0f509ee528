/**
 * Who manages, and how far: a key of scope `manage` acts in the name of its person, in its own project; with the scope
 * `organisation`, in every project and on what belongs to none. Reading takes `read` or `manage`.
 * Invariant: what lies beyond the reach of a key is answered as what is not there.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Approver } from '../../core/budget/override-policy.ts'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import type { KnownApiKey } from '../keys/known-keys.ts'

/** What a key sees: one project's, or with null all of its organisation. */
export interface Reach {
  readonly orgId: string
  readonly projectId: string | null
}

export interface Manager extends Reach {
  /** The project of the key, whatever its reach. */
  readonly homeProjectId: string
  readonly person: string
}

export const requireReader = (deps: AuthenticateDeps) => requireScope(deps, 'read', 'manage')

export function requireManager(deps: AuthenticateDeps) {
  const require = requireScope(deps, 'manage')
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    await require(request, reply)
    if (callerOf(request).key.person === null) throw new Refusal('person_missing')
  }
}

/** For what stops or covers every project. */
export function requireWideManager(deps: AuthenticateDeps) {
  const require = requireManager(deps)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    await require(request, reply)
    demandWide(callerOf(request).key)
  }
}

/** For what tells of every project. */
export function requireWideReader(deps: AuthenticateDeps) {
  const require = requireReader(deps)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    await require(request, reply)
    demandWide(callerOf(request).key)
  }
}

export const readerOf = (request: FastifyRequest): Reach => reachOf(callerOf(request).key)

export function managerOf(request: FastifyRequest): Manager {
  const { key } = callerOf(request)
  if (key.person === null) throw new Refusal('person_missing')
  return { ...reachOf(key), homeProjectId: key.projectId, person: key.person }
}

/** Whoever was given a key to manage with decides as an admin does. */
export const approverOf = ({ person }: Manager): Approver => ({ id: person, isAdmin: true })

export const isReached = ({ projectId }: Reach, ownerId: string | null): boolean =>
  projectId === null || projectId === ownerId

export function demandWide(key: Pick<KnownApiKey, 'scopes'> | Reach): void {
  const isWide = 'scopes' in key ? key.scopes.includes('organisation') : key.projectId === null
  if (isWide) return
  throw new Refusal(
    'scope_missing',
    'The API key lacks the scope "organisation", which what is of no project alone needs; make one that has it.',
  )
}

const reachOf = ({ orgId, projectId, scopes }: KnownApiKey): Reach => ({
  orgId,
  projectId: scopes.includes('organisation') ? null : projectId,
})
