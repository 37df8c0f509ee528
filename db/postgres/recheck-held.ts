/**
 * What counters hold, reckoned anew from the holds and leases that say why: a difference is our mistake, and is healed and
 * reported.
 */
import { sql } from 'drizzle-orm'
import type { CounterRef } from '../../core/hold/hold.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { addHeld, fromRefRow, lockCounters, millisOf, type RefRow, recordset, toRecord } from './counters.ts'
import type { Postgres, Queryable } from './open.ts'

export interface HeldDifference extends CounterRef {
  /** What the counter said. */
  readonly held: NanoUsd
  /** What its live holds and leases come to. */
  readonly derived: NanoUsd
}

/** Of one organisation, or of all. */
export async function recheckHeld(
  postgres: Postgres,
  orgId: string | null = null,
): Promise<HeldDifference[]> {
  // Looked for by one snapshot, in which every transaction is whole; healed under the lock of what it found.
  const suspects = await differencesOf(postgres.tables, { orgId, among: null })
  if (suspects.length === 0) return []
  return await postgres.tables.transaction(async (tx) => {
    await lockCounters(tx, suspects)
    const found = await differencesOf(tx, { orgId, among: suspects })
    await addHeld(
      tx,
      found.map((of) => ({ ...of, held: nanoUsd(of.derived - of.held) })),
    )
    return found
  })
}

interface Looked {
  readonly orgId: string | null
  readonly among: readonly CounterRef[] | null
}

async function differencesOf(tx: Queryable, { orgId, among }: Looked): Promise<HeldDifference[]> {
  const only =
    among === null
      ? sql`true`
      : sql`(budget_id, period_from, counter) in (select * from ${recordset(among.map(toRecord))}
          as among (budget_id text, period_from timestamptz, counter text))`
  const rows = await tx.execute<RefRow & { held: string; derived: string }>(sql`
    with reason as (
      select budget_id, period_from, counter, hold_entries.amount_nano_usd as amount
      from hold_entries join holds on holds.id = hold_entries.hold_id where holds.state = 'live'
      union all
      select budget_id, period_from, counter, amount_nano_usd from budget_leases where ended_at is null
    ), derived as (
      select budget_id, period_from, counter, sum(amount)::bigint as amount from reason
      group by budget_id, period_from, counter
    )
    select budget_id, ${millisOf(sql`period_from`)} as from_ms, counter, held_nano_usd as held,
      coalesce(derived.amount, 0) as derived
    from budget_periods left join derived using (budget_id, period_from, counter)
    where held_nano_usd <> coalesce(derived.amount, 0) and ${only}
      and (${orgId}::text is null or org_id = ${orgId}::text)`)
  return rows.map((row) => ({
    ...fromRefRow(row),
    held: nanoUsd(BigInt(row.held)),
    derived: nanoUsd(BigInt(row.derived)),
  }))
}
