/** Who looks at "waiting for your first event": kept here, so that it turns also after the app was started again. */
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Queryable } from './open.ts'
import { firstEventWatchers } from './schema.ts'

export interface Watcher {
  readonly orgId: string
  readonly installationId: string
  readonly userId: string
  /** Empty for App Home. */
  readonly viewId: string
}

/** What is looked at for longer is looked at anew by then. */
const WATCHED_MS = 24 * 60 * 60 * 1000

export async function saveWatcher(tx: Queryable, watcher: Watcher, now: Date): Promise<void> {
  const again = { since: now, toldAt: null, availableAt: now }
  await tx
    .insert(firstEventWatchers)
    .values({ ...watcher, ...again })
    .onConflictDoUpdate({
      target: [firstEventWatchers.installationId, firstEventWatchers.userId, firstEventWatchers.viewId],
      set: again,
    })
}

/** One whose organisation has its first event, and who was not told, or told so long ago that "3 s ago" is not true any more. */
export async function claimWatcher(
  tx: Queryable,
  now: Date,
  freshMs: number,
): Promise<(Watcher & { readonly toldAt: Date | null }) | null> {
  const freshSince = new Date(now.getTime() - freshMs).toISOString()
  const [row] = await tx
    .select()
    .from(firstEventWatchers)
    .where(
      and(
        sql`${firstEventWatchers.availableAt} <= ${now.toISOString()}::timestamptz`,
        sql`exists (select from onboarding_steps where org_id = ${firstEventWatchers.orgId} and step = 'first_event'
          and (${firstEventWatchers.toldAt} is null or at <= ${freshSince}::timestamptz))`,
      ),
    )
    .limit(1)
    .for('update', { skipLocked: true })
  return row ?? null
}

export async function markWatcherTold(tx: Queryable, watcher: Watcher, now: Date): Promise<void> {
  await tx.update(firstEventWatchers).set({ toldAt: now }).where(of(watcher))
}

export async function postponeWatcher(tx: Queryable, watcher: Watcher, until: Date): Promise<void> {
  await tx.update(firstEventWatchers).set({ availableAt: until }).where(of(watcher))
}

export async function dropWatcher(tx: Queryable, watcher: Watcher): Promise<void> {
  await tx.delete(firstEventWatchers).where(of(watcher))
}

export async function dropOldWatchers(tx: Queryable, now: Date): Promise<void> {
  await tx
    .delete(firstEventWatchers)
    .where(lt(firstEventWatchers.since, new Date(now.getTime() - WATCHED_MS)))
}

const of = ({ installationId, userId, viewId }: Watcher) =>
  and(
    eq(firstEventWatchers.installationId, installationId),
    eq(firstEventWatchers.userId, userId),
    eq(firstEventWatchers.viewId, viewId),
  )
