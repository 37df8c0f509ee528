/**
 * The connections that wait for verdicts, counted by key.
 * Invariant: a key holds a bounded number of them, and none outlives the server.
 */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../errors.ts'

export interface WaitingClients {
  /** Rejects beyond the bound, and once the server ends. */
  admit(keyId: string): void
  /** Counts a connection until the returned function is called; `end` is called when the server ends. */
  add(keyId: string, end: () => void): () => void
}

export const PER_KEY_MAX = 1_000

export function waitingClients(app: FastifyInstance, perKeyMax = PER_KEY_MAX): WaitingClients {
  const waiting = new Map<string, Set<() => void>>()
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    for (const ends of waiting.values()) for (const end of [...ends]) end()
  })
  return {
    admit(keyId) {
      if (closing) throw new Refusal('unavailable')
      if ((waiting.get(keyId)?.size ?? 0) >= perKeyMax) throw new Refusal('streams_too_many')
    },
    add(keyId, end) {
      const ends = waiting.get(keyId) ?? new Set()
      waiting.set(keyId, ends.add(end))
      return () => {
        ends.delete(end)
        if (ends.size === 0) waiting.delete(keyId)
      }
    },
  }
}
