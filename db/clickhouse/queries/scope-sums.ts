/**
 * What a budget's scope spent in a period, by counter, as far as a cut: summed from every archived row, adjustments
 * included, so that it is the ledger's own sum. Rows are unique in `events` (insert-events.ts), so none is left out here.
 */
import type { Cut, Figures } from '../../../core/budget/recount.ts'
import type { Counter, Scope } from '../../../core/budget/scope.ts'
import { nanoUsd } from '../../../core/money.ts'
import type { Period } from '../../../core/period.ts'
import type { ClickHouse } from '../open.ts'
import { filterOf } from './scope-filter.ts'

export interface ScopeSpan extends Period {
  readonly orgId: string
  readonly scope: Scope
}

/** Instants are compared in milliseconds, for the reason that source.ts gives. */
export const IN_SPAN = "ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}"

/** A journal that the cut does not name holds nothing below it. */
const BELOW_CUT = `journal_offset <
  transform(toString(journal_id), {journals:Array(String)}, {nextOffsets:Array(Int64)}, toInt64(0))`

export const MEASURED = `sum(ifNull(cost_nano_usd, 0)) AS spent, sum(calls) AS events,
  sum(unpriced_calls) AS unpriced_events`

interface SumsRow {
  counter: string
  spent: string
  events: string
  unpriced_events: string
}

/** Counters under which nothing lies are left out. `cut` null sums all that is archived. */
export async function scopeSums(
  clickhouse: ClickHouse,
  { orgId, scope, from, until }: ScopeSpan,
  cut: Cut | null,
): Promise<Map<Counter, Figures>> {
  const journals = Object.keys(cut ?? {})
  if (cut !== null && journals.length === 0) return new Map()
  const { where, counter, params } = filterOf(orgId, scope)
  const result = await clickhouse.query({
    query: `SELECT ${counter} AS counter, ${MEASURED} FROM events
      WHERE ${where} AND ${IN_SPAN} ${cut === null ? '' : `AND ${BELOW_CUT}`} GROUP BY counter`,
    query_params: { ...params, from, until, journals, nextOffsets: journals.map((id) => cut?.[id] ?? 0) },
    format: 'JSONEachRow',
  })
  const rows = await result.json<SumsRow>()
  return new Map(rows.map((row) => [row.counter, fromDbFigures(row)]))
}

const fromDbFigures = (row: SumsRow): Figures => ({
  spent: nanoUsd(BigInt(row.spent)),
  events: Number(row.events),
  unpricedEvents: Number(row.unpriced_events),
})
