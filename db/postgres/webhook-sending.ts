/**
 * What the sender of webhooks takes and gives back. A delivery is leased, not locked: no transaction is open while a
 * receiver takes its time, and what a killed sender held is taken again, under the same id, when the lease is over.
 * Invariant: an attempt is counted before it is made, and its outcome is kept only by who made it last.
 */
import { and, eq, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Envelope } from '../../core/envelope.ts'
import { type AfterAttempt, type Delivery, givenUp } from '../../core/webhook/delivery.ts'
import type { WebhookEventType } from '../../core/webhook/events.ts'
import type { SecretsInForce } from '../../core/webhook/signature.ts'
import type { Postgres, Queryable } from './open.ts'
import { webhookDeliveries, webhooks } from './schema.ts'
import { isOpenRow } from './webhook-deliveries.ts'
import { disableLocked } from './webhooks.ts'

/** A delivery whose attempt has begun. */
export interface ClaimedDelivery extends Delivery {
  readonly id: string
  readonly orgId: string
  readonly webhookId: string
  readonly event: WebhookEventType
  readonly body: string
  readonly url: string
  readonly secrets: SecretsInForce<Envelope>
}

export interface Claim {
  readonly rowsMax: number
  /** Under way at a time for one webhook, by all senders together. */
  readonly perWebhookMax: number
  /** Longer than an attempt can take. */
  readonly leaseMs: number
}

/** Begins an attempt of what is due, the oldest first, and no more of one webhook than may be under way. */
export function claimDeliveries(
  postgres: Postgres,
  { rowsMax, perWebhookMax, leaseMs }: Claim,
  now: Date,
): Promise<ClaimedDelivery[]> {
  const at = now.toISOString()
  return postgres.tables.transaction(async (tx) => {
    await giveUpExhausted(tx, now)
    const claimed: { id: string }[] = await tx.execute(sql`
      with due as (
        select own.id from webhooks w cross join lateral (
          select d.id, d.next_at from webhook_deliveries d
          where d.webhook_id = w.id and d.state in ('pending', 'retrying') and d.next_at <= ${at}
            and d.attempts_left > 0 and (d.leased_until is null or d.leased_until <= ${at})
          order by d.next_at, d.id
          limit greatest(0, ${perWebhookMax}::int - (
            select count(*) from webhook_deliveries running
            where running.webhook_id = w.id and running.state in ('pending', 'retrying')
              and running.leased_until > ${at}))
          for update of d skip locked
        ) own
        where w.archived_at is null and w.disabled_at is null and (w.paused_until is null or w.paused_until <= ${at})
        order by own.next_at, own.id
        limit ${rowsMax}::int
      )
      update webhook_deliveries set attempts = attempts + 1, attempts_left = attempts_left - 1, last_attempt_at = ${at},
        leased_until = ${new Date(now.getTime() + leaseMs).toISOString()}
      where id in (select id from due) and (leased_until is null or leased_until <= ${at}) returning id`)
    return await readClaimed(
      tx,
      claimed.map(({ id }) => id),
    )
  })
}

/** Whoever made the last attempt is gone, and nobody knows how it ended. */
async function giveUpExhausted(tx: Queryable, now: Date): Promise<void> {
  await tx
    .update(webhookDeliveries)
    .set({ ...givenUp('the last attempt was cut short; it may have arrived'), leasedUntil: null })
    .where(and(isOpenRow, lte(webhookDeliveries.attemptsLeft, 0), lte(webhookDeliveries.leasedUntil, now)))
}

async function readClaimed(tx: Queryable, ids: readonly string[]): Promise<ClaimedDelivery[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .select({ delivery: webhookDeliveries, webhook: webhooks })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(inArray(webhookDeliveries.id, [...ids]))
    .orderBy(webhookDeliveries.nextAt, webhookDeliveries.id)
  return rows.map(({ delivery, webhook: { url, secret, previousSecret, previousUntil } }) => ({
    ...delivery,
    url,
    secrets: {
      current: secret,
      previous:
        previousSecret !== null && previousUntil !== null
          ? { secret: previousSecret, until: previousUntil }
          : null,
    },
  }))
}

/**
 * Keeps what came of an attempt. False when it is no longer this attempt's to say: someone replayed the delivery
 * meanwhile, or the lease was over and another sender took it.
 */
export function keepAttempt(
  postgres: Postgres,
  claimed: ClaimedDelivery,
  { delivery, endpoint }: AfterAttempt,
  now: Date,
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    // The webhook before its deliveries, as whoever disables it does, so that the two never wait in a circle.
    if (endpoint.kind === 'paused') {
      await tx.update(webhooks).set({ pausedUntil: endpoint.until }).where(eq(webhooks.id, claimed.webhookId))
    }
    const isNewlyGone = endpoint.kind === 'gone' && (await lockEnabled(tx, claimed.webhookId))
    const { state, nextAt, lastStatus, lastError } = delivery
    const deliveredAt = state === 'delivered' ? now : null
    const kept = await tx
      .update(webhookDeliveries)
      .set({ state, nextAt, lastStatus, lastError, leasedUntil: null, deliveredAt })
      .where(
        and(
          eq(webhookDeliveries.id, claimed.id),
          eq(webhookDeliveries.attempts, claimed.attempts),
          eq(webhookDeliveries.attemptsLeft, claimed.attemptsLeft),
          // What was given up meanwhile has arrived all the same, but is not tried again.
          state === 'delivered' ? undefined : isOpenRow,
        ),
      )
    if (isNewlyGone) {
      const { orgId, webhookId } = claimed
      await disableLocked(tx, { orgId, webhookId, by: 'system', origin: 'job', why: 'gone' }, now)
    }
    return kept.count > 0
  })
}

async function lockEnabled(tx: Queryable, webhookId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.id, webhookId), isNull(webhooks.disabledAt), isNull(webhooks.archivedAt)))
    .for('no key update')
  return rows.length === 1
}

export interface SealedSecrets {
  readonly webhookId: string
  readonly secret: Envelope
  readonly previousSecret: Envelope | null
}

/** Those with an envelope that another key than `keyId` sealed. */
export function listSecretsNotSealedBy(tx: Queryable, keyId: string): Promise<SealedSecrets[]> {
  return tx
    .select({
      webhookId: webhooks.id,
      secret: webhooks.secret,
      previousSecret: webhooks.previousSecret,
    })
    .from(webhooks)
    .where(
      or(
        sql`${webhooks.secret} ->> 'keyId' <> ${keyId}`,
        and(isNotNull(webhooks.previousSecret), sql`${webhooks.previousSecret} ->> 'keyId' <> ${keyId}`),
      ),
    )
}

/** Puts envelopes of the same secrets in the place of others, unless a rotation came between. */
export async function replaceSealedSecrets(
  tx: Queryable,
  { from, to }: { readonly from: SealedSecrets; readonly to: SealedSecrets },
): Promise<void> {
  await tx
    .update(webhooks)
    .set({ secret: to.secret, previousSecret: to.previousSecret })
    .where(
      and(
        eq(webhooks.id, from.webhookId),
        sql`${webhooks.secret} ->> 'nonce' = ${from.secret.nonce}`,
        sql`${webhooks.previousSecret} ->> 'nonce' is not distinct from ${from.previousSecret?.nonce ?? null}`,
      ),
    )
}
