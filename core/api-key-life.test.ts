import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiKeyLife, apiKeyState, doesApiKeyWork, rotateApiKey } from './api-key-life.ts'

const MADE_MS = Date.UTC(2026, 10, 1)
const DAY_MS = 86_400_000
const at = (ms: number) => new Date(MADE_MS + ms)
const aKey = (changes: Partial<ApiKeyLife> = {}): ApiKeyLife => ({
  ...{ createdAt: at(0), expiresAt: null, revokedAt: null, replacedBy: null },
  ...changes,
})
const span = fc.integer({ min: 0, max: 60 * DAY_MS })
const expiry = fc.option(span.map((ms) => at(ms + 1)))

describe('a rotation', () => {
  it('lets both keys work at any instant of the overlap, and only the new one after it', () => {
    fc.assert(
      fc.property(span, span, expiry, span, (nowMs, overlapMs, expiresAt, laterMs) => {
        const now = at(nowMs)
        const old = aKey({ expiresAt })
        const rotation = rotateApiKey(old, { now, overlapMs })
        if (!doesApiKeyWork(old, now)) {
          expect(rotation).toEqual({ kind: 'refused', why: 'expired' })
          return
        }
        if (rotation.kind !== 'rotated') throw new Error(rotation.why)
        const rotated = { ...old, expiresAt: rotation.oldExpiresAt, replacedBy: 'key_2' }
        const made = aKey({ createdAt: now, expiresAt: rotation.newExpiresAt })
        const then = at(nowMs + laterMs)
        // A rotation never prolongs a key: what ended by itself ends as it would have.
        const worksStill = laterMs < overlapMs && doesApiKeyWork(old, then)
        expect(doesApiKeyWork(rotated, then)).toBe(worksStill)
        const livesMs = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt.getTime() - MADE_MS
        expect(doesApiKeyWork(made, then)).toBe(laterMs < livesMs)
        expect(rotateApiKey(rotated, { now: then, overlapMs })).toEqual({
          kind: 'refused',
          why: worksStill ? 'replaced' : 'expired',
        })
      }),
    )
  })
})

describe('a revoked key', () => {
  it('works at no instant, whatever else is true of it, and is not rotated', () => {
    fc.assert(
      fc.property(span, expiry, fc.option(fc.constant('key_2')), span, (ms, expiresAt, replacedBy, nowMs) => {
        const key = aKey({ revokedAt: at(ms), expiresAt, replacedBy })
        expect(apiKeyState(key, at(nowMs))).toEqual({ kind: 'revoked', at: at(ms) })
        expect(rotateApiKey(key, { now: at(nowMs), overlapMs: 0 }).kind).toBe('refused')
      }),
    )
  })
})

describe('an expiry', () => {
  it('ends the key at the instant that it names, not after it', () => {
    const key = aKey({ expiresAt: at(10) })
    expect([at(9), at(10)].map((now) => apiKeyState(key, now).kind)).toEqual(['live', 'expired'])
  })
})
