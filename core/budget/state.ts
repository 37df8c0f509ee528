/** What a budget's facts mean at an instant. Pure and total: the clock and the facts decide, no job does. */
import type { NanoUsd } from '../money.ts'
import type { BudgetSnapshot, BudgetState, Override } from './budget.ts'
import { periodAt } from './roll-over.ts'

export function budgetState({ budget, current: known }: BudgetSnapshot, now: Date): BudgetState {
  const current = periodAt(known, now)
  if (budget.manualStop) {
    return { kind: 'stopped', by: 'person', since: budget.manualStop.at, person: budget.manualStop.by }
  }
  if (current.override && overrideHolds(current.override, current.spent, now)) {
    return { kind: 'overridden', until: current.override.until, ceiling: current.override.ceiling }
  }
  if (reaches(current.spent, 100, budget.limit)) {
    return {
      kind: 'stopped',
      by: 'limit',
      since: stoppedSince(current.override, current.limitReachedAt, now),
    }
  }
  const percent = budget.thresholdsPercent.filter((at) => reaches(current.spent, at, budget.limit)).at(-1)
  return percent === undefined ? { kind: 'open' } : { kind: 'warned', percent }
}

/** Whether `spent` is at or past `percent` of `limit`, exactly. */
export const reaches = (spent: NanoUsd, percent: number, limit: NanoUsd): boolean =>
  spent * 100n >= limit * BigInt(percent)

/** An override holds before its end and below its ceiling. */
const overrideHolds = (override: Override, spent: NanoUsd, now: Date): boolean =>
  now.getTime() < override.until.getTime() && spent < override.ceiling

function stoppedSince(ended: Override | null, limitReachedAt: Date | null, now: Date): Date {
  const reached = limitReachedAt ?? now
  if (ended && ended.until.getTime() <= now.getTime() && ended.until > reached) return ended.until
  return reached
}
