/** Turns the `Authorization` header into the caller, or into the one code that says why not. */
import type { FastifyRequest } from 'fastify'
import type { ApiKeyScope } from '../../core/api-key.ts'
import { Refusal } from '../errors.ts'
import type { KnownApiKey, KnownKeys } from './known-keys.ts'

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

/** An `onRequest` hook: a body is read only for a caller who may send it. */
export const requireScope =
  (keys: KnownKeys, scope: ApiKeyScope, now: () => Date) =>
  async (request: FastifyRequest): Promise<void> => {
    const text = bearerOf(request.headers.authorization)
    const check = () => admit(keys, text, scope, now())
    request.caller = {
      key: await check(),
      check: async () => {
        await check()
      },
    }
  }

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('this route asks for no key, so it has no caller')
  return request.caller
}

async function admit(keys: KnownKeys, text: string, scope: ApiKeyScope, now: Date): Promise<KnownApiKey> {
  const found = await keys.lookUp(text)
  if (found.kind === 'unavailable') throw new Refusal('unavailable')
  if (found.kind === 'unknown') throw new Refusal('key_unknown')
  const { key } = found
  if (key.revokedAt) throw new Refusal('key_revoked')
  if (key.expiresAt && key.expiresAt <= now) throw new Refusal('key_expired')
  if (!key.scopes.includes(scope)) {
    throw new Refusal('scope_missing', `The API key lacks the scope "${scope}"; make one that has it.`)
  }
  return key
}

function bearerOf(header: string | undefined): string {
  if (header === undefined || header.trim() === '') throw new Refusal('key_missing')
  const text = /^Bearer +(\S+) *$/i.exec(header)?.[1]
  if (text === undefined) throw new Refusal('key_missing')
  return text
}
