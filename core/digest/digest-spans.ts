/** The days that a digest tells of, and those it compares them with: whole days of its zone, half-open. */
import { Temporal } from 'temporal-polyfill'
import type { Period } from '../period.ts'
import type { DigestRule } from './digest-slot.ts'

export interface DigestSpans {
  /** The day before the slot's, or the seven before it. */
  readonly told: Period
  /** The same weekday, or the seven days, of a week before. */
  readonly before: Period
  /** From the first of the month that the last day told of lies in. */
  readonly month: Period
  /** For a sentence: `yesterday`, `in the last 7 days`. */
  readonly when: string
  /** `last Tuesday`, `the 7 days before`. */
  readonly than: string
}

export function digestSpans(
  { cadence, timeZone }: Pick<DigestRule, 'cadence' | 'timeZone'>,
  slotDay: string,
): DigestSpans {
  const until = Temporal.PlainDate.from(slotDay)
  const days = cadence.kind === 'daily' ? 1 : 7
  const from = until.subtract({ days })
  const span = (first: Temporal.PlainDate, end: Temporal.PlainDate): Period => ({
    from: midnightOf(first, timeZone),
    until: midnightOf(end, timeZone),
  })
  const last = until.subtract({ days: 1 })
  return {
    told: span(from, until),
    before: span(from.subtract({ days: 7 }), until.subtract({ days: 7 })),
    month: span(last.with({ day: 1 }), until),
    when: cadence.kind === 'daily' ? 'yesterday' : 'in the last 7 days',
    than:
      cadence.kind === 'daily' ? `the ${WEEKDAYS[last.dayOfWeek - 1] ?? 'day'} before` : 'the 7 days before',
  }
}

export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const

const midnightOf = (day: Temporal.PlainDate, timeZone: string): Date =>
  new Date(day.toZonedDateTime(timeZone).epochMilliseconds)
