/**
 * The outbox of Slack: written with the fact that it tells, read in order, marked when Slack has it. What webhooks are
 * told is written with it (webhook-deliveries.ts).
 * Delivery is at least once: only a kill between Slack's answer and our commit can repeat one.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Notice } from '../../core/budget/notice.ts'
import type { Counter } from '../../core/budget/scope.ts'
import { nanoUsd } from '../../core/money.ts'
import type { Queryable } from './open.ts'
import { outbox } from './schema.ts'
import { signalOutbox } from './signals.ts'
import { enqueueDeliveries } from './webhook-deliveries.ts'

export interface NoticeOf {
  readonly orgId: string
  readonly budgetId: string
  readonly periodFrom: Date
  /** Which counter of the budget it is about. */
  readonly counter: Counter
  readonly notice: Notice
}

export interface PendingNotice extends NoticeOf {
  readonly id: number
  readonly attempts: number
  /** Why the last attempt failed; null before the first. */
  readonly lastError: string | null
  readonly createdAt: Date
}

export async function enqueueNotices(tx: Queryable, notices: readonly NoticeOf[], now: Date): Promise<void> {
  if (notices.length === 0) return
  await tx.insert(outbox).values(
    notices.map(({ orgId, budgetId, periodFrom, counter, notice }) => ({
      orgId,
      budgetId,
      from: periodFrom,
      counter,
      notice: toDbNotice(notice),
      createdAt: now,
      availableAt: now,
    })),
  )
  await enqueueDeliveries(tx, notices, now)
  await signalOutbox(tx)
}

/**
 * The oldest undelivered notice of each budget that is due, locked for the transaction that delivers it. Later
 * notices of a budget wait for its first, so that a thread reads in the order in which things happened.
 */
export async function claimNotices(tx: Queryable, now: Date, rowsMax: number): Promise<PendingNotice[]> {
  const rows = await tx
    .select()
    .from(outbox)
    .where(
      sql`${outbox.deliveredAt} is null and ${outbox.availableAt} <= ${now.toISOString()} and not exists (
        select 1 from outbox earlier where earlier.budget_id = ${outbox.budgetId}
        and earlier.delivered_at is null and earlier.id < ${outbox.id})`,
    )
    .orderBy(outbox.id)
    .limit(rowsMax)
    .for('update', { skipLocked: true })
  return rows.map((row) => ({
    id: row.id,
    orgId: row.orgId,
    budgetId: row.budgetId,
    periodFrom: row.from,
    counter: row.counter,
    notice: fromDbNotice(row.notice),
    attempts: row.attempts,
    lastError: row.lastError,
    createdAt: row.createdAt,
  }))
}

export async function markDelivered(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx
    .update(outbox)
    .set({ deliveredAt: now, lastError: null, attempts: sql`${outbox.attempts} + 1` })
    .where(is(id))
}

/** Keeps the notice and tries it again at `retryAt`; `error` is for the operator and holds no secret. */
export async function markFailed(tx: Queryable, id: number, error: string, retryAt: Date): Promise<void> {
  await tx
    .update(outbox)
    .set({ availableAt: retryAt, lastError: error.slice(0, 1000), attempts: sql`${outbox.attempts} + 1` })
    .where(is(id))
}

const is = (id: number): SQL => sql`${outbox.id} = ${id}`

/** Money and instants are tagged, so that JSON carries them exactly and they come back as what they were. */
function toDbNotice(notice: Notice): unknown {
  return JSON.parse(
    JSON.stringify(notice, function replace(this: unknown, key, value: unknown) {
      const original: unknown = key === '' ? value : Reflect.get(Object(this), key)
      if (typeof original === 'bigint') return { nano_usd: original.toString() }
      if (original instanceof Date) return { at: original.toISOString() }
      return value
    }),
  )
}

function fromDbNotice(stored: unknown): Notice {
  const revived: unknown = JSON.parse(JSON.stringify(stored), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if ('nano_usd' in value && typeof value.nano_usd === 'string') return nanoUsd(BigInt(value.nano_usd))
    if ('at' in value && typeof value.at === 'string') return new Date(value.at)
    return value
  })
  // The outbox is written by `enqueueNotices` alone, from the same type.
  return revived as Notice
}
