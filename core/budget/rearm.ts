/**
 * What a new or changed limit means for a period that has already spent something.
 * Law: a threshold already announced and still reached stays quiet; one newly reached is announced; one above the
 * spend is armed again.
 */
import type { NanoUsd } from '../money.ts'
import type { BudgetPeriod } from './budget.ts'
import { reaches } from './state.ts'

export interface Rearmed {
  readonly next: BudgetPeriod
  /** Percents reached only now, ascending: to be announced. */
  readonly newlyReachedPercent: readonly number[]
}

export function rearm(
  current: BudgetPeriod,
  limit: NanoUsd,
  thresholdsPercent: readonly number[],
  now: Date,
): Rearmed {
  const reached = thresholdsPercent.filter((percent) => reaches(current.spent, percent, limit))
  const limitReachedAt = reaches(current.spent, 100, limit) ? (current.limitReachedAt ?? now) : null
  return {
    next: { ...current, announcedPercent: reached, limitReachedAt },
    newlyReachedPercent: reached.filter((percent) => !current.announcedPercent.includes(percent)),
  }
}
