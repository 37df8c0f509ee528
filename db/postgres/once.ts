/**
 * What is asked with a key of idempotency is done once: what it made bears a part of the key in its id, by which a repeat
 * finds it. That the key was used, and for what, is remembered beside the ids of Slack's events, which are forgotten
 * after days; what was made is found for as long as it is there.
 */
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { type IdPrefix, newId, seededId, seededPartOf } from '../../core/ids.ts'
import type { Queryable } from './open.ts'
import { slackEventsSeen } from './schema.ts'
import { isFirstSight } from './slack-events.ts'

export interface Once {
  /** A hash of whose key it is and of the key. */
  readonly key: string
  /** A hash of what is asked. */
  readonly fingerprint: string
}

/** Whether the key was used for something else. The caller has what it changes to itself. */
export const wasUsedForOther = async (tx: Queryable, once: Once): Promise<boolean> =>
  (await priorUse(tx, once)) === 'for_other'

/**
 * What the key was used for, for as long as that is remembered: by itself enough for what makes nothing that could be
 * found. The caller has what it changes to itself.
 */
export async function priorUse(
  tx: Queryable,
  { key, fingerprint }: Once,
): Promise<'unused' | 'for_this' | 'for_other'> {
  const [any, same] = [`api/${key}`, `api/${key}/${fingerprint}`]
  const rows = await tx
    .select({ id: slackEventsSeen.eventId })
    .from(slackEventsSeen)
    .where(inArray(slackEventsSeen.eventId, [any, same]))
  if (rows.length === 0) return 'unused'
  return rows.length === 1 ? 'for_other' : 'for_this'
}

/** Written with what was made, so that what was refused can be asked for again. */
export async function rememberOnce(tx: Queryable, once: Once | null, now: Date): Promise<void> {
  if (once === null) return
  await isFirstSight(tx, `api/${once.key}`, now)
  await isFirstSight(tx, `api/${once.key}/${once.fingerprint}`, now)
}

export const idOnce = (prefix: IdPrefix, once: Once | null, now: Date): string =>
  once === null ? newId(prefix, now) : seededId(prefix, once.key, now)

/** Among the rows of an owner that an index finds, the one that was made with the key. */
export const madeOnce = (
  { id, owner }: { readonly id: AnyPgColumn; readonly owner: AnyPgColumn },
  ownerId: string,
  { key }: Once,
): SQL | undefined => and(eq(owner, ownerId), sql`right(${id}, 16) = ${seededPartOf(key)}`)
