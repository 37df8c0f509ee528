/** Turns the `Authorization` header into the caller, or into the one code that says why not. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKeyScope } from '../../core/api-key.ts'
import { apiKeyState } from '../../core/api-key-life.ts'
import { isUnauthenticated, Refusal } from '../errors.ts'
import type { KnownApiKey, KnownKeys } from './known-keys.ts'
import type { RateLimits } from './rate-limits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that ask for a key, before their body is read. */
    caller: Caller | null
  }
}

export interface Caller {
  readonly key: KnownApiKey
  /** Asks again whether the key still allows the call; rejects with the refusal. */
  readonly check: () => Promise<void>
}

export interface AuthenticateDeps {
  readonly keys: KnownKeys
  readonly limits: RateLimits
  readonly now: () => Date
}

/** An `onRequest` hook: a body is read only for a caller who may send it. Of several scopes any one will do. */
export const requireScope =
  (deps: AuthenticateDeps, ...scopes: readonly [ApiKeyScope, ...ApiKeyScope[]]) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const key = await identify(deps, request)
    const { authorization } = request.headers
    const check = async () => demandScope(await admit(deps, bearerOf(authorization)), scopes)
    request.caller = { key, check }
    await deps.limits.countCall(request, reply)
    demandScope(key, scopes)
  }

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('this route asks for no key, so it has no caller')
  return request.caller
}

/** The key of the call. Whoever presents none that is valid is counted, each time once. */
async function identify(deps: AuthenticateDeps, request: FastifyRequest): Promise<KnownApiKey> {
  let isCounted = false
  const count = async () => {
    isCounted = true
    await deps.limits.countGuess(request)
  }
  try {
    return await admit(deps, bearerOf(request.headers.authorization), count)
  } catch (error) {
    if (!isCounted && error instanceof Refusal && isUnauthenticated(error)) await count()
    throw error
  }
}

async function admit(
  { keys, now }: AuthenticateDeps,
  text: string,
  beforeAsking?: () => Promise<void>,
): Promise<KnownApiKey> {
  const found = await keys.lookUp(text, beforeAsking)
  if (found.kind === 'unavailable') throw new Refusal('unavailable')
  if (found.kind === 'unknown') throw new Refusal('key_unknown')
  const { key } = found
  const state = apiKeyState(key, now())
  if (state.kind === 'revoked') throw new Refusal('key_revoked')
  if (state.kind === 'expired') throw new Refusal('key_expired')
  return key
}

function demandScope({ scopes }: KnownApiKey, wanted: readonly ApiKeyScope[]): void {
  if (wanted.some((scope) => scopes.includes(scope))) return
  throw new Refusal('scope_missing', `The API key lacks the scope "${wanted[0]}"; make one that has it.`)
}

function bearerOf(header: string | undefined): string {
  if (header === undefined || header.trim() === '') throw new Refusal('key_missing')
  const text = /^Bearer +(\S+) *$/i.exec(header)?.[1]
  if (text === undefined) throw new Refusal('key_missing')
  return text
}
