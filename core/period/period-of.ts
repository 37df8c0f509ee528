/**
 * The period of a rule at an instant: half-open `[from, until)`, derived from the clock alone.
 * A period begins with the first instant of its first day in the rule's zone: at midnight; where daylight saving leaves
 * midnight out, right after the gap; where it is midnight twice, the first time. So the periods of a rule tile the time
 * line: an instant after the first of two midnights is in the new period, even while the clock shows the day before
 * again; and a day that a zone skipped has no period.
 */
import { Temporal } from 'temporal-polyfill'
import { type Period, periodHolds } from '../period.ts'
import { firstDayAfter, firstDayOf } from './first-day.ts'
import type { PeriodRule, RecurringRule } from './period-rule.ts'
import { recentPeriods, rememberPeriod } from './recent-periods.ts'

/** Null only outside a span. Throws a RangeError for an invalid Date. */
export function periodOf(rule: RecurringRule, at: Date): Period
export function periodOf(rule: PeriodRule, at: Date): Period | null
export function periodOf(rule: PeriodRule, at: Date): Period | null {
  if (rule.kind === 'span') return periodHolds(rule, at) ? { from: rule.from, until: rule.until } : null
  for (const known of recentPeriods(rule)) if (periodHolds(known, at)) return known
  const period = reckon(rule, at)
  rememberPeriod(rule, period)
  return period
}

/** Null for a span, which stands alone. */
export function previousPeriod(rule: RecurringRule, period: Period): Period
export function previousPeriod(rule: PeriodRule, period: Period): Period | null
export function previousPeriod(rule: PeriodRule, { from }: Period): Period | null {
  return rule.kind === 'span' ? null : periodOf(rule, new Date(from.getTime() - 1))
}

/** Null for a span, which stands alone. */
export function nextPeriod(rule: RecurringRule, period: Period): Period
export function nextPeriod(rule: PeriodRule, period: Period): Period | null
export function nextPeriod(rule: PeriodRule, { until }: Period): Period | null {
  return rule.kind === 'span' ? null : periodOf(rule, until)
}

function reckon(rule: RecurringRule, at: Date): Period {
  const instant = Temporal.Instant.fromEpochMilliseconds(at.getTime())
  let first = firstDayOf(rule, instant.toZonedDateTimeISO(rule.timeZone).toPlainDate())
  let from = startOf(first, rule)
  // Once is the rule; twice when the clock shows the day before again.
  for (;;) {
    const next = firstDayAfter(rule, first)
    const until = startOf(next, rule)
    if (at < until) return { from, until }
    first = next
    from = until
  }
}

/** Without a time of day, Temporal takes the first instant of the day, gaps and repeated midnights included. */
const startOf = (day: Temporal.PlainDate, { timeZone }: RecurringRule): Date =>
  new Date(day.toZonedDateTime({ timeZone }).epochMilliseconds)
