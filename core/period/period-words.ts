/** Periods and instants as people read them: in the zone of the rule, a span's in UTC. */
import { Temporal } from 'temporal-polyfill'
import type { Period } from '../period.ts'
import { periodOf } from './period-of.ts'
import type { PeriodRule } from './period-rule.ts'
import { abbreviationOf } from './time-zone.ts'

/**
 * `November 2026`, `Q4 2026`, `week of 23 Nov 2026`, `Tue 24 Nov 2026`; where a month or quarter does not begin with the
 * calendar's, `25 Oct to 24 Nov 2026`, the last day included. So too a period that is none of the rule's, such as one
 * that began before the rule was changed.
 */
export function nameOfPeriod(rule: PeriodRule, period: Period): string {
  if (!isPeriodOf(rule, period)) return nameOfDays(rule, period)
  const first = localOf(rule, period.from)
  switch (rule.kind) {
    case 'day':
      return nameOfDay(first)
    case 'week':
      return `week of ${shortDay(first)} ${first.year}`
    case 'month':
      return rule.startsOn === 1 ? `${MONTHS[first.month - 1]} ${first.year}` : nameOfDays(rule, period)
    case 'quarter':
      return rule.startsOn === 1 && rule.startsIn === 1
        ? `Q${Math.ceil(first.month / 3)} ${first.year}`
        : nameOfDays(rule, period)
    case 'span':
      return nameOfDays(rule, period)
  }
}

/** `Tue 1 Dec 2026, 00:00 CET`; seconds are cut. */
export const nameOfInstant = (rule: PeriodRule, at: Date): string =>
  `${nameOfLocal(localOf(rule, at))} ${abbreviationOf(zoneOf(rule), at)}`

const isPeriodOf = (rule: PeriodRule, { from, until }: Period): boolean => {
  const known = periodOf(rule, from)
  return known?.from.getTime() === from.getTime() && known.until.getTime() === until.getTime()
}

/** By the first and the last day; with times of day where an edge is not the beginning of a day. */
function nameOfDays(rule: PeriodRule, { from, until }: Period): string {
  const [first, last] = [localOf(rule, from), localOf(rule, new Date(until.getTime() - 1))]
  if (![from, until].every((edge) => beginsDay(rule, edge))) {
    return `${nameOfInstant(rule, from)} to ${nameOfInstant(rule, until)}`
  }
  if (first.toPlainDate().equals(last.toPlainDate())) return nameOfDay(first)
  const firstYear = first.year === last.year ? '' : ` ${first.year}`
  return `${shortDay(first)}${firstYear} to ${shortDay(last)} ${last.year}`
}

function beginsDay(rule: PeriodRule, edge: Date): boolean {
  const day = { kind: 'day', timeZone: zoneOf(rule) } as const
  return periodOf(day, edge).from.getTime() === edge.getTime()
}

const zoneOf = (rule: PeriodRule): string => (rule.kind === 'span' ? 'UTC' : rule.timeZone)

type Local = Temporal.ZonedDateTime

const localOf = (rule: PeriodRule, at: Date): Local =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zoneOf(rule))

const nameOfLocal = (local: Local): string =>
  `${nameOfDay(local)}, ${twoDigits(local.hour)}:${twoDigits(local.minute)}`

const nameOfDay = (day: Local): string => `${WEEKDAYS[day.dayOfWeek - 1]} ${shortDay(day)} ${day.year}`

const shortDay = (day: Local): string => `${day.day} ${MONTHS[day.month - 1]?.slice(0, 3)}`

const twoDigits = (count: number): string => String(count).padStart(2, '0')

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** Written out, since ICU changes its mind: `Sep` is `Sept` in some versions. */
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]
