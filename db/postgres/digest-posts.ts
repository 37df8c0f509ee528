/**
 * The slots of digests that came due, each posted once.
 * Invariant: a slot has one row, there and leased before it is posted, so that of several replicas one posts it. Only a
 * process that dies between Slack's answer and `markPosted` leaves it open to another; that is counted, and bounded.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { DigestSlot } from '../../core/digest/digest-slot.ts'
import { type Digest, fromDb } from './digests.ts'
import type { Postgres, Queryable } from './open.ts'
import { digestPosts, digests } from './schema.ts'

export interface LeasedPost {
  readonly digest: Digest
  readonly slot: DigestSlot
  /** This attempt among those whose outcome is unknown: above 1 when a process died at it. */
  readonly unanswered: number
  readonly attempts: number
}

/** Longer than reading the figures and one call of Slack can take. */
export const LEASE_MS = 120_000

export interface DueSlot {
  readonly digest: Digest
  readonly slot: DigestSlot
}

/** Adds slots as pending; those that are known stay as they are, whatever became of them. */
export async function addSlots(tx: Queryable, due: readonly DueSlot[]): Promise<void> {
  if (due.length === 0) return
  const rows = due.map(({ digest: { id, orgId }, slot }) => ({
    ...{ orgId, digestId: id, ...slot },
    ...{ state: 'pending' as const, availableAt: slot.dueAt },
  }))
  await tx.insert(digestPosts).values(rows).onConflictDoNothing()
}

/** The oldest pending slot that nobody is at, leased and committed before it is returned. */
export function leaseNext(postgres: Postgres, now: Date): Promise<LeasedPost | null> {
  return postgres.tables.transaction(async (tx) => {
    const [found] = await tx
      .select()
      .from(digestPosts)
      .innerJoin(digests, eq(digests.id, digestPosts.digestId))
      .where(
        sql`${digestPosts.state} = 'pending' and ${digestPosts.availableAt} <= ${now.toISOString()} and ${digests.endedAt} is null`,
      )
      .orderBy(digestPosts.availableAt, digestPosts.digestId)
      .limit(1)
      .for('update', { skipLocked: true, of: digestPosts })
    if (!found) return null
    const { digest_posts: post } = found
    const slot = { day: post.day, dueAt: post.dueAt }
    const [unanswered, attempts] = [post.unanswered + 1, post.attempts + 1]
    const availableAt = new Date(now.getTime() + LEASE_MS)
    await tx.update(digestPosts).set({ unanswered, attempts, availableAt }).where(is(post))
    return { digest: fromDb(found.digests), slot, unanswered, attempts }
  })
}

export async function markPosted(tx: Queryable, post: LeasedPost, messageTs: string): Promise<void> {
  const set = { state: 'posted', messageTs, unanswered: 0, lastError: null } as const
  await tx.update(digestPosts).set(set).where(isOf(post))
}

/** Not posted, and never will be: `why` is for the operator. */
export async function markSkipped(tx: Queryable, post: LeasedPost, why: string): Promise<void> {
  await tx
    .update(digestPosts)
    .set({ state: 'skipped', lastError: why.slice(0, 1000) })
    .where(isOf(post))
}

/** Slack was heard, or surely not reached: the attempt is no longer one of unknown outcome. */
export async function markRetried(
  tx: Queryable,
  post: LeasedPost,
  { why, retryAt }: { readonly why: string; readonly retryAt: Date },
): Promise<void> {
  const set = { unanswered: 0, availableAt: retryAt, lastError: why.slice(0, 1000) }
  await tx.update(digestPosts).set(set).where(isOf(post))
}

const is = ({ digestId, day }: { readonly digestId: string; readonly day: string }) =>
  and(eq(digestPosts.digestId, digestId), eq(digestPosts.day, day), eq(digestPosts.state, 'pending'))

const isOf = ({ digest, slot }: LeasedPost) => is({ digestId: digest.id, day: slot.day })
