/**
 * Counters of budgets by name: locked in one order, and changed many at once.
 * Whoever locks counters and other rows of theirs takes them in the order counters, leases, holds; so nobody waits for
 * another in a circle.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Counter } from '../../core/budget/scope.ts'
import type { CounterRef } from '../../core/hold/hold.ts'
import { addUsd, type NanoUsd, zeroUsd } from '../../core/money.ts'
import type { Queryable } from './open.ts'

export interface LockedCounter extends CounterRef {
  readonly until: Date
}

export const nameOfCounter = ({ budgetId, from, counter }: CounterRef): string =>
  `${budgetId}/${from.getTime()}/${counter}`

/** Locks those that are there, and returns them in the order in which they were locked. */
export async function lockCounters(tx: Queryable, refs: readonly CounterRef[]): Promise<LockedCounter[]> {
  if (refs.length === 0) return []
  const once = [...new Map(refs.map((ref) => [nameOfCounter(ref), ref])).values()]
  const wanted = once.toSorted(inOrder).map((ref, place) => ({ place, ...toRecord(ref) }))
  const rows = await tx.execute<RefRow & { until_ms: number }>(sql`
    select budget_id, ${millisOf(sql`period_from`)} as from_ms, ${millisOf(sql`period_until`)} as until_ms, counter
    from budget_periods
    join ${recordset(wanted)} as wanted (place int, budget_id text, period_from timestamptz, counter text)
    using (budget_id, period_from, counter)
    order by wanted.place
    for update of budget_periods`)
  return rows.map((row) => ({ ...fromRefRow(row), until: new Date(row.until_ms) }))
}

const inOrder = (a: CounterRef, b: CounterRef): number =>
  compare(a.budgetId, b.budgetId) || a.from.getTime() - b.from.getTime() || compare(a.counter, b.counter)

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Adds to what locked counters hold. The caller writes the entries or leases that say why in the same transaction. */
export async function addHeld(
  tx: Queryable,
  changes: readonly (CounterRef & { readonly held: NanoUsd })[],
): Promise<void> {
  const sums = new Map<string, CounterRef & { readonly held: NanoUsd }>()
  for (const change of changes) {
    const name = nameOfCounter(change)
    sums.set(name, { ...change, held: addUsd(change.held, sums.get(name)?.held ?? zeroUsd) })
  }
  const records = [...sums.values()]
    .filter(({ held }) => held !== 0n)
    .map((change) => ({ ...toRecord(change), held: change.held.toString() }))
  if (records.length === 0) return
  await tx.execute(sql`
    update budget_periods set held_nano_usd = held_nano_usd + changed.held
    from ${recordset(records)} as changed (budget_id text, period_from timestamptz, counter text, held bigint)
    where budget_periods.budget_id = changed.budget_id and budget_periods.period_from = changed.period_from
      and budget_periods.counter = changed.counter`)
}

/** Rows of plain values as a table: the columns and their types follow it, in brackets. */
export const recordset = (rows: readonly object[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)`

export const toRecord = ({ budgetId, from, counter }: CounterRef) => ({
  ...{ budget_id: budgetId, period_from: from.toISOString(), counter },
})

/** As a number, which no setting of a session spells in another way. */
export const millisOf = (instant: SQL): SQL => sql`(extract(epoch from ${instant}) * 1000)::float8`

export interface RefRow extends Record<string, unknown> {
  readonly budget_id: string
  readonly from_ms: number
  readonly counter: Counter
}

export const fromRefRow = (row: RefRow): CounterRef => ({
  budgetId: row.budget_id,
  from: new Date(row.from_ms),
  counter: row.counter,
})
