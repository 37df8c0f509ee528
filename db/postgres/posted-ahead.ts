/**
 * What callers settled before the events of their calls came: a part of what counters have spent that no archived event
 * accounts for yet. Whoever sums events anew adds it.
 */
import { sql } from 'drizzle-orm'
import type { CounterRef } from '../../core/hold/hold.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { fromRefRow, millisOf, type RefRow, recordset, toRecord } from './counters.ts'
import type { Queryable } from './open.ts'

/** Of those of these counters that have any. */
export async function readPostedAhead(
  tx: Queryable,
  counters: readonly CounterRef[],
): Promise<(CounterRef & { readonly amount: NanoUsd })[]> {
  if (counters.length === 0) return []
  const rows = await tx.execute<RefRow & { amount: string }>(sql`
    select budget_id, ${millisOf(sql`period_from`)} as from_ms, counter,
      sum(hold_entries.amount_nano_usd)::bigint as amount
    from hold_entries join holds on holds.id = hold_entries.hold_id
    join ${recordset(counters.map(toRecord))} as wanted (budget_id text, period_from timestamptz, counter text)
      using (budget_id, period_from, counter)
    where holds.state = 'settled'
    group by budget_id, period_from, counter`)
  return rows.map((row) => ({ ...fromRefRow(row), amount: nanoUsd(BigInt(row.amount)) }))
}
