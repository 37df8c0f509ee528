/**
 * How far from the clock of the server an event may lie. Identities are remembered for as long as an event may still
 * arrive, so the horizon is what makes "counted once" affordable. Both ends belong to it.
 */
import type { Rejection } from './rejection.ts'

export const TS_AGE_MAX_MS = 7 * 24 * 60 * 60 * 1000
export const TS_AHEAD_MAX_MS = 5 * 60 * 1000

/** The refusal of an instant outside the horizon, or null inside it. */
export function outsideHorizon(ts: Date, receivedAt: Date): Rejection | null {
  const ageMs = receivedAt.getTime() - ts.getTime()
  if (ageMs > TS_AGE_MAX_MS) {
    return {
      code: 'ts_too_old',
      reason: `ts is ${ts.toISOString()}; it must lie within the 7 days before ${receivedAt.toISOString()}`,
    }
  }
  if (-ageMs > TS_AHEAD_MAX_MS) {
    return {
      code: 'ts_in_future',
      reason: `ts is ${ts.toISOString()}; it must lie at most 5 minutes after ${receivedAt.toISOString()}, so set the sender's clock`,
    }
  }
  return null
}
