/** Job slots: each (job, slot) is claimed here once; a run that died is taken over when its claim is stale. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from './open.ts'
import { jobSlots } from './schema.ts'

export interface SlotClaim {
  readonly job: string
  readonly slot: Date
  readonly by: string
}

/**
 * True when the slot is this caller's to run: never claimed, or claimed by a run that failed or died long ago, or
 * asked for `again` by a person, whoever ran it before.
 */
export async function claimSlot(
  tx: Queryable,
  claim: SlotClaim & { readonly staleAfterMs: number; readonly again: boolean },
  now: Date,
): Promise<boolean> {
  const staleBefore = new Date(now.getTime() - claim.staleAfterMs).toISOString()
  const rows = await tx
    .insert(jobSlots)
    .values({ job: claim.job, slot: claim.slot, claimedAt: now, claimedBy: claim.by, attempts: 1 })
    .onConflictDoUpdate({
      target: [jobSlots.job, jobSlots.slot],
      set: {
        claimedAt: now,
        claimedBy: claim.by,
        attempts: sql`${jobSlots.attempts} + 1`,
        error: null,
        finishedAt: null,
      },
      setWhere: sql`${claim.again} or (${jobSlots.finishedAt} is null and (${jobSlots.error} is not null or ${jobSlots.claimedAt} < ${staleBefore}))`,
    })
    .returning({ job: jobSlots.job })
  return rows.length === 1
}

export async function finishSlot(tx: Queryable, claim: SlotClaim, now: Date): Promise<void> {
  await tx.update(jobSlots).set({ finishedAt: now, error: null }).where(ownRun(claim))
}

/** Leaves the slot open to the next try. */
export async function failSlot(tx: Queryable, claim: SlotClaim, error: string): Promise<void> {
  await tx
    .update(jobSlots)
    .set({ error: error.slice(0, 1000) })
    .where(ownRun(claim))
}

/** The newest slot that a job finished; null when it never did. */
export async function lastFinishedSlot(tx: Queryable, job: string): Promise<Date | null> {
  const [row] = await tx
    .select({ slot: sql<string | null>`max(${jobSlots.slot})` })
    .from(jobSlots)
    .where(and(eq(jobSlots.job, job), sql`${jobSlots.finishedAt} is not null`))
  return row?.slot ? new Date(row.slot) : null
}

const ownRun = (claim: SlotClaim) =>
  and(
    eq(jobSlots.job, claim.job),
    eq(jobSlots.slot, claim.slot),
    eq(jobSlots.claimedBy, claim.by),
    isNull(jobSlots.finishedAt),
  )
