/**
 * Spend as a file of comma-separated values, as RFC 4180 has it: one row for each value of what it is cut by.
 * Invariant: amounts are exact decimals in USD that add up to the total; no cell begins a formula, whatever a customer named.
 */
import { Temporal } from 'temporal-polyfill'
import { toUsdDecimal } from '../../core/money.ts'
import { type SpendAnswer, withArriving } from '../blocks/spend.ts'

export const CSV_ROWS_MAX = 10_000

export function spendCsv(answer: SpendAnswer): { readonly text: string; readonly rows: number } {
  const { from, until, timeZone, by } = answer
  const time = [dayIn(from, timeZone), dayIn(new Date(until.getTime() - 1), timeZone), timeZone]
  const heading = ['first_day', 'last_day', 'time_zone', by, 'spend_usd', 'calls', 'calls_without_price']
  const lines = withArriving(answer)
  const rows = lines.map((line) => [
    ...[...time, line.name].map(safe),
    ...[toUsdDecimal(line.cost), String(line.events), String(line.unpricedEvents)],
  ])
  const text = [heading.map(safe), ...rows].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
  return { text, rows: rows.length }
}

/** Spreadsheets take a text that begins so for a formula, also behind a blank; an apostrophe before it makes it a text. */
const safe = (text: string): string => (/^\s*[=+\-@|%\t\r\n]/.test(text) ? `'${text}` : text)

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const dayIn = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()
