/**
 * Repeating what fails: each failure waits longer than the one before, and a streak is told twice, at its beginning
 * and at its end, however long it lasts.
 */
import { type Log, reasonOf } from './log.ts'

export interface FailureStreak {
  /** Notes a failure and says how long to wait before the next attempt. */
  failed(error: unknown): number
  recovered(): void
  /** The reason of the running streak, or null when the last attempt worked. */
  lastError(): string | null
}

const FIRST_MS = 200
const MAX_MS = 5_000

/** `deed` ends the sentence "cannot ...". */
export function failureStreak(deed: string, log: Log): FailureStreak {
  let failures = 0
  let last: string | null = null
  return {
    failed(error) {
      const { code, reason } = reasonOf(error)
      if (failures === 0) log.error({ code, reason }, `cannot ${deed}; trying again until it works`)
      failures += 1
      last = code === null ? reason : `${code}: ${reason}`
      return Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
    },
    recovered() {
      if (failures > 0) log.info({ failures }, `can ${deed} again`)
      failures = 0
      last = null
    },
    lastError: () => last,
  }
}
