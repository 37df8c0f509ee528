/**
 * The time that a range is compared with: the one before it, equally long.
 * Invariant: pure; the two never overlap. Of a range that still runs, both end at the same time of day, so that a morning is not
 * compared with a whole day.
 */
import type { Temporal } from 'temporal-polyfill'
import { unreachable } from '../../core/unreachable.ts'
import { type RangeAsked, type SpendRange, zoned } from './range.ts'

export interface ComparedRanges {
  readonly range: SpendRange
  /** `when` continues "than": `in the same days of last month`. */
  readonly before: SpendRange
  /** Whether the range still runs. */
  readonly isRunning: boolean
}

export function comparedRanges(asked: RangeAsked, range: SpendRange, now: Date): ComparedRanges {
  const { timeZone } = range
  const isRunning = range.until > now
  const current = isRunning ? { ...range, until: now } : range
  const back = stepOf(asked, range)
  const stepped = (at: Date) => zoned(at, timeZone).subtract(back)
  const from = dateOf(stepped(range.from))
  const passed = untilOf(current.until, stepped(current.until), back.months !== undefined, range)
  // In the very instant in which a range begins nothing of it has passed, and a time is never empty.
  const until = passed > from ? passed : new Date(from.getTime() + 1)
  return {
    range: current,
    before: { ...range, when: whenBefore(asked, isRunning), from, until },
    isRunning,
  }
}

/** A day that the month before does not have is past its end: then it is compared whole. */
function untilOf(at: Date, stepped: Temporal.ZonedDateTime, isByMonth: boolean, range: SpendRange): Date {
  const isCut = isByMonth && stepped.day !== zoned(at, range.timeZone).day
  const until = dateOf(stepped)
  return isCut || until > range.from ? range.from : until
}

const dateOf = (at: Temporal.ZonedDateTime): Date => new Date(at.epochMilliseconds)

type Step =
  | { readonly months: number; readonly days?: never }
  | { readonly days: number; readonly months?: never }

function stepOf(asked: RangeAsked, { from, until, timeZone }: SpendRange): Step {
  if (asked.kind === 'mtd' || asked.kind === 'last_month') return { months: 1 }
  const first = zoned(from, timeZone).toPlainDate()
  return { days: first.until(zoned(until, timeZone).toPlainDate(), { largestUnit: 'day' }).days }
}

function whenBefore(asked: RangeAsked, isRunning: boolean): string {
  switch (asked.kind) {
    case 'today':
      return 'yesterday'
    case 'yesterday':
      return 'the day before'
    case 'days':
      return asked.days === 1 ? 'yesterday' : `in the ${asked.days} days before`
    case 'mtd':
      return 'in the same days of last month'
    case 'last_month':
      return 'in the month before'
    case 'span':
      return isRunning || asked.first !== asked.last ? 'in as many days before' : 'the day before'
    default:
      return unreachable(asked)
  }
}
