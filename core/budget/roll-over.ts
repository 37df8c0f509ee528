/**
 * The period of a budget at an instant. A snapshot that was read before its period ended says nothing about the next
 * one, which starts with nothing spent: so no stop outlives its month, however stale the snapshot and late the jobs.
 */
import { zeroUsd } from '../money.ts'
import { monthOf } from '../period.ts'
import type { BudgetPeriod } from './budget.ts'

export function periodAt(current: BudgetPeriod, now: Date): BudgetPeriod {
  if (now.getTime() < current.period.until.getTime()) return current
  return {
    period: monthOf(now),
    spent: zeroUsd,
    events: 0,
    unpricedEvents: 0,
    announcedPercent: [],
    limitReachedAt: null,
    override: null,
  }
}
