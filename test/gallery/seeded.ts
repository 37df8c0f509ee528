/** What made-up data is drawn from: the same on every machine. */
import { type NanoUsd, nanoUsd } from '../../core/money.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const from = new Date('2026-11-01T00:00:00Z')
export const after = (days: number): Date => new Date(from.getTime() + days * DAY_MS)

/** Mulberry32: the same numbers on every machine. */
export function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const cents = (amount: number): NanoUsd => nanoUsd(BigInt(Math.round(amount * 100)) * 10_000_000n)
