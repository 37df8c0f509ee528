/**
 * The level of each day: what it spent over what the week's shape gives it, so that a Sunday and a Tuesday compare.
 * Days are 24 hours counted back from the last whole hour.
 */
import { DAY_MS } from './hour-of-week.ts'
import type { Past } from './past-hours.ts'
import type { WeekShape } from './week-shape.ts'

export interface DayLevel {
  /** 0 for the 24 hours before the last whole hour, 1 for those before. */
  readonly daysAgo: number
  /** Spent per hour of weight 1. */
  readonly level: number
  /** The weights of its hours: a quiet day tells less of the level. */
  readonly weight: number
}

/** A day that was stopped longer is left out. */
const HOURS_MIN = 6

/** Newest first; whole days alone. */
export function dayLevels({ hours, endMs, hoursKnown }: Past, shape: WeekShape): DayLevel[] {
  const sums = Array.from({ length: Math.floor(hoursKnown / 24) }, () => ({ hours: 0, spent: 0, weight: 0 }))
  for (const hour of hours) {
    const sum = sums[Math.ceil((endMs - hour.atMs) / DAY_MS) - 1]
    if (sum === undefined) continue
    sum.hours += 1
    sum.spent += hour.spent
    sum.weight += shape[hour.hourOfWeek] ?? 1
  }
  return sums.flatMap(({ hours: known, spent, weight }, daysAgo) =>
    known < HOURS_MIN ? [] : [{ daysAgo, level: spent / weight, weight }],
  )
}
