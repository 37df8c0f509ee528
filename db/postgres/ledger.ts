/**
 * The ledger's one transaction: admit what was never seen, count it, decide what it means, queue what is to be said,
 * and save how far the journal was read. All of it or nothing.
 * Invariant: an event is counted exactly when its admission is inserted, so that any replay changes nothing.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Crossing } from '../../core/budget/decide.ts'
import { callsOf, unpricedCallsOf } from '../../core/event/adjustment.ts'
import { addUsd, type NanoUsd, zeroUsd } from '../../core/money.ts'
import { utcDay } from '../../core/period.ts'
import { admit, type Candidate, type CountedEvent } from './admit.ts'
import { countAgainstBudgets } from './count-against-budgets.ts'
import { recordFirstEvents } from './onboarding-steps.ts'
import type { Postgres, Queryable } from './open.ts'
import { shareScopes } from './project-locks.ts'
import { countedRanges, journalReaders, projectSpend } from './schema.ts'
import { heldCallsOf } from './settle-by-events.ts'
import { signalVerdicts } from './signals.ts'
import { recordUnpriced } from './unpriced-calls.ts'

export interface LedgerBatch {
  readonly journalId: string
  readonly fromOffset: number
  /** One past the last offset of the batch; the events between may be fewer, where some were set aside. */
  readonly nextOffset: number
  readonly events: readonly OffsetEvent[]
  /** Offsets whose events can be read but never counted. */
  readonly leftOut?: readonly number[]
}

export interface OffsetEvent extends Candidate {
  readonly offset: number
}

export type LedgerOutcome =
  | {
      readonly kind: 'counted'
      readonly admitted: number
      /** The offsets of the batch whose events do not count: they were counted before, or left out. */
      readonly notAdmitted: readonly number[]
      readonly crossings: readonly Crossing[]
    }
  /** Someone else has read this journal further: go on from there. */
  | { readonly kind: 'moved'; readonly nextOffset: number }

export function countBatch(postgres: Postgres, batch: LedgerBatch, now: Date): Promise<LedgerOutcome> {
  return postgres.tables.transaction(async (tx) => {
    const nextOffset = await lockReader(tx, batch.journalId, 'ledger', now)
    if (nextOffset !== batch.fromOffset) return { kind: 'moved', nextOffset }
    const { admitted, crossings } = await countEvents(tx, batch.events, now)
    const notAdmitted = await saveRange(tx, batch, admitted)
    await advanceReader(tx, batch.journalId, 'ledger', batch.nextOffset, now)
    return { kind: 'counted', admitted: admitted.length, notAdmitted, crossings }
  })
}

/** Admits events and counts those admitted, in the caller's transaction. */
export async function countEvents<E extends OffsetEvent>(
  tx: Queryable,
  events: readonly E[],
  now: Date,
): Promise<{ readonly admitted: readonly E[]; readonly crossings: readonly Crossing[] }> {
  // A budget that is made meanwhile starts exact to this cut.
  await shareScopes(tx, scopesOf(events))
  const admitted = await admit(tx, events, now)
  const counted = admitted.map(({ event }) => event)
  await addProjectSpend(tx, counted)
  await recordFirstEvents(tx, admitted, now)
  const held = await heldCallsOf(tx, admitted)
  const estimates = await recordUnpriced(tx, admitted)
  const { crossings, touched } = await countAgainstBudgets(tx, admitted, now, { held, estimates })
  await signalVerdicts(tx, touched)
  return { admitted, crossings }
}

/** Whose budgets these events may count against: their projects and organisations. */
function scopesOf(events: readonly Candidate[]): string[] {
  const ids = new Set<string>()
  for (const { event } of events) ids.add(event.projectId).add(event.orgId)
  return [...ids]
}

/** What the archive needs to know of the batch once it comes to it. Returns the offsets that were not admitted. */
async function saveRange(
  tx: Queryable,
  { journalId, fromOffset, nextOffset, events, leftOut = [] }: LedgerBatch,
  admitted: readonly OffsetEvent[],
): Promise<number[]> {
  const offsets = new Set(admitted.map(({ offset }) => offset))
  const repeats = events.filter(({ offset }) => !offsets.has(offset)).map(({ offset }) => offset)
  const notAdmitted = [...repeats, ...leftOut]
  if (nextOffset > fromOffset) {
    await tx
      .insert(countedRanges)
      .values({ journalId, fromOffset, nextOffset, admitted: admitted.length, notAdmitted })
  }
  return notAdmitted
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

async function addProjectSpend(tx: Queryable, events: readonly CountedEvent[]): Promise<void> {
  const days = new Map<string, DaySpend>()
  let last: DaySpend | undefined
  for (const event of events) {
    // Most of a batch is of one project and day, whose name is then not made again for each.
    if (last === undefined || !isOf(last, event)) {
      const key = `${utcDay(event.ts)}/${event.projectId}`
      last = days.get(key) ?? emptyDay(event)
      days.set(key, last)
    }
    add(last, event)
  }
  // In one order, so that two replicas never wait for each other in a circle.
  const rows = [...days.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { fromMs: _, ...day }]) => day)
  if (rows.length === 0) return
  await tx
    .insert(projectSpend)
    .values(rows)
    .onConflictDoUpdate({
      target: [projectSpend.projectId, projectSpend.day],
      set: {
        spent: sql`${projectSpend.spent} + excluded.spent_nano_usd`,
        events: sql`${projectSpend.events} + excluded.events`,
        unpricedEvents: sql`${projectSpend.unpricedEvents} + excluded.unpriced_events`,
      },
    })
}

const DAY_MS = 24 * 60 * 60 * 1000

const isOf = ({ projectId, fromMs }: DaySpend, event: CountedEvent): boolean =>
  projectId === event.projectId && event.ts.getTime() >= fromMs && event.ts.getTime() < fromMs + DAY_MS

interface DaySpend {
  readonly fromMs: number
  readonly orgId: string
  readonly projectId: string
  readonly day: string
  spent: NanoUsd
  events: number
  unpricedEvents: number
}

const emptyDay = ({ orgId, projectId, ts }: CountedEvent): DaySpend => ({
  fromMs: Math.floor(ts.getTime() / DAY_MS) * DAY_MS,
  ...{ orgId, projectId, day: utcDay(ts) },
  ...{ spent: zeroUsd, events: 0, unpricedEvents: 0 },
})

function add(day: DaySpend, event: CountedEvent): void {
  day.events += callsOf(event)
  day.unpricedEvents += unpricedCallsOf(event)
  if (event.cost !== null) day.spent = addUsd(day.spent, event.cost)
}
