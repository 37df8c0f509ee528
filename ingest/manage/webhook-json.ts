/** Webhooks and their deliveries in the form of the wire. A secret is no part of them. */
import { isOpen } from '../../core/webhook/delivery.ts'
import { shownUrl } from '../../core/webhook/endpoint.ts'
import type { ListedDelivery } from '../../db/postgres/webhook-deliveries.ts'
import type { Webhook } from '../../db/postgres/webhooks.ts'

export const toWebhookJson = (webhook: Webhook, now: Date) => ({
  id: webhook.id,
  url: shownUrl(webhook.url),
  events: webhook.events,
  enabled: webhook.disabledAt === null,
  disabled_at: webhook.disabledAt?.toISOString() ?? null,
  disabled_why: webhook.disabledWhy,
  paused_until: toComeOrNull(webhook.pausedUntil, now),
  previous_secret_until: toComeOrNull(webhook.previousUntil, now),
  created_by: webhook.createdBy,
  created_at: webhook.createdAt.toISOString(),
})

export const toDeliveryJson = (delivery: ListedDelivery) => ({
  id: delivery.id,
  type: delivery.event,
  budget_id: delivery.budgetId,
  state: delivery.state,
  attempts: delivery.attempts,
  attempts_left: delivery.attemptsLeft,
  next_attempt_at: isOpen(delivery) ? delivery.nextAt.toISOString() : null,
  last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  created_at: delivery.createdAt.toISOString(),
  delivered_at: delivery.deliveredAt?.toISOString() ?? null,
  body: JSON.parse(delivery.body),
})

const toComeOrNull = (at: Date | null, now: Date): string | null =>
  at !== null && at > now ? at.toISOString() : null
