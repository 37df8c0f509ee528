/**
 * The calendar of a rule, in days without clock or zone: on which days its periods begin.
 * Invariant: `firstDayAfter` of a period's first day is the next period's, so that days belong to exactly one period.
 */
import { Temporal } from 'temporal-polyfill'
import type { RecurringRule } from './period-rule.ts'

type Day = Temporal.PlainDate

/** The first day of the period that holds `day`. */
export function firstDayOf(rule: RecurringRule, day: Day): Day {
  switch (rule.kind) {
    case 'day':
      return day
    case 'week':
      return day.subtract({ days: (day.dayOfWeek - rule.startsOn + 7) % 7 })
    case 'month':
    case 'quarter': {
      const start = monthsFrom(day, -monthsIntoQuarter(rule, day), rule)
      return Temporal.PlainDate.compare(start, day) <= 0 ? start : monthsFrom(start, -monthsIn(rule), rule)
    }
  }
}

/** The first day of the period that follows the one that begins on `first`. */
export function firstDayAfter(rule: RecurringRule, first: Day): Day {
  switch (rule.kind) {
    case 'day':
      return first.add({ days: 1 })
    case 'week':
      return first.add({ days: 7 })
    case 'month':
    case 'quarter':
      return monthsFrom(first, monthsIn(rule), rule)
  }
}

type MonthlyRule = Extract<RecurringRule, { kind: 'month' | 'quarter' }>

const monthsIn = (rule: MonthlyRule): number => (rule.kind === 'month' ? 1 : 3)

const monthsIntoQuarter = (rule: MonthlyRule, day: Day): number =>
  rule.kind === 'month' ? 0 : (day.month - rule.startsIn + 3) % 3

/**
 * The start that lies so many months after the month of `day`. The day is set anew from the rule each time, so that a
 * start on the 31st is back on the 31st after February has cut it.
 */
const monthsFrom = (day: Day, months: number, { startsOn }: MonthlyRule): Day =>
  day.add({ months }).with({ day: startsOn }, { overflow: 'constrain' })
