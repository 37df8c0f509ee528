/**
 * Grants many holds from a replica's leases, by one statement that locks nothing but those leases: so neither the ledger
 * nor another replica is waited for. All of them are on disk when it returns, or none.
 */
import { sql } from 'drizzle-orm'
import { recordset } from './counters.ts'
import {
  ENTRY_COLUMNS,
  HOLD_COLUMNS,
  insertAsked,
  type StoredHold,
  toAmountRecord,
  toHoldRecord,
} from './hold-rows.ts'
import type { Queryable } from './open.ts'

export interface LeasedHold {
  readonly hold: StoredHold
  /** The lease of each of its entries, in their order. */
  readonly leaseIds: readonly string[]
}

export type LeasedOutcome =
  /** The ids of those that were not there before; the others have a hold, or were counted already. */
  | { readonly kind: 'granted'; readonly written: ReadonlySet<string> }
  /** A lease has ended, or has less left: nothing was granted. */
  | { readonly kind: 'ended' }

export async function grantFromLeases(
  tx: Queryable,
  granted: readonly LeasedHold[],
  now: Date,
): Promise<LeasedOutcome> {
  const parts = granted.flatMap(({ hold, leaseIds }) =>
    hold.entries.map((entry, place) => ({
      ...{ hold_id: hold.id, org_id: hold.orgId, lease_id: leaseIds[place] },
      ...toAmountRecord(entry),
    })),
  )
  const [row] = await tx.execute<{ enough: boolean; written: string[] }>(sql`
    with asked as (
      select * from ${recordset(granted.map(({ hold }) => toHoldRecord(hold)))} as asked (${HOLD_COLUMNS})
    ),
    part as (select * from ${recordset(parts)} as part (${ENTRY_COLUMNS})),
    need as (select lease_id, sum(amount)::bigint as amount from part group by lease_id),
    locked as (
      select id, amount_nano_usd as amount from budget_leases
      where id in (select lease_id from need) and ended_at is null
        and expires_at > ${now.toISOString()}::timestamptz
      order by id
      for update
    ),
    judged as (
      select count(*) = (select count(*) from need) as enough
      from need join locked on locked.id = need.lease_id and locked.amount >= need.amount
    ),
    written as (
      ${insertAsked(sql`(select enough from judged) and not exists (
        select 1 from admitted_calls where admitted_calls.identity = asked.identity)`)}
    ),
    entries as (
      insert into hold_entries (hold_id, org_id, budget_id, period_from, counter, amount_nano_usd)
      select part.hold_id, part.org_id, part.budget_id, part.period_from, part.counter, part.amount
      from part join written on written.id = part.hold_id
    ),
    taken as (
      update budget_leases set amount_nano_usd = amount_nano_usd - used.amount
      from (
        select lease_id, sum(amount)::bigint as amount from part join written on written.id = part.hold_id
        group by lease_id
      ) as used
      where budget_leases.id = used.lease_id
    )
    select (select enough from judged) as enough, array(select id from written) as written`)
  if (!row?.enough) return { kind: 'ended' }
  return { kind: 'granted', written: new Set(row.written) }
}
