/**
 * Budget periods: half-open `[from, until)`, derived from the clock alone, so that no late job decides who is stopped.
 * Calendar months in UTC.
 */
export interface Period {
  readonly from: Date
  readonly until: Date
}

/** The calendar month (UTC) that holds `at`. */
export function monthOf(at: Date): Period {
  const year = at.getUTCFullYear()
  const month = at.getUTCMonth()
  return { from: new Date(Date.UTC(year, month, 1)), until: new Date(Date.UTC(year, month + 1, 1)) }
}

export const periodHolds = (period: Period, at: Date): boolean =>
  period.from.getTime() <= at.getTime() && at.getTime() < period.until.getTime()

/** `2026-11-23`: the UTC day of an instant, the partition of the archive and the row of the day's spend. */
export const utcDay = (at: Date): string => at.toISOString().slice(0, 10)
