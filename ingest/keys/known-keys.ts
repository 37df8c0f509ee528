/**
 * Who calls, by API key. Looked up in Postgres and remembered: for seconds, so that a revocation bites soon; for
 * minutes when Postgres does not answer, so that events are still taken.
 * Invariant: what is remembered is bounded, and holds hashes, never a key.
 */
import { hashApiKey, parseApiKey } from '../../core/api-key.ts'
import type { StoredApiKey } from '../../db/postgres/api-keys.ts'
import { failureStreak } from '../failure-streak.ts'
import type { Log } from '../log.ts'
import { pause } from '../pause.ts'
import type { ProjectRules } from '../rules/project-rules.ts'

/** A key with all that its calls need. */
export interface KnownApiKey extends Omit<StoredApiKey, 'redaction' | 'redactionKey'> {
  readonly rules: ProjectRules
}

export type KeyLookup =
  | { readonly kind: 'known'; readonly key: KnownApiKey }
  | { readonly kind: 'unknown' }
  /** Postgres does not answer, and the key was not seen lately. */
  | { readonly kind: 'unavailable' }

export interface KnownKeysDeps {
  /** The key of this text in Postgres, or null. */
  readonly find: (text: string) => Promise<KnownApiKey | null>
  /** Notes that the key was used. */
  readonly touch: (keyId: string) => Promise<void>
  /** Told of every look-up that Postgres did not answer. */
  readonly onFailed?: () => void
  readonly now: () => Date
  readonly log: Log
}

export interface KnownKeys {
  /** Before Postgres is asked for a key that is not remembered, `beforeAsking` is awaited; it may reject. */
  lookUp(text: string, beforeAsking?: () => Promise<void>): Promise<KeyLookup>
}

const FRESH_MS = 10_000
/** A key made just now works after this long at the latest, should it have been tried before. */
const UNKNOWN_FRESH_MS = 2_000
/** Without Postgres a key works on for this long after it was last found there. */
const STALE_MS_MAX = 5 * 60_000
/** After a failed look-up a remembered key is not looked up again for this long. */
const RETRY_MS = 1_000
const WAIT_MS_MAX = 3_000
const WAIT_KNOWN_MS_MAX = 500
const KEYS_MAX = 10_000

interface Remembered {
  readonly key: KnownApiKey
  readonly foundAtMs: number
  freshUntilMs: number
}

export interface KnownKeysOptions {
  /** A revocation bites after this long at the latest, while Postgres answers. */
  readonly freshMs?: number
}

export function knownKeys(deps: KnownKeysDeps, { freshMs = FRESH_MS }: KnownKeysOptions = {}): KnownKeys {
  const known = new Map<string, Remembered>()
  const unknownUntilMs = new Map<string, number>()
  const unavailableUntilMs = new Map<string, number>()
  const finding = new Map<string, Promise<KeyLookup>>()
  const streak = failureStreak('look up API keys in Postgres', deps.log)
  const nowMs = () => deps.now().getTime()
  /** No further than it was set: a clock that was put back must not stretch a second to days. */
  const isAhead = (untilMs = 0, msMax: number): boolean => {
    const leftMs = untilMs - nowMs()
    return leftMs > 0 && leftMs <= msMax
  }

  async function find(text: string, hash: string): Promise<KeyLookup> {
    try {
      const key = await deps.find(text)
      streak.recovered()
      if (!key) {
        known.delete(hash)
        put(unknownUntilMs, hash, nowMs() + UNKNOWN_FRESH_MS)
        return { kind: 'unknown' }
      }
      put(known, hash, { key, foundAtMs: nowMs(), freshUntilMs: nowMs() + freshMs })
      // Off the way of the call; a use that is not noted is noted next time.
      deps.touch(key.id).catch(() => undefined)
      return { kind: 'known', key }
    } catch (error) {
      streak.failed(error)
      deps.onFailed?.()
      put(unavailableUntilMs, hash, nowMs() + RETRY_MS)
      return { kind: 'unavailable' }
    }
  }

  function findOnce(text: string, hash: string): Promise<KeyLookup> {
    const running = finding.get(hash)
    if (running !== undefined) return running
    const started = find(text, hash).finally(() => finding.delete(hash))
    finding.set(hash, started)
    return started
  }

  return {
    async lookUp(text, beforeAsking) {
      if (!parseApiKey(text)) return { kind: 'unknown' }
      const hash = hashApiKey(text)
      const remembered = known.get(hash)
      if (remembered && nowMs() < remembered.freshUntilMs) return { kind: 'known', key: remembered.key }
      if (isAhead(unknownUntilMs.get(hash), UNKNOWN_FRESH_MS)) return { kind: 'unknown' }
      // A good key that is new here while Postgres is away is no guess, however often it comes: it is asked for once a second.
      if (!remembered && isAhead(unavailableUntilMs.get(hash), RETRY_MS)) return { kind: 'unavailable' }
      if (!remembered && !finding.has(hash)) await beforeAsking?.()
      const found = await within(findOnce(text, hash), remembered ? WAIT_KNOWN_MS_MAX : WAIT_MS_MAX)
      if (found.kind !== 'unavailable' || !remembered) return found
      if (nowMs() - remembered.foundAtMs > STALE_MS_MAX) return found
      remembered.freshUntilMs = nowMs() + RETRY_MS
      return { kind: 'known', key: remembered.key }
    },
  }
}

async function within(lookup: Promise<KeyLookup>, waitMs: number): Promise<KeyLookup> {
  const done = new AbortController()
  const late = pause(waitMs, done.signal).then((): KeyLookup => ({ kind: 'unavailable' }))
  try {
    return await Promise.race([lookup, late])
  } finally {
    done.abort()
  }
}

/** Remembers as the youngest, and forgets the oldest beyond the bound. */
function put<V>(map: Map<string, V>, name: string, value: V): void {
  map.delete(name)
  map.set(name, value)
  if (map.size <= KEYS_MAX) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
