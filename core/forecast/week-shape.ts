/**
 * How the hours of a week compare: 168 weights with a mean of 1, so that a weight of 2 is an hour that takes twice
 * its even share. Learned from whole weeks, each by its own mean, so that growth and launches don't bend it.
 */
import { HOUR_MS, HOURS_PER_WEEK } from './hour-of-week.ts'
import type { Past, PastHour } from './past-hours.ts'

export type WeekShape = readonly number[]

const WEEKS_MAX = 6
/** A week that was stopped for most of its time says little about its hours. */
const HOURS_MIN = HOURS_PER_WEEK / 2
/** With n weeks the shape is n/(n + this) what they say and the rest even: one week alone is not yet a habit. */
const WEEKS_OF_DOUBT = 0.3

export function weekShape(past: Past): WeekShape {
  const weeks = wholeWeeks(past).slice(0, WEEKS_MAX)
  const seen: number[][] = Array.from({ length: HOURS_PER_WEEK }, () => [])
  for (const hours of weeks) {
    const mean = meanOf(hours.map(({ spent }) => spent))
    if (hours.length < HOURS_MIN || mean === 0) continue
    for (const hour of hours) seen[hour.hourOfWeek]?.push(hour.spent / mean)
  }
  return towardsEven(withMeanOne(seen.map(usualOf)), seen)
}

/** Newest first. */
function wholeWeeks({ hours, endMs, hoursKnown }: Past): PastHour[][] {
  const weeks: PastHour[][] = Array.from({ length: Math.floor(hoursKnown / HOURS_PER_WEEK) }, () => [])
  for (const hour of hours) weeks[Math.ceil((endMs - hour.atMs) / HOUR_MS / HOURS_PER_WEEK) - 1]?.push(hour)
  return weeks
}

/** The mean without the highest of three or more, so that one week's incident is no habit; of nothing, even. */
function usualOf(ratios: readonly number[]): number {
  if (ratios.length === 0) return 1
  const kept = ratios.length < 3 ? ratios : ratios.toSorted((a, b) => a - b).slice(0, -1)
  return meanOf(kept)
}

function withMeanOne(weights: readonly number[]): number[] {
  const mean = meanOf(weights)
  return weights.map((weight) => (mean === 0 ? 1 : weight / mean))
}

const towardsEven = (weights: readonly number[], seen: readonly (readonly number[])[]): WeekShape =>
  weights.map((weight, hour) => {
    const weeks = seen[hour]?.length ?? 0
    return (weight * weeks + WEEKS_OF_DOUBT) / (weeks + WEEKS_OF_DOUBT)
  })

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
