/** Instants as RFC 3339 writes them. Fractions below a millisecond are cut, so that a resend reads the same. */
const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** The instant, or null when the text is none: a wrong form, the 30th of February, an hour 24, a leap second. */
export function parseInstant(text: string): Date | null {
  return parseCommon(text) ?? parseAny(text)
}

/** `2026-11-23T02:10:00.000Z`, which nearly everybody sends, without a match of many parts; null for other forms. */
function parseCommon(text: string): Date | null {
  if (text.length !== 24 || !COMMON.test(text)) return null
  const at = new Date(text)
  // What rolls over, such as the 30th of February, does not come back as it was written.
  return Number.isNaN(at.getTime()) || at.toISOString() !== text ? null : at
}

const COMMON = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

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
