/**
 * What a week adds: the middle one of the last changes from week to week, each week by its middle day. A launch or an
 * incident is one change of several and leaves the middle one alone; growth is in all of them.
 */
import type { DayLevel } from './day-levels.ts'
import { medianOf } from './recent-level.ts'

export const CHANGES_MIN = 2
export const CHANGES_MAX = 4
/** Growth as seen is partly noise, and partly ends: this share of it is taken to go on. */
export const TRUSTED = 0.8
const LOG_MAX = Math.log(1.25)

/** The logarithm of the ratio of a week to the week before; 0 while too few weeks are known. */
export function weeklyGrowth(days: readonly DayLevel[]): number {
  const weeks = weeklyLevels(days)
  const changes = weeks.slice(1).map((before, index) => Math.log((weeks[index] ?? before) / before))
  if (changes.length < CHANGES_MIN) return 0
  const middle = changes.length === 2 ? lesserOf(changes) : medianOf(changes)
  return Math.min(Math.max(middle * TRUSTED, -LOG_MAX), LOG_MAX)
}

/** Newest first, up to the first week without spend. */
function weeklyLevels(days: readonly DayLevel[]): number[] {
  const levels: number[] = []
  for (let week = 0; week <= CHANGES_MAX; week += 1) {
    const its = days.filter(({ daysAgo }) => Math.floor(daysAgo / 7) === week)
    const level = medianOf(its.map((day) => day.level))
    if (its.length < 4 || level <= 0) break
    levels.push(level)
  }
  return levels
}

/** Of two changes there is no middle one: the smaller, and none when they disagree on the direction. */
function lesserOf([a = 0, b = 0]: readonly number[]): number {
  if (a * b <= 0) return 0
  return Math.abs(a) < Math.abs(b) ? a : b
}
