/**
 * What a new or changed limit means for a period that has already spent something.
 * Law: a threshold already announced and still reached stays quiet; one newly reached is announced; one above the
 * spend is armed again.
 */
import type { Budget, BudgetPeriod } from './budget.ts'
import { countedIn, limitIn, reachedPercentOf, reaches } from './limit.ts'

export interface Rearmed {
  readonly next: BudgetPeriod
  /** Percents reached only now, ascending: to be announced. */
  readonly newlyReachedPercent: readonly number[]
}

export function rearm(
  current: BudgetPeriod,
  budget: Pick<Budget, 'limit' | 'thresholdsPercent' | 'ladder'>,
  now: Date,
): Rearmed {
  const limit = limitIn(budget, current)
  const counted = countedIn(current)
  const reached = budget.thresholdsPercent.filter((percent) => reaches(counted, percent, limit))
  const limitReachedAt = reaches(counted, reachedPercentOf(budget), limit)
    ? (current.limitReachedAt ?? now)
    : null
  return {
    next: { ...current, announcedPercent: reached, limitReachedAt },
    newlyReachedPercent: reached.filter((percent) => !current.announcedPercent.includes(percent)),
  }
}
