/** The rows of holds and of what each counter holds for them, many at once. What they mean is core's: core/hold/hold.ts. */
import { asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { CounterRef, Hold, HoldEntry } from '../../core/hold/hold.ts'
import { recordset, toRecord } from './counters.ts'
import type { Queryable } from './open.ts'
import { holdEntries, holds } from './schema.ts'

export interface StoredHold extends Hold {
  readonly id: string
  readonly orgId: string
  readonly projectId: string
  /** Of the call that it is for: 32 hex digits. */
  readonly identity: string
  readonly requestId: string
  readonly attempt: number
  readonly priceVersion: string | null
  readonly createdAt: Date
}

export const namedHolds = (ids: readonly string[]): SQL => inArray(holds.id, [...ids])

/** Those that match, in the order of their ids; locked when asked, which is after the counters that hold them. */
export async function readHolds(
  tx: Queryable,
  where: SQL | undefined,
  { locked = false, rowsMax }: { readonly locked?: boolean; readonly rowsMax?: number } = {},
): Promise<StoredHold[]> {
  const query = tx.select().from(holds).where(where).orderBy(asc(holds.id)).$dynamic()
  if (rowsMax !== undefined) query.limit(rowsMax)
  const rows = await (locked ? query.for('update') : query)
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const entries = await tx
    .select()
    .from(holdEntries)
    .where(sql`${holdEntries.holdId} = any(${sql.param(ids)}::text[])`)
  const byHold = new Map<string, HoldEntry[]>(ids.map((id) => [id, []]))
  for (const { holdId, budgetId, from, counter, amount } of entries) {
    byHold.get(holdId)?.push({ budgetId, from, counter, amount })
  }
  return rows.map((row) => ({
    ...row,
    identity: row.identity.replaceAll('-', ''),
    entries: byHold.get(row.id) ?? [],
  }))
}

export async function readHold(
  tx: Queryable,
  { projectId, holdId }: { readonly projectId: string; readonly holdId: string },
): Promise<StoredHold | null> {
  const [hold] = await readHolds(tx, sql`${eq(holds.id, holdId)} and ${eq(holds.projectId, projectId)}`)
  return hold ?? null
}

/**
 * Adds them to what their counters hold, which are locked, and returns the ids of those that were not there; each of a call
 * that has a hold already changes nothing.
 */
export async function insertHolds(tx: Queryable, all: readonly StoredHold[]): Promise<Set<string>> {
  if (all.length === 0) return new Set()
  const rows = await tx.execute<{ id: string }>(sql`
    with asked as (select * from ${recordset(all.map(toHoldRecord))} as asked (${HOLD_COLUMNS})),
    written as (${insertAsked(sql`true`)}),
    part as (
      select part.* from ${recordset(all.flatMap(toEntryRecords))} as part (${ENTRY_COLUMNS})
      join written on written.id = part.hold_id
    ),
    entries as (
      insert into hold_entries (hold_id, org_id, budget_id, period_from, counter, amount_nano_usd)
      select hold_id, org_id, budget_id, period_from, counter, amount from part
    ),
    held as (
      update budget_periods set held_nano_usd = held_nano_usd + added.amount
      from (
        select budget_id, period_from, counter, sum(amount)::bigint as amount from part
        group by budget_id, period_from, counter
      ) as added
      where budget_periods.budget_id = added.budget_id and budget_periods.period_from = added.period_from
        and budget_periods.counter = added.counter
    )
    select id from written`)
  return new Set(rows.map(({ id }) => id))
}

/** In the order of identity, so that two replicas that ask for the same calls never wait for each other in a circle. */
export const insertAsked = (condition: SQL): SQL => sql`
  insert into holds (id, org_id, project_id, identity, request_id, attempt, amount_nano_usd, price_version, state,
    created_at, expires_at, counted_until, ended_at)
  select id, org_id, project_id, identity, request_id, attempt, amount, price_version, state,
    created_at, expires_at, counted_until, ended_at
  from asked where ${condition}
  order by identity
  on conflict do nothing
  returning id`

export const HOLD_COLUMNS = sql.raw(
  `id text, org_id text, project_id text, identity uuid, request_id text, attempt int, amount bigint,
  price_version text, state text, created_at timestamptz, expires_at timestamptz, counted_until timestamptz,
  ended_at timestamptz`,
)

export const ENTRY_COLUMNS = sql.raw(
  'hold_id text, org_id text, lease_id text, budget_id text, period_from timestamptz, counter text, amount bigint',
)

export const toHoldRecord = (hold: StoredHold) => ({
  id: hold.id,
  org_id: hold.orgId,
  project_id: hold.projectId,
  identity: hold.identity,
  request_id: hold.requestId,
  attempt: hold.attempt,
  amount: hold.amount.toString(),
  price_version: hold.priceVersion,
  state: hold.state,
  created_at: hold.createdAt.toISOString(),
  expires_at: hold.expiresAt.toISOString(),
  counted_until: hold.countedUntil.toISOString(),
  ended_at: hold.endedAt?.toISOString() ?? null,
})

export const toEntryRecords = ({ id, orgId, entries }: StoredHold) =>
  entries.map((entry) => ({ hold_id: id, org_id: orgId, ...toAmountRecord(entry) }))

export const toAmountRecord = (entry: HoldEntry) => ({
  ...toRecord(entry),
  amount: entry.amount.toString(),
})

/** Saves what a step made of locked holds. Entries are changed or taken away, never added. */
export async function saveHolds(
  tx: Queryable,
  steps: readonly { readonly id: string; readonly before: Hold; readonly after: Hold }[],
): Promise<void> {
  const changed = steps.filter(({ before, after }) => before !== after)
  if (changed.length === 0) return
  await tx.execute(sql`
    update holds set state = changed.state, ended_at = changed.ended_at, settled_nano_usd = changed.settled,
      is_over = changed.is_over, counted_until = changed.counted_until
    from ${recordset(changed.map(({ id, after }) => toStateRecord(id, after)))} as changed (
      id text, state text, ended_at timestamptz, settled bigint, is_over boolean, counted_until timestamptz)
    where holds.id = changed.id`)
  const emptied = changed.filter(
    ({ before, after }) => before.entries.length > 0 && after.entries.length === 0,
  )
  if (emptied.length > 0) {
    const ids = emptied.map(({ id }) => id)
    await tx.delete(holdEntries).where(sql`${holdEntries.holdId} = any(${sql.param(ids)}::text[])`)
  }
  const amounts = changed.flatMap(({ id, before, after }) =>
    after.entries
      .filter((entry, place) => entry.amount !== before.entries[place]?.amount)
      .map((entry) => ({ hold_id: id, ...toAmountRecord(entry) })),
  )
  if (amounts.length === 0) return
  await tx.execute(sql`
    update hold_entries set amount_nano_usd = changed.amount
    from ${recordset(amounts)} as changed (${ENTRY_COLUMNS})
    where hold_entries.hold_id = changed.hold_id and hold_entries.budget_id = changed.budget_id
      and hold_entries.period_from = changed.period_from and hold_entries.counter = changed.counter`)
}

const toStateRecord = (id: string, hold: Hold) => ({
  id,
  state: hold.state,
  ended_at: hold.endedAt?.toISOString() ?? null,
  settled: hold.settled?.toString() ?? null,
  is_over: hold.isOver,
  counted_until: hold.countedUntil.toISOString(),
})

export const refsOf = (all: readonly Hold[]): CounterRef[] => all.flatMap(({ entries }) => entries)
