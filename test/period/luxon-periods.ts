/**
 * Periods as luxon reckons them, to compare ours with. It shares nothing with ours but the zones' data, which both ask
 * of Node: a day's start is found among luxon's offsets, and the period by looking through the starts around an instant.
 */
import { DateTime, IANAZone } from 'luxon'
import type { RecurringRule } from '../../core/period/period-rule.ts'
import type { Period } from '../../core/period.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** How far the zone's clocks are ahead of UTC. */
export const offsetMs = (zone: string, atMs: number): number => {
  const minutes = IANAZone.create(zone).offset(atMs)
  if (Number.isNaN(minutes)) throw new Error(`luxon does not know ${zone}`)
  return minutes * MINUTE_MS
}

export function luxonPeriodOf(rule: RecurringRule, at: Date): Period {
  const starts = startsAround(rule, at).map((day) => startOfDayMs(rule.timeZone, day.toMillis()))
  const after = starts.findIndex((start) => start > at.getTime())
  return { from: new Date(starts[after - 1] ?? Number.NaN), until: new Date(starts[after] ?? Number.NaN) }
}

/** The first instant at which the zone's clocks show the midnight, or, where they leave it out, anything after it. */
export function startOfDayMs(zone: string, midnightUtcMs: number): number {
  const offsets = new Set(range(-10, 10).map((step) => offsetMs(zone, midnightUtcMs + step * 3 * HOUR_MS)))
  const midnights = [...offsets]
    .map((offset) => midnightUtcMs - offset)
    .filter((ms) => ms + offsetMs(zone, ms) === midnightUtcMs)
  if (midnights.length > 0) return Math.min(...midnights)
  return firstMs(midnightUtcMs - 30 * HOUR_MS, midnightUtcMs + 30 * HOUR_MS, (ms) => {
    return ms + offsetMs(zone, ms) >= midnightUtcMs
  })
}

const changesByYear = new Map<string, readonly number[]>()

/** The instants of a year at which the zone's clocks are moved. */
export function clockChangesMs(zone: string, year: number): readonly number[] {
  const known = changesByYear.get(`${zone} ${year}`)
  if (known) return known
  const start = Date.UTC(year, 0, 1)
  const changes = range(0, 365).flatMap((day) => {
    const from = start + day * 24 * HOUR_MS
    const until = from + 24 * HOUR_MS
    const before = offsetMs(zone, from)
    return before === offsetMs(zone, until)
      ? []
      : [firstMs(from, until, (ms) => offsetMs(zone, ms) !== before)]
  })
  changesByYear.set(`${zone} ${year}`, changes)
  return changes
}

/** The first days of periods around an instant, ascending, as midnights in UTC, which has no gaps. */
function startsAround(rule: RecurringRule, at: Date): readonly DateTime[] {
  const day = DateTime.fromJSDate(at, { zone: 'utc' }).startOf('day')
  const month = day.startOf('month')
  switch (rule.kind) {
    case 'day':
      return range(-4, 4).map((days) => day.plus({ days }))
    case 'week':
      return range(-3, 3).map((weeks) => day.startOf('week').plus({ weeks, days: rule.startsOn - 1 }))
    case 'month':
      return range(-3, 3).map((months) => dayOfMonth(month.plus({ months }), rule.startsOn))
    case 'quarter':
      return range(-8, 8)
        .map((months) => month.plus({ months }))
        .filter((start) => start.month % 3 === rule.startsIn % 3)
        .map((start) => dayOfMonth(start, rule.startsOn))
  }
}

const dayOfMonth = (month: DateTime, day: number): DateTime =>
  month.set({ day: Math.min(day, month.endOf('month').day) })

/** By bisection: `holds` is false at `lowMs`, true at `highMs`. */
function firstMs(lowMs: number, highMs: number, holds: (ms: number) => boolean): number {
  let [low, high] = [lowMs, highMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
