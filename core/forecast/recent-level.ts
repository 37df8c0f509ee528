/**
 * The level to go on from: the mean of the last days, newer ones counting more, where no day counts as more than
 * 1.3 times the middle one of the last week, nor as less than that over 1.3. A spike of hours moves it little; a step
 * is followed within days. Where most days spend nothing there is no middle to hold to: there it is the mean as it is.
 */
import type { DayLevel } from './day-levels.ts'

const RECENT_DAYS = 10
const MIDDLE_OF_DAYS = 7
const HALF_LIFE_DAYS = 4
const RATIO_MAX = 1.3

export interface RecentLevel {
  readonly level: number
  /** How long ago its days were, in the mean: growth has gone on since. */
  readonly daysAgo: number
}

/** Never lower when a day's level is higher, all else equal and while the middle day spends something. */
export function recentLevel(days: readonly DayLevel[]): RecentLevel {
  const middle = middleLevel(days.slice(0, MIDDLE_OF_DAYS))
  const [least, most] =
    middle === 0 ? [0, Number.POSITIVE_INFINITY] : [middle / RATIO_MAX, middle * RATIO_MAX]
  let sum = 0
  let ages = 0
  let weights = 0
  for (const { daysAgo, level, weight } of days.slice(0, RECENT_DAYS)) {
    const counts = weight * 0.5 ** (daysAgo / HALF_LIFE_DAYS)
    sum += counts * Math.min(Math.max(level, least), most)
    ages += counts * (daysAgo + 0.5)
    weights += counts
  }
  return weights === 0 ? { level: 0, daysAgo: 0 } : { level: sum / weights, daysAgo: ages / weights }
}

/** The level of the middle day, by weight: where all is spent on Mondays, the middle day is a Monday. */
export function middleLevel(days: readonly DayLevel[]): number {
  const half = days.reduce((sum, { weight }) => sum + weight, 0) / 2
  let weights = 0
  for (const { level, weight } of days.toSorted((a, b) => a.level - b.level)) {
    weights += weight
    if (weights >= half) return level
  }
  return 0
}
