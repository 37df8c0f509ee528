/**
 * A time as a person asks for it, and the instants that it means: half-open, from midnight to midnight in their zone.
 * Invariant: pure; a time that has not begun is refused, one that runs ends with its last day.
 */
import { Temporal } from 'temporal-polyfill'
import { unreachable } from '../../core/unreachable.ts'

export type RangeAsked =
  | { readonly kind: 'today' | 'yesterday' | 'mtd' | 'last_month' }
  /** So many days, today the last of them. */
  | { readonly kind: 'days'; readonly days: number }
  /** From the first day to the last, both included; as `2026-11-01`. */
  | { readonly kind: 'span'; readonly first: string; readonly last: string }

export const DAYS_MAX = 366

export interface SpendRange {
  /** For a sentence: `in the last 7 days`. */
  readonly when: string
  readonly from: Date
  readonly until: Date
  readonly bucket: 'hour' | 'day'
  readonly timeZone: string
}

export type ReadRange =
  | { readonly kind: 'range'; readonly range: SpendRange }
  | { readonly kind: 'bad'; readonly problem: string }

export function rangeOf(asked: RangeAsked, now: Date, timeZone: string): ReadRange {
  const today = zoned(now, timeZone).toPlainDate()
  const days = daysOf(asked, today)
  if (Temporal.PlainDate.compare(days.first, today) > 0)
    return {
      kind: 'bad',
      problem: `${days.first.toString()} has not begun: it is ${today.toString()} in ${timeZone}. Ask for days up to today.`,
    }
  const from = midnightOf(days.first, timeZone)
  const until = midnightOf(days.last.add({ days: 1 }), timeZone)
  const bucket = days.first.equals(days.last) ? 'hour' : 'day'
  return { kind: 'range', range: { when: whenOf(asked), from, until, bucket, timeZone } }
}

interface Days {
  readonly first: Temporal.PlainDate
  readonly last: Temporal.PlainDate
}

function daysOf(asked: RangeAsked, today: Temporal.PlainDate): Days {
  switch (asked.kind) {
    case 'today':
      return { first: today, last: today }
    case 'yesterday': {
      const day = today.subtract({ days: 1 })
      return { first: day, last: day }
    }
    case 'days':
      return { first: today.subtract({ days: asked.days - 1 }), last: today }
    case 'mtd':
      return { first: today.with({ day: 1 }), last: today }
    case 'last_month': {
      const first = today.with({ day: 1 }).subtract({ months: 1 })
      return { first, last: first.with({ day: first.daysInMonth }) }
    }
    case 'span':
      return { first: Temporal.PlainDate.from(asked.first), last: Temporal.PlainDate.from(asked.last) }
    default:
      return unreachable(asked)
  }
}

function whenOf(asked: RangeAsked): string {
  switch (asked.kind) {
    case 'today':
    case 'yesterday':
      return asked.kind
    case 'days':
      return asked.days === 1 ? 'today' : `in the last ${asked.days} days`
    case 'mtd':
      return 'this month'
    case 'last_month':
      return 'last month'
    case 'span':
      return asked.first === asked.last ? `on ${asked.first}` : `from ${asked.first} to ${asked.last}`
    default:
      return unreachable(asked)
  }
}

export const zoned = (at: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)

/** Where a clock is set forward at midnight, the day's first instant. */
const midnightOf = (day: Temporal.PlainDate, timeZone: string): Date =>
  new Date(day.toZonedDateTime(timeZone).epochMilliseconds)
