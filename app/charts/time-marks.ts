/** The marks of an axis of time and the words for spans, by the clock of a team's zone. */
import { Temporal } from 'temporal-polyfill'
import { abbreviationOf } from '../../core/period/time-zone.ts'

export interface TimeMark {
  readonly atMs: number
  readonly text: string
}

export interface TimeSpan {
  readonly from: Date
  readonly until: Date
  /** An IANA name. */
  readonly timeZone: string
}

const HOUR_MS = 3_600_000
const MARKS_MAX = 8

/** From the finest to the coarsest; the first that gives few enough marks is taken. */
const PACES = [
  ...[1, 2, 3, 6, 12].map((hours) => ({ unit: 'hours' as const, every: hours })),
  ...[1, 2, 5, 7, 14].map((days) => ({ unit: 'days' as const, every: days })),
  ...[1, 2, 3, 6].map((months) => ({ unit: 'months' as const, every: months })),
  ...[1, 2, 5, 10].map((years) => ({ unit: 'years' as const, every: years })),
]
const UNIT_MS = { hours: HOUR_MS, days: 24 * HOUR_MS, months: 30 * 24 * HOUR_MS, years: 365 * 24 * HOUR_MS }

export function timeMarks({ from, until, timeZone }: TimeSpan): TimeMark[] {
  const length = until.getTime() - from.getTime()
  const pace = PACES.find(({ unit, every }) => length / (UNIT_MS[unit] * every) <= MARKS_MAX) ?? PACES.at(-1)
  if (pace === undefined || !(length > 0)) return []
  const marks: TimeMark[] = []
  const first = startOf(inZone(from, timeZone), pace.unit)
  for (let index = 0; index < 200; index += 1) {
    const at = first.add({ [pace.unit]: index * pace.every })
    if (at.epochMilliseconds >= until.getTime()) break
    if (at.epochMilliseconds < from.getTime()) continue
    const isMidnight = at.hour === 0
    const text = pace.unit === 'hours' && !isMidnight ? clock(at) : say(at, pace.unit)
    marks.push({ atMs: at.epochMilliseconds, text })
  }
  return marks
}

/** `17 to 23 Nov 2026`, `17 Nov 2026`, with the zone it is read in. */
export function sayTimeSpan({ from, until, timeZone }: TimeSpan): string {
  const format = new Intl.DateTimeFormat('en-GB', { ...DAY, year: 'numeric', timeZone })
  const last = new Date(Math.max(from.getTime(), until.getTime() - 1))
  const [first, end] = [format.format(from), format.format(last)]
  if (first === end) return first
  const [firstYear, endYear] = [first.slice(-4), end.slice(-4)]
  return `${firstYear === endYear ? first.slice(0, -5) : first} to ${end}`
}

export const zoneName = (timeZone: string, at: Date): string =>
  timeZone === 'UTC' ? 'UTC' : abbreviationOf(timeZone, at)

/** One for each zone, kept: making a format takes a thousand times as long as using it, and a chart says many days. */
const dayFormats = new Map<string, Intl.DateTimeFormat>()

export function sayDay(at: Date, timeZone: string): string {
  const format = dayFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { ...DAY, timeZone })
  dayFormats.set(timeZone, format)
  return format.format(at)
}

export const sayInstant = (at: Date, timeZone: string): string =>
  `${sayDay(at, timeZone)} ${clock(inZone(at, timeZone))}`

const DAY = { day: 'numeric', month: 'short' } as const

const inZone = (at: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)

/** Marks of hours are counted from midnight, so that they stand at 06:00 and not at 05:00. */
function startOf(at: Temporal.ZonedDateTime, unit: keyof typeof UNIT_MS): Temporal.ZonedDateTime {
  const day = at.startOfDay()
  if (unit === 'hours') return day
  if (unit === 'days') return day.epochMilliseconds < at.epochMilliseconds ? day.add({ days: 1 }) : day
  return unit === 'months' ? day.with({ day: 1 }) : day.with({ day: 1, month: 1 })
}

const clock = (at: Temporal.ZonedDateTime): string =>
  `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`

function say(at: Temporal.ZonedDateTime, unit: keyof typeof UNIT_MS): string {
  if (unit === 'years') return String(at.year)
  const date = new Date(at.epochMilliseconds)
  const timeZone = at.timeZoneId
  if (unit === 'months') {
    return new Intl.DateTimeFormat('en-GB', {
      month: 'short',
      ...(at.month === 1 ? { year: 'numeric' } : {}),
      timeZone,
    }).format(date)
  }
  return sayDay(date, timeZone)
}
