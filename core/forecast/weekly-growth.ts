/**
 * What a week adds: the middle one of the last changes from week to week, each week by its middle day. A launch or an
 * incident is one change of several and leaves the middle one alone; growth is in all of them.
 */
import type { DayLevel } from './day-levels.ts'
import { middleLevel } from './recent-level.ts'

/** Of fewer changes there is no middle one that a launch or an incident leaves alone. */
const CHANGES_MIN = 3
const CHANGES_MAX = 4
/** So much a week is seen in spend that does not grow at all. */
const NOISE = Math.log(1.02)
/** Growth seldom goes on for as long as it was seen: this share of it is taken to. */
const TRUSTED = 0.8
const LOG_MAX = Math.log(1.25)

/** The logarithm of the ratio of a week to the week before; 0 while too few weeks are known. */
export function weeklyGrowth(days: readonly DayLevel[]): number {
  const weeks = weeklyLevels(days)
  const changes = weeks.slice(1).map((before, index) => Math.log((weeks[index] ?? before) / before))
  if (changes.length < CHANGES_MIN) return 0
  const middle = medianOf(changes)
  return Math.sign(middle) * Math.min(Math.max(Math.abs(middle) - NOISE, 0) * TRUSTED, LOG_MAX)
}

/** Newest first, up to the first week without spend. */
function weeklyLevels(days: readonly DayLevel[]): number[] {
  const levels: number[] = []
  for (let week = 0; week <= CHANGES_MAX; week += 1) {
    const its = days.filter(({ daysAgo }) => Math.floor(daysAgo / 7) === week)
    const level = middleLevel(its)
    if (its.length < DAYS_MIN || level <= 0) break
    levels.push(level)
  }
  return levels
}

/** A week that was stopped for longer has no middle day. */
const DAYS_MIN = 4

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
  return (lower + upper) / 2
}
