/** The weeks (Monday to Monday) and months of the set that have a week of history before them. */
import type { Period } from '../../period.ts'
import { DAY_MS, HOUR_MS } from '../hour-of-week.ts'

export const MONTHS: readonly Period[] = [
  { from: new Date('2026-09-30T22:00:00Z'), until: new Date('2026-10-31T23:00:00Z') },
  { from: new Date('2026-10-31T23:00:00Z'), until: new Date('2026-11-30T23:00:00Z') },
]

const FIRST_MONDAY_MS = Date.UTC(2026, 8, 21)
const CLOCK_GOES_BACK_MS = Date.UTC(2026, 9, 25)

export const WEEKS: readonly Period[] = Array.from({ length: 10 }, (_, week) => ({
  from: mondayOf(week),
  until: mondayOf(week + 1),
}))

/** Midnight in Berlin: two hours before midnight in UTC in summer, one in winter. */
function mondayOf(week: number): Date {
  const midnightMs = FIRST_MONDAY_MS + week * 7 * DAY_MS
  return new Date(midnightMs - (midnightMs < CLOCK_GOES_BACK_MS ? 2 : 1) * HOUR_MS)
}
