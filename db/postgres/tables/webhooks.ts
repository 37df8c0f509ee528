/** Who is told by webhook, and what. */
import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgSequence, pgTable, text } from 'drizzle-orm/pg-core'
import type { Envelope } from '../../../core/envelope.ts'
import type { DeliveryState } from '../../../core/webhook/delivery.ts'
import type { WebhookEventType } from '../../../core/webhook/events.ts'
import { budgets } from './budgets.ts'
import { instant } from './columns.ts'
import { organisations } from './organisations.ts'

/** Where a customer wants to be told that a budget stops or goes on; parsed by core/webhook/endpoint.ts. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    url: text('url').notNull(),
    /** Null is every event. */
    events: text('events').array().$type<WebhookEventType[]>(),
    secret: jsonb('secret').$type<Envelope>().notNull(),
    /** Signs beside the secret that followed it, until then. */
    previousSecret: jsonb('previous_secret').$type<Envelope>(),
    previousUntil: instant('previous_until'),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    /** The receiver asked for time: nothing goes there before. */
    pausedUntil: instant('paused_until'),
    disabledAt: instant('disabled_at'),
    disabledWhy: text('disabled_why').$type<'person' | 'gone'>(),
    archivedAt: instant('archived_at'),
  },
  (t) => [index('webhooks_live').on(t.orgId).where(sql`${t.archivedAt} is null`)],
)

/**
 * Orders the events of a budget: drawn while its period is locked, so that what commits later has the higher number,
 * whatever the clocks of our processes say.
 */
export const webhookSequence = pgSequence('webhook_sequence')

/** One event for one webhook: its id is the `webhook-id`, its body the text that is signed, at every attempt. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhooks.id),
    /** Null where it tells of no budget, as a stop of all calls does. */
    budgetId: text('budget_id').references(() => budgets.id),
    event: text('event').$type<WebhookEventType>().notNull(),
    body: text('body').notNull(),
    state: text('state').$type<DeliveryState>().notNull(),
    attempts: integer('attempts').notNull(),
    attemptsLeft: integer('attempts_left').notNull(),
    nextAt: instant('next_at').notNull(),
    /** An attempt is under way; if it has not ended by then, its sender is gone. */
    leasedUntil: instant('leased_until'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    lastAttemptAt: instant('last_attempt_at'),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (t) => [
    index('webhook_deliveries_due')
      .on(t.webhookId, t.nextAt)
      .where(sql`${t.state} in ('pending', 'retrying')`),
    index('webhook_deliveries_webhook').on(t.webhookId, t.createdAt),
  ],
)
