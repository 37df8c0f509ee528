/** The course of a forecast as it is drawn: what is expected to be spent by each of a few instants, and its doubt. */
import { addUsd, type NanoUsd } from '../money.ts'
import type { Hours } from './course.ts'
import { amountOf } from './past-hours.ts'

/** All that is spent in the period by then; likely between `low` and `high`. */
export interface CoursePoint {
  readonly at: Date
  readonly expected: NanoUsd
  readonly low: NanoUsd
  readonly high: NanoUsd
}

interface From {
  readonly spent: NanoUsd
  readonly unit: NanoUsd
  /** The share by which more, or less, may be spent. */
  readonly doubt: number
  readonly fromMs: number
}

/** A pixel or two of a chart, for any period; what is kept of a forecast stays small. */
const POINTS_MAX = 64

/** Begins with what is spent now; ends where the hours do. */
export function coursePoints({ slices }: Hours, { spent, unit, doubt, fromMs }: From): CoursePoint[] {
  const every = Math.ceil(slices.length / POINTS_MAX)
  const at = (ms: number, share: number): CoursePoint => ({
    at: new Date(ms),
    expected: addUsd(spent, amountOf(share, unit)),
    low: addUsd(spent, amountOf(share / (1 + doubt), unit)),
    high: addUsd(spent, amountOf(share * (1 + doubt), unit)),
  })
  const points = [at(fromMs, 0)]
  let share = 0
  for (const [index, { untilMs, spends }] of slices.entries()) {
    share += spends
    if ((index + 1) % every === 0 || index === slices.length - 1) points.push(at(untilMs, share))
  }
  return points
}
