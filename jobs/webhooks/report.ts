/** Webhooks and their deliveries as lines for a terminal, and as JSON. Times are UTC. */
import { shownUrl } from '../../core/webhook/endpoint.ts'
import type { ListedDelivery } from '../../db/postgres/webhook-deliveries.ts'
import type { Webhook } from '../../db/postgres/webhooks.ts'
import { aligned } from '../aligned.ts'

export function webhookLines(webhooks: readonly Webhook[], now: Date): readonly string[] {
  if (webhooks.length === 0) return ['There are no webhooks.']
  return aligned([
    ['id', 'url', 'events', 'made', 'state'],
    ...webhooks.map((webhook) => [
      webhook.id,
      shownUrl(webhook.url),
      webhook.events?.join(',') ?? 'all',
      secondText(webhook.createdAt),
      stateText(webhook, now),
    ]),
  ])
}

export const webhookJson = (webhook: Webhook): object => ({
  id: webhook.id,
  org_id: webhook.orgId,
  url: shownUrl(webhook.url),
  events: webhook.events ?? 'all',
  created_at: webhook.createdAt,
  created_by: webhook.createdBy,
  previous_secret_until: webhook.previousUntil,
  paused_until: webhook.pausedUntil,
  disabled_at: webhook.disabledAt,
  disabled_why: webhook.disabledWhy,
  removed_at: webhook.archivedAt,
})

export function deliveryLines(deliveries: readonly ListedDelivery[]): readonly string[] {
  if (deliveries.length === 0) return ['There are no deliveries.']
  return aligned([
    ['id', 'made', 'event', 'budget', 'state', 'attempts', 'next', 'last'],
    ...deliveries.map((delivery) => [
      delivery.id,
      secondText(delivery.createdAt),
      delivery.event,
      delivery.budgetId ?? '',
      delivery.state,
      String(delivery.attempts),
      isOpen(delivery) ? secondText(delivery.nextAt) : '',
      delivery.lastError ?? (delivery.lastStatus === null ? '' : `answered ${delivery.lastStatus}`),
    ]),
  ])
}

export const deliveryJson = (delivery: ListedDelivery): object => ({
  id: delivery.id,
  webhook_id: delivery.webhookId,
  budget_id: delivery.budgetId,
  type: delivery.event,
  body: JSON.parse(delivery.body),
  state: delivery.state,
  attempts: delivery.attempts,
  attempts_left: delivery.attemptsLeft,
  next_attempt_at: isOpen(delivery) ? delivery.nextAt : null,
  last_attempt_at: delivery.lastAttemptAt,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  created_at: delivery.createdAt,
  delivered_at: delivery.deliveredAt,
})

export const secondText = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`

const isOpen = ({ state }: ListedDelivery): boolean => state === 'pending' || state === 'retrying'

function stateText(
  { archivedAt, disabledAt, disabledWhy, pausedUntil, previousUntil }: Webhook,
  now: Date,
): string {
  if (archivedAt !== null) return `removed ${secondText(archivedAt)}`
  if (disabledAt !== null) {
    return `disabled ${secondText(disabledAt)}${disabledWhy === 'gone' ? ': it answered 410 Gone' : ''}`
  }
  const paused =
    pausedUntil !== null && pausedUntil > now ? `, asked to wait until ${secondText(pausedUntil)}` : ''
  const rotating =
    previousUntil !== null && previousUntil > now ? `, two secrets until ${secondText(previousUntil)}` : ''
  return `live${paused}${rotating}`
}
