/** The living card of each budget-period: where it stands in Slack, and what it last showed. */
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from './open.ts'
import { budgetCards, budgets } from './schema.ts'
import type { StoredPicture } from './stored-picture.ts'

export interface Card {
  readonly orgId: string
  readonly budgetId: string
  readonly periodFrom: Date
  readonly channelId: string
  readonly messageTs: string
  readonly permalink: string | null
  /** A digest of the blocks that Slack last took, so that an unchanged card is not sent again. */
  readonly shownHash: string
  /** The chart below its words; null while it shows none. */
  readonly picture: StoredPicture | null
}

export async function readCard(tx: Queryable, budgetId: string, periodFrom: Date): Promise<Card | null> {
  const [row] = await tx
    .select()
    .from(budgetCards)
    .where(and(eq(budgetCards.budgetId, budgetId), eq(budgetCards.from, periodFrom)))
  return row ? fromDbCard(row) : null
}

/** Of each live budget the card of its last period and the one before, in the order of their budgets. */
export async function listNewestCards(tx: Queryable): Promise<Card[]> {
  const newest = tx
    .select()
    .from(budgetCards)
    .where(eq(budgetCards.budgetId, budgets.id))
    .orderBy(desc(budgetCards.from))
    .limit(2)
    .as('newest')
  const rows = await tx
    .select({
      ...{ orgId: newest.orgId, budgetId: newest.budgetId, from: newest.from, channelId: newest.channelId },
      ...{ messageTs: newest.messageTs, permalink: newest.permalink, shownHash: newest.shownHash },
      picture: newest.picture,
    })
    .from(budgets)
    .innerJoinLateral(newest, sql`true`)
    .where(isNull(budgets.archivedAt))
    .orderBy(asc(newest.budgetId), asc(newest.from))
  return rows.map(fromDbCard)
}

/**
 * Waits until nobody else is showing this budget's cards, until the transaction ends: so that two replicas, or the
 * outbox and the refresher, never let an older picture overwrite a newer one.
 */
export async function lockCards(tx: Queryable, budgetId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`cards/${budgetId}`}, 0))`)
}

/** Saves a card that was just posted; a card in another channel takes the place of the old one. */
export async function savePostedCard(tx: Queryable, card: Card, now: Date): Promise<void> {
  const { periodFrom: from, ...rest } = card
  const row = { ...rest, from, postedAt: now, updatedAt: now }
  await tx
    .insert(budgetCards)
    .values(row)
    .onConflictDoUpdate({ target: [budgetCards.budgetId, budgetCards.from], set: row })
}

export async function saveShownCard(
  tx: Queryable,
  {
    budgetId,
    periodFrom,
    shownHash,
    picture,
  }: Pick<Card, 'budgetId' | 'periodFrom' | 'shownHash' | 'picture'>,
  now: Date,
): Promise<void> {
  await tx
    .update(budgetCards)
    .set({ shownHash, picture, updatedAt: now })
    .where(and(eq(budgetCards.budgetId, budgetId), eq(budgetCards.from, periodFrom)))
}

type Kept = Omit<Card, 'periodFrom'> & { readonly from: Date }

/** Who is on it, and until when it is quiet, is read apart (card-attention.ts). */
function fromDbCard(row: Kept): Card {
  const { orgId, budgetId, from: periodFrom, channelId, messageTs, permalink, shownHash, picture } = row
  return { orgId, budgetId, periodFrom, channelId, messageTs, permalink, shownHash, picture }
}
