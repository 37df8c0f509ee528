/**
 * Names of time zones, and what people call the zone at an instant.
 * What the names mean is data that comes with Node (its ICU), here and in every package that asks it: a country's new
 * rule arrives with the next version of Node, and until then all processes that run the same version agree.
 */
import { Temporal } from 'temporal-polyfill'

const NAME_CHARS_MAX = 64

/**
 * The zone in the case of the database, or null when Node knows none of that name. `UTC` and Area/Place only: fixed
 * offsets and abbreviations such as EST would quietly leave daylight saving out.
 */
export function parseTimeZone(name: string): string | null {
  if (name.length > NAME_CHARS_MAX || !/^(?:UTC|[A-Za-z]+(?:\/[\w+-]+)+)$/i.test(name)) return null
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** `CET`, `EST`, `GMT`; where English knows no abbreviation, `UTC+5:30`. */
export function abbreviationOf(timeZone: string, at: Date): string {
  const names = formatsOf(timeZone).map((format) => zonePartOf(format, at))
  const known = names.find((name) => !OFFSET.test(name))
  return known ?? (names[0] ?? timeZone).replace('GMT', 'UTC')
}

const OFFSET = /^GMT[+\-−]/

const zonePartOf = (format: Intl.DateTimeFormat, at: Date): string =>
  format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''

/** American English knows the abbreviations of America, British English those of Europe. */
const LOCALES = ['en-GB', 'en-US']

/** To make a format takes longer than all else here. */
const formatsByZone = new Map<string, readonly Intl.DateTimeFormat[]>()
const ZONES_MAX = 64

function formatsOf(timeZone: string): readonly Intl.DateTimeFormat[] {
  const known = formatsByZone.get(timeZone)
  if (known) return known
  if (formatsByZone.size >= ZONES_MAX) formatsByZone.clear()
  const formats = LOCALES.map(
    (locale) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }),
  )
  formatsByZone.set(timeZone, formats)
  return formats
}
