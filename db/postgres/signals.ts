/**
 * How the processes wake each other: Postgres notifications, sent with the commit of what they tell.
 * They are hints; every listener also looks by itself from time to time, so that a lost one delays and loses nothing.
 */
import { sql } from 'drizzle-orm'
import type { Queryable } from './open.ts'

/** Verdicts may have changed: of the project whose id is the payload, or of all projects of that organisation. */
export const VERDICT_CHANNEL = 'lens_verdict'
/** Something is to be said in Slack. */
export const OUTBOX_CHANNEL = 'lens_outbox'

/** Something is to be sent to a webhook. */
export const WEBHOOK_CHANNEL = 'lens_webhook'

export async function signalVerdicts(tx: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.execute(sql`select pg_notify(${VERDICT_CHANNEL}, id) from unnest(${sql.param(ids)}::text[]) id`)
}

export async function signalOutbox(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_notify(${OUTBOX_CHANNEL}, '')`)
}

export async function signalWebhooks(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_notify(${WEBHOOK_CHANNEL}, '')`)
}
