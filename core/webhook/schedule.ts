/**
 * When a delivery that failed is tried again: each pause longer than the one before, up to half a day, for some three
 * days; each a little off by chance, so that what failed together does not come back together.
 */
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** The pause after the first attempt, the second and so on. */
const PAUSES_MS: readonly number[] = [
  ...[5 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS],
  ...[12 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS],
]

/** Attempts of one delivery; a person who replays it gives it as many again. */
export const ATTEMPTS_MAX = PAUSES_MS.length + 1
/** Longer than any pause, and no receiver makes us wait longer. */
export const RETRY_AFTER_MS_MAX = 12 * HOUR_MS
/** Up to a fifth off, either way. */
const JITTER = 0.2

/** How long to wait after attempt number `attempt`, counted from 1; `random` is from 0 up to 1. */
export function retryPauseMs(attempt: number, random: number): number {
  const pauseMs = PAUSES_MS[Math.min(Math.max(attempt, 1), PAUSES_MS.length) - 1] ?? RETRY_AFTER_MS_MAX
  return Math.round(pauseMs * (1 - JITTER + 2 * JITTER * random))
}

/** What `Retry-After` asks for, in seconds or as a date; null for anything else, and never more than we wait for. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null
  const text = header.trim()
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND_MS : dateOf(text) - now.getTime()
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX)
}

/** An HTTP date names its zone; other forms mean something else on each machine. */
const dateOf = (text: string): number =>
  /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN
