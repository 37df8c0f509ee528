/**
 * Which of the week's 168 hours an instant falls in by the clock of a time zone, Monday 00:00 being hour 0.
 * The clock's offset is asked for once a UTC day and, on a day on which it changes, once an hour: `Intl` is slow.
 */
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const HOURS_PER_WEEK = 168

/** 1970-01-01 was a Thursday. */
const HOURS_FROM_MONDAY_TO_EPOCH = 72

/** Throws a RangeError when `timeZone` is no IANA name. */
export function hourOfWeekIn(timeZone: string): (atMs: number) => number {
  const offsetMsAt = offsetIn(timeZone)
  const offsetMsOfDays = new Map<number, number>()
  const offsetMsAtStartOf = (day: number): number => {
    const offsetMs = offsetMsOfDays.get(day) ?? offsetMsAt(day * DAY_MS)
    offsetMsOfDays.set(day, offsetMs)
    return offsetMs
  }
  const offsetMsOn = (day: number): number | null =>
    offsetMsAtStartOf(day) === offsetMsAtStartOf(day + 1) ? offsetMsAtStartOf(day) : null
  return (atMs) => {
    const offsetMs = offsetMsOn(Math.floor(atMs / DAY_MS)) ?? offsetMsAt(atMs)
    const hours = Math.floor((atMs + offsetMs) / HOUR_MS) + HOURS_FROM_MONDAY_TO_EPOCH
    return ((hours % HOURS_PER_WEEK) + HOURS_PER_WEEK) % HOURS_PER_WEEK
  }
}

/** How far the clock of the zone is ahead of UTC at an instant. */
function offsetIn(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  })
  return (atMs) => {
    const read = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => read.get(type) ?? 0
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
    return shown - Math.floor(atMs / 60_000) * 60_000
  }
}
