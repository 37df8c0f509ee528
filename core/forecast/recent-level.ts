/**
 * The level to go on from: the mean of the last days, newer ones counting more, where no day counts as more than
 * 1.3 times the middle one of the last five, nor as less than that over 1.3. A spike of hours moves it little; a step is followed within days.
 */
import type { DayLevel } from './day-levels.ts'

const RECENT_DAYS = 10
const MIDDLE_OF_DAYS = 5
const HALF_LIFE_DAYS = 4
const RATIO_MAX = 1.3

export interface RecentLevel {
  readonly level: number
  /** How long ago its days were, in the mean: growth has gone on since. */
  readonly daysAgo: number
}

/** Never lower when a day's level is higher, all else equal. */
export function recentLevel(days: readonly DayLevel[]): RecentLevel {
  const recent = days.slice(0, RECENT_DAYS)
  const middle = medianOf(recent.slice(0, MIDDLE_OF_DAYS).map(({ level }) => level))
  let sum = 0
  let ages = 0
  let weights = 0
  for (const { daysAgo, level, weight } of recent) {
    const counts = weight * 0.5 ** (daysAgo / HALF_LIFE_DAYS)
    sum += counts * Math.min(Math.max(level, middle / RATIO_MAX), middle * RATIO_MAX)
    ages += counts * (daysAgo + 0.5)
    weights += counts
  }
  if (weights === 0 || middle === 0) return { level: 0, daysAgo: 0 }
  return { level: sum / weights, daysAgo: ages / weights }
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
  return (lower + upper) / 2
}
