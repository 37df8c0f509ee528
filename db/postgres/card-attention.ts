/**
 * Who is on the budget of a card, and until when its crossings are quiet. Kept with the card of the budget-period, so a
 * new period begins without either.
 * Invariant: whoever changes one writes the audit row and the notice that refreshes the card in the same transaction.
 */
import { and, asc, eq, isNotNull, lt, lte, sql } from 'drizzle-orm'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { recordDeed } from './audit.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { budgetCards, outbox } from './schema.ts'

export interface CardPlace {
  readonly orgId: string
  readonly budgetId: string
  readonly periodFrom: Date
}

export interface Acknowledged {
  readonly by: string
  readonly at: Date
  readonly state: string
}

export interface Quiet {
  readonly by: string
  readonly from: Date
  readonly until: Date
}

export interface Attention {
  readonly acknowledged: Acknowledged | null
  readonly quiet: Quiet | null
}

export const NO_ATTENTION: Attention = { acknowledged: null, quiet: null }

type Row = typeof budgetCards.$inferSelect

const isCard = ({ orgId, budgetId, periodFrom }: CardPlace) =>
  and(eq(budgetCards.orgId, orgId), eq(budgetCards.budgetId, budgetId), eq(budgetCards.from, periodFrom))

export async function readAttention(tx: Queryable, place: CardPlace): Promise<Attention> {
  const [row] = await tx.select().from(budgetCards).where(isCard(place))
  return row ? attentionOf(row) : NO_ATTENTION
}

const attentionOf = (row: Row): Attention => ({
  acknowledged:
    row.acknowledgedBy !== null && row.acknowledgedAt !== null && row.acknowledgedState !== null
      ? { by: row.acknowledgedBy, at: row.acknowledgedAt, state: row.acknowledgedState }
      : null,
  quiet:
    row.quietBy !== null && row.quietFrom !== null && row.quietUntil !== null
      ? { by: row.quietBy, from: row.quietFrom, until: row.quietUntil }
      : null,
})

export type AttentionOutcome = 'done' | 'already' | 'card_unknown'

/** `already` when the same person is on the same state. Another takes the place of whoever was. */
export function acknowledgeCard(
  postgres: Postgres,
  { by, state, ...place }: CardPlace & { readonly by: string; readonly state: string },
  now: Date,
): Promise<AttentionOutcome> {
  return withCard(postgres, place, async (tx, { acknowledged }) => {
    if (acknowledged?.by === by && acknowledged.state === state) return 'already'
    await tx
      .update(budgetCards)
      .set({ acknowledgedBy: by, acknowledgedAt: now, acknowledgedState: state })
      .where(isCard(place))
    await tell(tx, place, { kind: 'acknowledged', by }, now)
    const before = acknowledged?.state === state ? { before: { by: acknowledged.by } } : {}
    await record(tx, place, { actor: by, action: 'budget.acknowledged', ...before, after: { state } }, now)
    return 'done'
  })
}

/** What was acknowledged before the state changed is so no more, also when that state comes again. */
export async function endAcknowledgement(tx: Queryable, place: CardPlace, changedAt: Date): Promise<void> {
  await tx
    .update(budgetCards)
    .set({ acknowledgedBy: null, acknowledgedAt: null, acknowledgedState: null })
    .where(and(isCard(place), lt(budgetCards.acknowledgedAt, changedAt)))
}

/** `already` when it is quiet until then, by whomever. */
export function quietCard(
  postgres: Postgres,
  { by, until, ...place }: CardPlace & { readonly by: string; readonly until: Date },
  now: Date,
): Promise<AttentionOutcome> {
  return withCard(postgres, place, async (tx, { quiet }) => {
    // The hours of a second press of a double click begin a moment later.
    const isSame = quiet !== null && Math.abs(quiet.until.getTime() - until.getTime()) < SAME_PRESS_MS
    if (isSame) return 'already'
    const quietFrom = quiet?.from ?? now
    await tx.update(budgetCards).set({ quietBy: by, quietFrom, quietUntil: until }).where(isCard(place))
    await tell(tx, place, { kind: 'quiet_begun', by, until }, now)
    const before = quiet === null ? {} : { before: { until: quiet.until.toISOString() } }
    const deed = { actor: by, action: 'budget.quieted', ...before, after: { until: until.toISOString() } }
    await record(tx, place, deed, now)
    return 'done'
  })
}

const SAME_PRESS_MS = 10_000

/** By a person, before its time. */
export function endQuiet(
  postgres: Postgres,
  { by, ...place }: CardPlace & { readonly by: string },
  now: Date,
): Promise<AttentionOutcome> {
  return withCard(postgres, place, async (tx, { quiet }) => {
    if (quiet === null) return 'already'
    await end(tx, place, quiet, now)
    await record(tx, place, { actor: by, action: 'budget.quiet_ended' }, now)
    return 'done'
  })
}

/** By the clock. One that another replica ends at this moment is left to it. */
export function endQuiets(postgres: Postgres, now: Date): Promise<void> {
  return postgres.tables.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(budgetCards)
      .where(and(isNotNull(budgetCards.quietUntil), lte(budgetCards.quietUntil, now)))
      .orderBy(asc(budgetCards.budgetId))
      .limit(100)
      .for('update', { skipLocked: true })
    for (const row of rows) {
      const { quiet } = attentionOf(row)
      const { orgId, budgetId, from: periodFrom } = row
      if (quiet) await end(tx, { orgId, budgetId, periodFrom }, quiet, now)
    }
  })
}

async function end(tx: Queryable, place: CardPlace, quiet: Quiet, now: Date): Promise<void> {
  const none = { quietBy: null, quietFrom: null, quietUntil: null }
  await tx.update(budgetCards).set(none).where(isCard(place))
  const quieted = await readQuieted(tx, place, quiet.from)
  await tell(tx, place, { kind: 'quiet_ended', quieted }, now)
}

/** The percents that were kept from the thread since then, of all counters. */
async function readQuieted(
  tx: Queryable,
  { budgetId, periodFrom }: CardPlace,
  since: Date,
): Promise<number[]> {
  const rows = await tx
    .selectDistinct({ percent: sql<number>`jsonb_array_elements(${outbox.notice} -> 'percents')::float8` })
    .from(outbox)
    .where(
      and(
        eq(outbox.budgetId, budgetId),
        eq(outbox.from, periodFrom),
        sql`${outbox.quietedAt} >= ${since.toISOString()}`,
      ),
    )
  return rows.map(({ percent }) => percent).sort((one, other) => one - other)
}

/** Kept from the thread: the card shows it. */
export async function markQuieted(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx.update(outbox).set({ quietedAt: now }).where(eq(outbox.id, id))
}

type Change = (tx: Queryable, attention: Attention) => Promise<AttentionOutcome>

function withCard(postgres: Postgres, place: CardPlace, change: Change): Promise<AttentionOutcome> {
  return postgres.tables.transaction(async (tx): Promise<AttentionOutcome> => {
    const [row] = await tx.select().from(budgetCards).where(isCard(place)).for('update')
    return row ? await change(tx, attentionOf(row)) : 'card_unknown'
  })
}

type Told = Parameters<typeof enqueueNotices>[1][number]['notice']

const tell = (tx: Queryable, place: CardPlace, notice: Told, now: Date): Promise<void> =>
  enqueueNotices(tx, [{ ...place, counter: ONE_COUNTER, notice }], now)

interface Recorded {
  readonly actor: string
  readonly action: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
}

const record = (tx: Queryable, { orgId, budgetId }: CardPlace, deed: Recorded, now: Date): Promise<void> =>
  recordDeed(tx, { orgId, subject: budgetId, origin: 'slack', ...deed }, now)
