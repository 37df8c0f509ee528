/**
 * When a budget will be spent at the present rate. In one sentence: the usual level of the last ten days, with the growth of the
 * weeks before, spread over the hours to come as the last six weeks were spread over theirs.
 * Invariant: pure, and its instants are the same when all money is multiplied.
 */
import { addUsd, maxUsd, type NanoUsd, subtractUsd } from '../money.ts'
import type { Period } from '../period.ts'
import { courseOf, totalOf, whenSpent } from './course.ts'
import { type CoursePoint, coursePoints } from './course-points.ts'
import { demandOf } from './demand.ts'
import { HOUR_MS, hourOfWeekIn } from './hour-of-week.ts'
import { amountOf, type HourlySpend, pastHours, shareOf } from './past-hours.ts'

export interface ForecastInput {
  /** In any order; an hour that is not there spent nothing. Six weeks say all that is used, less says less. */
  readonly history: readonly HourlySpend[]
  /** Spans in which the budget was stopped: their hours say nothing of what would have been spent. */
  readonly stopped: readonly Period[]
  readonly period: Period
  /** In the period so far. */
  readonly spent: NanoUsd
  readonly limit: NanoUsd
  readonly now: Date
  /** The IANA name of the zone whose working day the spend follows, such as `Europe/Berlin`. */
  readonly timeZone: string
}

export type Forecast =
  | {
      readonly kind: 'reaches'
      /** Between now and the end of the period. */
      readonly at: Date
      /** Likely between these two (`docs/forecast.md` says how likely); `latestAt` is null when it may not be at all. */
      readonly earliestAt: Date
      readonly latestAt: Date | null
      readonly expectedAtEnd: NanoUsd
    }
  | {
      readonly kind: 'holds'
      /** When it would be reached after all if more is spent than is likely; null when not even then. */
      readonly mayReachAt: Date | null
      readonly expectedAtEnd: NanoUsd
    }
  | { readonly kind: 'reached' }
  | { readonly kind: 'too_early'; readonly hoursKnown: number; readonly hoursNeeded: number }

/** A day and a night. */
export const HOURS_NEEDED = 24

export interface Outlook {
  readonly forecast: Forecast
  /** From now to the end of the period, as it may be drawn; empty where nothing is forecast. */
  readonly course: readonly CoursePoint[]
}

export const forecast = (input: ForecastInput): Forecast => lookAhead(input).forecast

export function lookAhead(input: ForecastInput): Outlook {
  const { period, spent, limit, now } = input
  if (spent >= limit) return { forecast: { kind: 'reached' }, course: [] }
  const hourOfWeek = hourOfWeekIn(input.timeZone)
  const past = pastHours({ ...input, hourOfWeek })
  if (past.hours.length < HOURS_NEEDED) {
    const known = { hoursKnown: past.hours.length, hoursNeeded: HOURS_NEEDED }
    return { forecast: { kind: 'too_early', ...known }, course: [] }
  }
  const demand = demandOf(past)
  const untilMs = period.until.getTime()
  const fromMs = Math.max(now.getTime(), period.from.getTime())
  const hours = courseOf({ demand, hourOfWeek, fromMs, untilMs })
  const left = shareOf(subtractUsd(limit, spent), past.unit)
  const reachedAt = (times: number): Date | null => instantIn(whenSpent(hours, left, times), now, untilMs)
  const doubt = doubtOf((untilMs - fromMs) / HOUR_MS)
  const course = coursePoints(hours, { spent, unit: past.unit, doubt, fromMs })
  const expectedAtEnd = addUsd(spent, amountOf(totalOf(hours), past.unit))
  const at = reachedAt(1)
  const earliestAt = reachedAt(1 + doubt)
  if (at === null || earliestAt === null)
    return { forecast: { kind: 'holds', mayReachAt: earliestAt, expectedAtEnd }, course }
  const latestAt = reachedAt(1 / (1 + doubt))
  const reaches = { at, earliestAt, latestAt, expectedAtEnd: maxUsd(expectedAtEnd, limit) }
  return { forecast: { kind: 'reaches', ...reaches }, course }
}

/**
 * By what share more, or less, may be spent than expected: four times in five the rest of a period is off by no more. Hours are noisy, so that a
 * few of them are the least certain; and what lies weeks ahead changes. Fitted to the seeds that are not held out.
 */
function doubtOf(hours: number): number {
  const days = Math.max(hours, 1) / 24
  return 0.12 + 0.2 / Math.sqrt(days) + 0.08 * (days / 7)
}

/** Whole milliseconds, after now and before the end: rounding must not take it out of the period. */
function instantIn(atMs: number | null, now: Date, untilMs: number): Date | null {
  if (atMs === null) return null
  const whole = Math.max(Math.ceil(atMs), now.getTime() + 1)
  return whole < untilMs ? new Date(whole) : null
}
