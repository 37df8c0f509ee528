/** What a budget's facts mean at an instant. Pure and total: the clock and the facts decide, no job does. */
import { type NanoUsd, nanoUsd } from '../money.ts'
import type { BudgetSnapshot, BudgetState, Override } from './budget.ts'
import { type Measures, measuresAt, NO_MEASURES, stopPercentOf } from './ladder.ts'
import { countedIn, limitIn, reachedPercentOf, reaches } from './limit.ts'
import { periodAt } from './period-at.ts'

export function budgetState({ budget, current: known }: BudgetSnapshot, now: Date): BudgetState {
  if (budget.manualStop) {
    return { kind: 'stopped', by: 'person', since: budget.manualStop.at, person: budget.manualStop.by }
  }
  const current = periodAt(budget, known, now)
  if (current === null) return { kind: 'idle' }
  const counted = countedIn(current)
  if (current.override && overrideHolds(current.override, counted, now)) {
    return { kind: 'overridden', until: current.override.until, ceiling: current.override.ceiling }
  }
  const limit = limitIn(budget, current)
  const stop = stopPercentOf(budget.ladder)
  if (stop !== null && reaches(counted, stop, limit)) {
    return {
      kind: 'stopped',
      by: 'limit',
      since: stoppedSince(current.override, current.limitReachedAt, now),
    }
  }
  const percent = budget.thresholdsPercent.filter((at) => reaches(counted, at, limit)).at(-1)
  return percent === undefined ? { kind: 'open' } : { kind: 'warned', percent }
}

/** What the ladder does short of a full stop; an override lifts all of it. `state` is that of the same instant. */
export function measuresOf({ budget, current }: BudgetSnapshot, state: BudgetState): Measures {
  if (state.kind !== 'open' && state.kind !== 'warned') return NO_MEASURES
  return measuresAt(budget.ladder, countedIn(current), limitIn(budget, current))
}

/** The spend at which calls stop by the limit, rounded up; that of the whole limit for a budget that never stops. */
export const stopLineOf = (snapshot: BudgetSnapshot): NanoUsd =>
  lineAt(snapshot, reachedPercentOf(snapshot.budget))

/** The least spend that reaches this percent of the limit. */
export function lineAt({ budget, current }: BudgetSnapshot, percent: number): NanoUsd {
  return nanoUsd((limitIn(budget, current) * BigInt(percent) + 99n) / 100n)
}

/** An override holds before its end and below its ceiling. */
const overrideHolds = (override: Override, counted: NanoUsd, now: Date): boolean =>
  now.getTime() < override.until.getTime() && counted < override.ceiling

function stoppedSince(ended: Override | null, limitReachedAt: Date | null, now: Date): Date {
  const reached = limitReachedAt ?? now
  if (ended && ended.until.getTime() <= now.getTime() && ended.until > reached) return ended.until
  return reached
}
