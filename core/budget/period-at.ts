/**
 * The period of a budget at an instant. A snapshot that was read before its period ended says nothing about the next
 * one, which starts with nothing spent: so no stop outlives its period, however stale the snapshot and late the jobs.
 */
import { zeroUsd } from '../money.ts'
import { periodOf } from '../period/period-of.ts'
import { type Period, periodHolds } from '../period.ts'
import type { Budget, BudgetPeriod } from './budget.ts'
import { countedIn } from './limit.ts'
import { carriedOver } from './rollover.ts'
import type { Counter } from './scope.ts'

/** Null where no period holds the instant: before or after a fixed span. */
export function periodAt(
  budget: Pick<Budget, 'periodRule' | 'limit' | 'rollover'>,
  current: BudgetPeriod,
  now: Date,
): BudgetPeriod | null {
  // Before its beginning too: a clock that was put back must not lift a stop. A span alone has a before.
  const isEarly = now.getTime() < current.period.from.getTime() && budget.periodRule.kind !== 'span'
  if (periodHolds(current.period, now) || isEarly) return current
  const period = periodOf(budget.periodRule, now)
  if (period === null) return null
  const follows = current.period.until.getTime() === period.from.getTime()
  const carried = follows
    ? carriedOver({ ...budget, carriedIn: current.carried, spent: countedIn(current) })
    : zeroUsd
  return { ...emptyPeriodOf(period, current.counter), ownerName: current.ownerName, carried }
}

/** A period in which nothing has happened. */
export const emptyPeriodOf = (period: Period, counter: Counter): BudgetPeriod => ({
  period,
  counter,
  ownerName: null,
  spent: zeroUsd,
  held: zeroUsd,
  estimated: zeroUsd,
  unpricedModels: [],
  carried: zeroUsd,
  events: 0,
  unpricedEvents: 0,
  announcedPercent: [],
  limitReachedAt: null,
  override: null,
})
