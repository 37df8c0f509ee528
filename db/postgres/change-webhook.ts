/**
 * Changing where a webhook leads, what it hears and whether it is sent anything: what differs, in one transaction, with a
 * row in the audit trail for each kind of change.
 */
import { eq } from 'drizzle-orm'
import { shownUrl, type WebhookEndpoint } from '../../core/webhook/endpoint.ts'
import type { Postgres, Queryable } from './open.ts'
import { webhooks } from './schema.ts'
import {
  disableLocked,
  enableLocked,
  fromDbWebhook,
  lockWebhook,
  type OneWebhook,
  recordWebhookDeed,
  type Webhook,
} from './webhooks.ts'

/** What is left out stays. */
export interface WebhookChange extends Partial<WebhookEndpoint> {
  readonly isEnabled?: boolean
}

/** Null for a webhook that is not there, or was removed. */
export function changeWebhook(
  postgres: Postgres,
  { change, ...one }: OneWebhook & { readonly change: WebhookChange },
  now: Date,
): Promise<Webhook | null> {
  return postgres.tables.transaction(async (tx) => {
    const row = await lockWebhook(tx, one)
    if (row === null || row.archivedAt !== null) return null
    await changeEndpoint(tx, one, { before: fromDbWebhook(row), change }, now)
    const isEnabled = row.disabledAt === null
    if (isEnabled && change.isEnabled === false) await disableLocked(tx, { ...one, why: 'person' }, now)
    if (!isEnabled && change.isEnabled === true) await enableLocked(tx, one, now)
    const [changed] = await tx.select().from(webhooks).where(eq(webhooks.id, row.id))
    return changed ? fromDbWebhook(changed) : null
  })
}

/** What still is to be sent goes to the new URL; that the old one asked for time is no matter of the new one. */
async function changeEndpoint(
  tx: Queryable,
  one: OneWebhook,
  { before, change }: { readonly before: Webhook; readonly change: WebhookChange },
  now: Date,
): Promise<void> {
  const { url = before.url, events = before.events } = change
  const isElsewhere = url !== before.url
  if (!isElsewhere && wordsOf(events) === wordsOf(before.events)) return
  await tx
    .update(webhooks)
    .set({
      ...{ url, events: events === null ? null : [...events] },
      ...(isElsewhere ? { pausedUntil: null } : {}),
    })
    .where(eq(webhooks.id, before.id))
  const shown = (endpoint: WebhookEndpoint) => ({
    url: shownUrl(endpoint.url),
    events: endpoint.events ?? 'all',
  })
  const deed = { action: 'webhook.changed', before: shown(before), after: shown({ url, events }) }
  await recordWebhookDeed(tx, one, deed, now)
}

const wordsOf = (events: WebhookEndpoint['events']): string => events?.join(',') ?? 'all'
