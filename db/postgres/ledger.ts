/**
 * The ledger's one transaction: admit what was never seen, count it, decide what it means, queue what is to be said,
 * and save how far the journal was read. All of it or nothing.
 * Invariant: an event is counted exactly when its admission is inserted, so that any replay changes nothing.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Crossing, SpendEntry } from '../../core/budget/decide.ts'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { utcDay } from '../../core/period.ts'
import { countAgainstBudgets } from './count-against-budgets.ts'
import type { Postgres, Queryable } from './open.ts'
import { shareProjects } from './project-locks.ts'
import { journalReaders } from './schema.ts'
import { signalVerdicts } from './signals.ts'

export interface LedgerBatch {
  readonly journalId: string
  readonly fromOffset: number
  /** One past the last offset of the batch; the events between may be fewer, where some were set aside. */
  readonly nextOffset: number
  readonly events: readonly { readonly offset: number; readonly event: PricedEvent }[]
}

export type LedgerOutcome =
  | { readonly kind: 'counted'; readonly admitted: number; readonly crossings: readonly Crossing[] }
  /** Someone else has read this journal further: go on from there. */
  | { readonly kind: 'moved'; readonly nextOffset: number }

type Admitted = LedgerBatch['events'][number]

export function countBatch(postgres: Postgres, batch: LedgerBatch, now: Date): Promise<LedgerOutcome> {
  return postgres.tables.transaction(async (tx) => {
    const nextOffset = await lockReader(tx, batch.journalId, 'ledger', now)
    if (nextOffset !== batch.fromOffset) return { kind: 'moved', nextOffset }
    // A budget that is made meanwhile starts exact to this cut.
    await shareProjects(
      tx,
      batch.events.map(({ event }) => event.projectId),
    )
    const admitted = await admit(tx, batch, now)
    await addProjectSpend(tx, admitted)
    const { crossings, projectIds } = await countAgainstBudgets(tx, entriesOf(admitted), now)
    await advanceReader(tx, batch.journalId, 'ledger', batch.nextOffset, now)
    await signalVerdicts(tx, projectIds)
    return { kind: 'counted', admitted: admitted.length, crossings }
  })
}

/** The position of a reader, locked; made at the journal's start when the reader is new. */
export async function lockReader(
  tx: Queryable,
  journalId: string,
  reader: 'ledger' | 'archive',
  now: Date,
): Promise<number> {
  await tx
    .insert(journalReaders)
    .values({ journalId, reader, nextOffset: 0, updatedAt: now })
    .onConflictDoNothing()
  const [row] = await tx
    .select({ nextOffset: journalReaders.nextOffset })
    .from(journalReaders)
    .where(and(eq(journalReaders.journalId, journalId), eq(journalReaders.reader, reader)))
    .for('update')
  return row?.nextOffset ?? 0
}

export async function advanceReader(
  tx: Queryable,
  journalId: string,
  reader: 'ledger' | 'archive',
  nextOffset: number,
  now: Date,
): Promise<void> {
  await tx
    .update(journalReaders)
    .set({ nextOffset, plannedUntil: null, updatedAt: now })
    .where(and(eq(journalReaders.journalId, journalId), eq(journalReaders.reader, reader)))
}

/**
 * Inserts in the order of identity, so that two replicas never wait for each other in a circle; first wins.
 * Instants and days travel as text: Drizzle turns off the driver's serializers of their arrays.
 */
async function admit(tx: Queryable, batch: LedgerBatch, now: Date): Promise<Admitted[]> {
  const { events } = batch
  if (events.length === 0) return []
  const column = <T>(pick: (event: PricedEvent) => T) => sql.param(events.map(({ event }) => pick(event)))
  const rows = await tx.execute<{ journal_offset: string }>(sql`
    insert into admissions
      (org_id, project_id, request_id, attempt, ts, cost_nano_usd, journal_id, journal_offset, admitted_at)
    select org_id, project_id, request_id, attempt, ts::timestamptz, cost, ${batch.journalId}, journal_offset,
      ${now.toISOString()}::timestamptz
    from unnest(
      ${column((event) => event.orgId)}::text[],
      ${column((event) => event.projectId)}::text[],
      ${column((event) => event.requestId)}::text[],
      ${column((event) => event.attempt)}::int[],
      ${column((event) => event.ts.toISOString())}::text[],
      ${column((event) => event.cost?.toString() ?? null)}::bigint[],
      ${sql.param(events.map(({ offset }) => offset))}::bigint[]
    ) as seen (org_id, project_id, request_id, attempt, ts, cost, journal_offset)
    order by project_id, request_id, attempt, journal_offset
    on conflict do nothing
    returning journal_offset`)
  const offsets = new Set(rows.map((row) => Number(row.journal_offset)))
  return events.filter(({ offset }) => offsets.has(offset))
}

async function addProjectSpend(tx: Queryable, admitted: readonly Admitted[]): Promise<void> {
  if (admitted.length === 0) return
  const events = admitted.map(({ event }) => event)
  const column = <T>(pick: (event: PricedEvent) => T) => sql.param(events.map(pick))
  await tx.execute(sql`
    insert into project_spend (org_id, project_id, day, spent_nano_usd, events, unpriced_events)
    select org_id, project_id, day::date, coalesce(sum(cost), 0), count(*), count(*) filter (where cost is null)
    from unnest(
      ${column((event) => event.orgId)}::text[],
      ${column((event) => event.projectId)}::text[],
      ${column((event) => utcDay(event.ts))}::text[],
      ${column((event) => event.cost?.toString() ?? null)}::bigint[]
    ) as seen (org_id, project_id, day, cost)
    group by org_id, project_id, day
    order by project_id, day
    on conflict (project_id, day) do update set
      spent_nano_usd = project_spend.spent_nano_usd + excluded.spent_nano_usd,
      events = project_spend.events + excluded.events,
      unpriced_events = project_spend.unpriced_events + excluded.unpriced_events`)
}

const entriesOf = (admitted: readonly Admitted[]): (SpendEntry & { projectId: string; ts: Date })[] =>
  admitted.map(({ event }) => ({
    projectId: event.projectId,
    ts: event.ts,
    requestId: event.requestId,
    attempt: event.attempt,
    cost: event.cost,
  }))
