/**
 * What people do with webhooks: add, rotate the secret, disable, enable, archive, look through them. Each change is one
 * transaction with its row in the audit trail.
 * Invariant: a secret is stored sealed, and leaves this file in plain once, in the answer that made it.
 */
import { and, asc, count, eq, isNull } from 'drizzle-orm'
import { type Keyring, seal } from '../../core/envelope.ts'
import { shownUrl, type WebhookEndpoint } from '../../core/webhook/endpoint.ts'
import { mintWebhookSecret } from '../../core/webhook/signature.ts'
import { type Deed, recordDeed } from './audit.ts'
import { idOnce, madeOnce, type Once, priorUse, rememberOnce, wasUsedForOther } from './once.ts'
import type { Postgres, Queryable } from './open.ts'
import { organisations, webhooks } from './schema.ts'
import { giveUpOpenDeliveries } from './webhook-deliveries.ts'

/** Each event is written once for each of them, in the ledger's own transaction. */
export const WEBHOOKS_PER_ORG_MAX = 10

export interface Webhook extends WebhookEndpoint {
  readonly id: string
  readonly orgId: string
  readonly createdBy: string
  readonly createdAt: Date
  /** The secret before the current one signs too, until then. */
  readonly previousUntil: Date | null
  readonly pausedUntil: Date | null
  readonly disabledAt: Date | null
  readonly disabledWhy: 'person' | 'gone' | null
  readonly archivedAt: Date | null
}

/** Who does it, and from where. */
export interface Doer {
  readonly by: string
  readonly origin: Deed['origin']
}

export interface OneWebhook extends Doer {
  readonly orgId: string
  readonly webhookId: string
}

/** What the envelope of a webhook's secrets is bound to. */
export const webhookSecretPurpose = (webhookId: string): string => `webhook_secret:${webhookId}`

/** Webhooks of one organisation, or of all, by age; archived ones included. */
export async function listWebhooks(tx: Queryable, of: { readonly orgId?: string } = {}): Promise<Webhook[]> {
  const rows = await tx
    .select()
    .from(webhooks)
    .where(of.orgId === undefined ? undefined : eq(webhooks.orgId, of.orgId))
    .orderBy(asc(webhooks.orgId), asc(webhooks.createdAt), asc(webhooks.id))
  return rows.map(fromDbWebhook)
}

export async function findWebhook(tx: Queryable, webhookId: string): Promise<Webhook | null> {
  const [row] = await tx.select().from(webhooks).where(eq(webhooks.id, webhookId))
  return row ? fromDbWebhook(row) : null
}

export type WebhookAdded =
  | { readonly kind: 'added'; readonly webhook: Webhook; readonly secret: string }
  /** The same key of idempotency made it before; its secret was shown then. */
  | { readonly kind: 'repeated'; readonly webhook: Webhook }
  | { readonly kind: 'refused'; readonly why: 'too_many' | 'key_reused' }

export interface AddingWebhook extends Doer {
  readonly orgId: string
  readonly endpoint: WebhookEndpoint
  readonly once?: Once | null
}

export function addWebhook(
  postgres: Postgres,
  { orgId, endpoint, by, origin, once = null }: AddingWebhook,
  keyring: Keyring,
  now: Date,
): Promise<WebhookAdded> {
  return postgres.tables.transaction(async (tx): Promise<WebhookAdded> => {
    // Of two that come at once the second counts the first.
    await tx
      .select({ id: organisations.id })
      .from(organisations)
      .where(eq(organisations.id, orgId))
      .for('no key update')
    const before = once === null ? null : await madeBefore(tx, orgId, once)
    if (before !== null) return before
    const [live] = await tx
      .select({ count: count() })
      .from(webhooks)
      .where(and(eq(webhooks.orgId, orgId), isNull(webhooks.archivedAt)))
    if ((live?.count ?? 0) >= WEBHOOKS_PER_ORG_MAX) return { kind: 'refused', why: 'too_many' }
    const id = idOnce('whk', once, now)
    const secret = mintWebhookSecret()
    const row = {
      ...{ id, orgId, url: endpoint.url, events: endpoint.events === null ? null : [...endpoint.events] },
      secret: seal({ plaintext: secret, purpose: webhookSecretPurpose(id) }, keyring),
      ...{ createdBy: by, createdAt: now },
    }
    const [made] = await tx.insert(webhooks).values(row).returning()
    if (!made) throw new Error('an insert returned no row')
    const after = { url: shownUrl(endpoint.url), events: endpoint.events ?? 'all' }
    await recordDeed(tx, { orgId, actor: by, action: 'webhook.added', subject: id, after, origin }, now)
    await rememberOnce(tx, once, now)
    return { kind: 'added', webhook: fromDbWebhook(made), secret }
  })
}

async function madeBefore(tx: Queryable, orgId: string, once: Once): Promise<WebhookAdded | null> {
  if (await wasUsedForOther(tx, once)) return { kind: 'refused', why: 'key_reused' }
  const [made] = await tx
    .select()
    .from(webhooks)
    .where(madeOnce({ id: webhooks.id, owner: webhooks.orgId }, orgId, once))
  return made ? { kind: 'repeated', webhook: fromDbWebhook(made) } : null
}

export type SecretRotated =
  | { readonly kind: 'rotated'; readonly secret: string; readonly previousUntil: Date }
  /** The same key of idempotency rotated it before; the secret was shown then. */
  | { readonly kind: 'repeated' }
  /** `overlapping`: two secrets are in force already, and a third would end the first before its time. */
  | { readonly kind: 'refused'; readonly why: 'unknown' | 'archived' | 'overlapping' | 'key_reused' }

export interface RotatingSecret extends OneWebhook {
  readonly overlapMs: number
  readonly once?: Once | null
}

/** Makes the secret that follows; both sign until the overlap ends. An overlap of nothing ends the old one at once. */
export function rotateWebhookSecret(
  postgres: Postgres,
  { overlapMs, once = null, ...one }: RotatingSecret,
  keyring: Keyring,
  now: Date,
): Promise<SecretRotated> {
  return postgres.tables.transaction(async (tx): Promise<SecretRotated> => {
    const row = await lockWebhook(tx, one)
    if (row === null || row.archivedAt !== null) {
      return { kind: 'refused', why: row === null ? 'unknown' : 'archived' }
    }
    const use = once === null ? 'unused' : await priorUse(tx, once)
    if (use === 'for_this') return { kind: 'repeated' }
    if (use === 'for_other') return { kind: 'refused', why: 'key_reused' }
    if (overlapMs > 0 && row.previousUntil !== null && row.previousUntil > now) {
      return { kind: 'refused', why: 'overlapping' }
    }
    const secret = mintWebhookSecret()
    const previousUntil = new Date(now.getTime() + overlapMs)
    const sealed = seal({ plaintext: secret, purpose: webhookSecretPurpose(row.id) }, keyring)
    const previous = overlapMs > 0 ? { previousSecret: row.secret, previousUntil } : NO_PREVIOUS
    await tx
      .update(webhooks)
      .set({ secret: sealed, ...previous })
      .where(eq(webhooks.id, row.id))
    await recordWebhookDeed(
      tx,
      one,
      { action: 'webhook.secret_rotated', after: { previous_until: previousUntil } },
      now,
    )
    await rememberOnce(tx, once, now)
    return { kind: 'rotated', secret, previousUntil }
  })
}

const NO_PREVIOUS = { previousSecret: null, previousUntil: null }

export type WebhookChanged = 'done' | 'already' | 'unknown'

/** Sends it nothing more until it is enabled; what was still to be sent is given up, and can be replayed then. */
export function disableWebhook(postgres: Postgres, one: OneWebhook, now: Date): Promise<WebhookChanged> {
  return postgres.tables.transaction(async (tx): Promise<WebhookChanged> => {
    const row = await lockWebhook(tx, one)
    if (row === null || row.archivedAt !== null) return 'unknown'
    if (row.disabledAt !== null) return 'already'
    await disableLocked(tx, { ...one, why: 'person' }, now)
    return 'done'
  })
}

/** In the caller's transaction, for a webhook that is enabled. */
export async function disableLocked(
  tx: Queryable,
  { why, ...one }: OneWebhook & { readonly why: 'person' | 'gone' },
  now: Date,
): Promise<void> {
  await tx.update(webhooks).set({ disabledAt: now, disabledWhy: why }).where(eq(webhooks.id, one.webhookId))
  await giveUpOpenDeliveries(tx, one.webhookId, 'the webhook was disabled')
  await recordWebhookDeed(tx, one, { action: 'webhook.disabled', after: { why } }, now)
}

export function enableWebhook(postgres: Postgres, one: OneWebhook, now: Date): Promise<WebhookChanged> {
  return postgres.tables.transaction(async (tx): Promise<WebhookChanged> => {
    const row = await lockWebhook(tx, one)
    if (row === null || row.archivedAt !== null) return 'unknown'
    if (row.disabledAt === null) return 'already'
    await enableLocked(tx, one, now)
    return 'done'
  })
}

/** In the caller's transaction, for a webhook that is disabled. */
export async function enableLocked(tx: Queryable, one: OneWebhook, now: Date): Promise<void> {
  await tx
    .update(webhooks)
    .set({ disabledAt: null, disabledWhy: null, pausedUntil: null })
    .where(eq(webhooks.id, one.webhookId))
  await recordWebhookDeed(tx, one, { action: 'webhook.enabled' }, now)
}

/** Ends it for good; its deliveries stay to be seen until they are forgotten. */
export function archiveWebhook(postgres: Postgres, one: OneWebhook, now: Date): Promise<WebhookChanged> {
  return postgres.tables.transaction(async (tx): Promise<WebhookChanged> => {
    const row = await lockWebhook(tx, one)
    if (row === null) return 'unknown'
    if (row.archivedAt !== null) return 'already'
    await tx.update(webhooks).set({ archivedAt: now }).where(eq(webhooks.id, row.id))
    await giveUpOpenDeliveries(tx, row.id, 'the webhook was removed')
    await recordWebhookDeed(tx, one, { action: 'webhook.removed' }, now)
    return 'done'
  })
}

/** Not `for update`, which the ledger would wait for: its deliveries refer to the row. */
export async function lockWebhook(tx: Queryable, { orgId, webhookId }: OneWebhook) {
  const [row] = await tx
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, webhookId), eq(webhooks.orgId, orgId)))
    .for('no key update')
  return row ?? null
}

export const recordWebhookDeed = (
  tx: Queryable,
  { orgId, webhookId, by, origin }: OneWebhook,
  deed: Pick<Deed, 'action' | 'before' | 'after'>,
  now: Date,
): Promise<void> => recordDeed(tx, { orgId, actor: by, subject: webhookId, origin, ...deed }, now)

export function fromDbWebhook(row: typeof webhooks.$inferSelect): Webhook {
  const { secret: _, previousSecret: __, ...facts } = row
  return facts
}
