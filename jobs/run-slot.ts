/** Runs one slot of one job, if it is this process's to run: claimed in Postgres, so that two replicas run it once. */
import { claimSlot, failSlot, finishSlot, type SlotClaim } from '../db/postgres/job-slots.ts'
import type { Job, JobDeps } from './job.ts'

/** After this long, a claim without an end is taken for a run that died. */
const STALE_AFTER_MS = 10 * 60_000

export type SlotOutcome =
  | { readonly kind: 'ran'; readonly summary: string }
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly error: Error }

/** `again` runs a slot that is finished or claimed, as a backfill does. */
export async function runSlot(
  job: Job,
  slot: Date,
  run: { readonly by: string; readonly again: boolean },
  deps: JobDeps,
): Promise<SlotOutcome> {
  const { tables } = deps.postgres
  const claim: SlotClaim = { job: job.name, slot, by: run.by }
  const mine = await claimSlot(
    tables,
    { ...claim, again: run.again, staleAfterMs: STALE_AFTER_MS },
    deps.now(),
  )
  if (!mine) return { kind: 'taken' }
  try {
    const summary = await job.run(slot, deps)
    await finishSlot(tables, claim, deps.now())
    return { kind: 'ran', summary }
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    await failSlot(tables, claim, error.message)
    return { kind: 'failed', error }
  }
}
