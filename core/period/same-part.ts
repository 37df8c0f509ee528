/** What a sum so far is set beside: as much of the period before. */
import type { Period } from '../period.ts'
import { previousPeriod } from './period-of.ts'
import type { PeriodRule } from './period-rule.ts'

/**
 * The part of the period before in which as much time had passed as has of this one, and all of a shorter one. Null for a
 * span, which stands alone, and before the period has begun.
 */
export function samePartBefore(rule: PeriodRule, period: Period, now: Date): Period | null {
  const before = previousPeriod(rule, period)
  const passedMs = Math.min(now.getTime(), period.until.getTime()) - period.from.getTime()
  if (before === null || passedMs <= 0) return null
  return {
    from: before.from,
    until: new Date(Math.min(before.from.getTime() + passedMs, before.until.getTime())),
  }
}
