/** Instants as RFC 3339 writes them. Fractions below a millisecond are cut, so that a resend reads the same. */
const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** The instant, or null when the text is none: a wrong form, the 30th of February, an hour 24, a leap second. */
export function parseInstant(text: string): Date | null {
  return parseCommon(text) ?? parseAny(text)
}

/**
 * `2026-11-23T02:10:00.000Z`, which nearly everybody sends, by its digits: every event has one, and a pattern and a
 * check of what it parsed to take several times as long. Null for other forms, and for what is no instant.
 */
function parseCommon(text: string): Date | null {
  if (text.length !== 24) return null
  for (let at = 0; at < FORM.length; at += 1) {
    const code = text.charCodeAt(at)
    const expected = FORM.charCodeAt(at)
    if (expected === ZERO ? code < ZERO || code > NINE : code !== expected) return null
  }
  const [year, month, day] = [number(text, 0) * 100 + number(text, 2), number(text, 5), number(text, 8)]
  const [hour, minute, second] = [number(text, 11), number(text, 14), number(text, 17)]
  const ms = number(text, 20) * 10 + text.charCodeAt(22) - ZERO
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const minutes = (daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute
  return new Date((minutes * 60 + second) * 1000 + ms)
}

const FORM = '0000-00-00T00:00:00.000Z'
const ZERO = 0x30
const NINE = 0x39

/** The two digits at a place. */
const number = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysOf = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0)

/** By the proleptic Gregorian calendar, in years that begin in March, so that a leap day is a year's last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_IN_ERA + dayOfEra - EPOCH_DAY
}

const DAYS_IN_ERA = 146_097
/** Days from the first of March of the year 0 to the epoch. */
const EPOCH_DAY = 719_468

function parseAny(text: string): Date | null {
  const match = PATTERN.exec(text)
  if (!match) return null
  const part = (index: number): number => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 23 || part(10) > 59) return null
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const local = new Date(0)
  // Not Date.UTC: it reads the years 0 to 99 as 1900 to 1999.
  local.setUTCFullYear(year, month - 1, day)
  // A day that the month does not have rolls over into another month.
  if (local.getUTCMonth() !== month - 1) return null
  local.setUTCHours(hour, minute, second, ms)
  const offsetMs = (part(9) * 60 + part(10)) * 60_000
  return new Date(local.getTime() - (match[8] === '-' ? -offsetMs : offsetMs))
}
