/** Which recounts are due, whose turn each is, and what it still waits for. */
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { type BudgetSettings, ofBudget, readBudgetSettings } from './budget-settings.ts'
import type { Postgres, Queryable } from './open.ts'
import type { RecountPurpose } from './recounts.ts'
import { budgetRecounts, journalReaders, pendingAdjustments } from './schema.ts'
import type { StoredCut } from './stored-recount.ts'

export interface DueRecount {
  readonly id: string
  readonly orgId: string
  readonly budgetId: string
  readonly purpose: RecountPurpose
  readonly from: Date
  readonly until: Date
  readonly requestedAt: Date
  readonly lastError: string | null
}

const DUE_MAX = 200

/** The oldest first. */
export const dueRecounts = (tx: Queryable): Promise<DueRecount[]> =>
  tx
    .select({
      ...{ id: budgetRecounts.id, orgId: budgetRecounts.orgId, budgetId: budgetRecounts.budgetId },
      ...{ purpose: budgetRecounts.purpose, from: budgetRecounts.from, until: budgetRecounts.until },
      ...{ requestedAt: budgetRecounts.requestedAt, lastError: budgetRecounts.lastError },
    })
    .from(budgetRecounts)
    .where(isNull(budgetRecounts.finishedAt))
    .orderBy(asc(budgetRecounts.requestedAt), asc(budgetRecounts.id))
    .limit(DUE_MAX)

/** Sets these locks apart from those of projects and of repricings. */
const LOCK_CLASS = 7_011

/** Runs `work` while no other process does this recount; null when one does. The lock ends with the process. */
export const whileRecounting = <T>(
  postgres: Postgres,
  id: string,
  work: () => Promise<T>,
): Promise<T | null> =>
  postgres.tables.transaction(async (tx) => {
    const [row] = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${id})) as mine`,
    )
    return row?.mine === true ? await work() : null
  })

/** Null when the budget was ended, or its project. */
export async function readBudgetOf(
  tx: Queryable,
  { orgId, budgetId }: Pick<DueRecount, 'orgId' | 'budgetId'>,
): Promise<BudgetSettings['budget'] | null> {
  const [settings] = await readBudgetSettings(tx, ofBudget(orgId, budgetId))
  return settings?.budget ?? null
}

/** What lies below the cut and is not in the archive yet, each in words; empty when all is there. */
export async function readMissing(tx: Queryable, orgId: string, cut: StoredCut): Promise<string[]> {
  const readers = await tx
    .select({ id: journalReaders.journalId, next: journalReaders.nextOffset, at: journalReaders.updatedAt })
    .from(journalReaders)
    .where(eq(journalReaders.reader, 'archive'))
  const pending = await tx
    .select({ id: pendingAdjustments.repricingId, from: pendingAdjustments.fromOrdinal })
    .from(pendingAdjustments)
    .where(eq(pendingAdjustments.orgId, orgId))
  const archived = new Map(readers.map((reader) => [reader.id, reader]))
  const behind = Object.entries(cut).flatMap(([id, until]) => {
    // A repricing has no reader: what of it waits stands in a table of its own.
    if (id.startsWith('rpr_') || until === 0) return []
    const reader = archived.get(id)
    const next = reader?.next ?? 0
    if (next >= until) return []
    const since = reader ? `, where it came at ${reader.at.toISOString()}` : ''
    return [`journal ${id} is archived to ${next} of ${until}${since}`]
  })
  const waiting = new Set(pending.filter(({ id, from }) => from < (cut[id] ?? 0)).map(({ id }) => id))
  return [...behind, ...[...waiting].map((id) => `adjustments of ${id} wait for the archive`)]
}

/** Ends one that will never finish; what it was to check stays as it is. */
export async function giveUpRecount(tx: Queryable, id: string, lastError: string, now: Date): Promise<void> {
  await tx
    .update(budgetRecounts)
    .set({ finishedAt: now, lastError: lastError.slice(0, 1000) })
    .where(and(eq(budgetRecounts.id, id), isNull(budgetRecounts.finishedAt)))
}

/** Keeps for people why it has not finished. */
export async function noteRecount(tx: Queryable, id: string, lastError: string): Promise<void> {
  await tx
    .update(budgetRecounts)
    .set({ lastError: lastError.slice(0, 1000) })
    .where(and(eq(budgetRecounts.id, id), isNull(budgetRecounts.finishedAt)))
}
