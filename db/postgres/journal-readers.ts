/** How far each journal was read, and the archive's plan: bounds fixed before writing, so that a repeat is the same. */
import { and, asc, eq, gte, lt, lte } from 'drizzle-orm'
import { advanceReader, lockReader } from './ledger.ts'
import type { Postgres, Queryable } from './open.ts'
import { countedRanges, journalReaders } from './schema.ts'

/** Where a reader goes on; 0 for a journal that it has not read. */
export async function nextOffsetOf(
  tx: Queryable,
  journalId: string,
  reader: 'ledger' | 'archive',
): Promise<number> {
  const [row] = await tx
    .select({ nextOffset: journalReaders.nextOffset })
    .from(journalReaders)
    .where(and(eq(journalReaders.journalId, journalId), eq(journalReaders.reader, reader)))
  return row?.nextOffset ?? 0
}

export interface JournalRange {
  readonly fromOffset: number
  readonly nextOffset: number
}

export interface ArchivePlan extends JournalRange {
  /** Someone may have written a part of it before. */
  readonly isBegun: boolean
}

/**
 * The next batch to archive: the one already begun, or the next whole batches of the ledger, at least one and up to
 * `eventsMax` events. Null when the archive has caught up.
 */
export function planArchive(
  postgres: Postgres,
  { journalId, eventsMax }: { readonly journalId: string; readonly eventsMax: number },
  now: Date,
): Promise<ArchivePlan | null> {
  return postgres.tables.transaction(async (tx) => {
    const fromOffset = await lockReader(tx, journalId, 'archive', now)
    const of = and(eq(journalReaders.journalId, journalId), eq(journalReaders.reader, 'archive'))
    const [row] = await tx
      .select({ plannedUntil: journalReaders.plannedUntil })
      .from(journalReaders)
      .where(of)
    if (row?.plannedUntil) return { fromOffset, nextOffset: row.plannedUntil, isBegun: true }
    const ranges = await rangesFrom(tx, journalId, fromOffset)
    const within = ranges.filter(({ nextOffset }) => nextOffset <= fromOffset + eventsMax)
    const nextOffset = (within.at(-1) ?? ranges[0])?.nextOffset ?? fromOffset
    if (nextOffset <= fromOffset) return null
    await tx.update(journalReaders).set({ plannedUntil: nextOffset, updatedAt: now }).where(of)
    return { fromOffset, nextOffset, isBegun: false }
  })
}

/** As many as a plan can hold, and no more: an archive that was away for days has very many of them. */
const RANGES_MAX = 1_000

const rangesFrom = (tx: Queryable, journalId: string, fromOffset: number) =>
  tx
    .select({ nextOffset: countedRanges.nextOffset })
    .from(countedRanges)
    .where(and(eq(countedRanges.journalId, journalId), gte(countedRanges.fromOffset, fromOffset)))
    .orderBy(asc(countedRanges.fromOffset))
    .limit(RANGES_MAX)

export interface CountedRange {
  /** How many events of the range count. */
  readonly admitted: number
  /** The offsets of the range whose events do not count: they are archived already, from where they counted. */
  readonly notAdmitted: ReadonlySet<number>
}

/** What the ledger admitted of a plan, whose bounds are those of its batches. */
export async function readCounted(
  tx: Queryable,
  journalId: string,
  { fromOffset, nextOffset }: JournalRange,
): Promise<CountedRange> {
  const rows = await tx
    .select({ admitted: countedRanges.admitted, notAdmitted: countedRanges.notAdmitted })
    .from(countedRanges)
    .where(
      and(
        eq(countedRanges.journalId, journalId),
        gte(countedRanges.fromOffset, fromOffset),
        lt(countedRanges.fromOffset, nextOffset),
      ),
    )
  return {
    admitted: rows.reduce((sum, row) => sum + row.admitted, 0),
    notAdmitted: new Set(rows.flatMap((row) => row.notAdmitted)),
  }
}

/** The plan is written to every store: go on after it. */
export function finishArchive(
  postgres: Postgres,
  journalId: string,
  plan: JournalRange,
  now: Date,
): Promise<void> {
  return postgres.tables.transaction(async (tx) => {
    await advanceReader(tx, journalId, 'archive', plan.nextOffset, now)
    await tx
      .delete(countedRanges)
      .where(and(eq(countedRanges.journalId, journalId), lte(countedRanges.nextOffset, plan.nextOffset)))
  })
}
