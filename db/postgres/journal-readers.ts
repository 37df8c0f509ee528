/** How far each journal was read, and the archive's plan: bounds fixed before writing, so that a repeat is the same. */
import { and, eq, sql } from 'drizzle-orm'
import { advanceReader, lockReader } from './ledger.ts'
import type { Postgres, Queryable } from './open.ts'
import { admissions, journalReaders } from './schema.ts'

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
 * The next batch to archive: the one already begun, or the next up to `eventsMax` of what the ledger has counted.
 * Null when the archive has caught up.
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
    const counted = await nextOffsetOf(tx, journalId, 'ledger')
    const nextOffset = Math.min(counted, fromOffset + eventsMax)
    if (nextOffset <= fromOffset) return null
    await tx.update(journalReaders).set({ plannedUntil: nextOffset, updatedAt: now }).where(of)
    return { fromOffset, nextOffset, isBegun: false }
  })
}

/** Which offsets of the plan the ledger admitted; the others were seen before and are archived already. */
export async function admittedOffsets(
  tx: Queryable,
  journalId: string,
  { fromOffset, nextOffset }: JournalRange,
): Promise<Set<number>> {
  const rows = await tx
    .select({ offset: admissions.journalOffset })
    .from(admissions)
    .where(
      and(
        eq(admissions.journalId, journalId),
        sql`${admissions.journalOffset} >= ${fromOffset} and ${admissions.journalOffset} < ${nextOffset}`,
      ),
    )
  return new Set(rows.map(({ offset }) => offset))
}

/** The plan is written to every store: go on after it. */
export function finishArchive(
  postgres: Postgres,
  journalId: string,
  plan: JournalRange,
  now: Date,
): Promise<void> {
  return postgres.tables.transaction((tx) => advanceReader(tx, journalId, 'archive', plan.nextOffset, now))
}
