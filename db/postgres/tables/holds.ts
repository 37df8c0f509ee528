/** What is held of budgets for calls that run. */
import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { budgets } from './budgets.ts'
import { instant, money } from './columns.ts'

/**
 * What a call may cost at most, set aside before it is made. Its identity is that of the event that will report it
 * (core/event/identity.ts), by which the ledger settles it.
 */
export const holds = pgTable(
  'holds',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    projectId: text('project_id').notNull(),
    identity: uuid('identity').notNull().unique(),
    requestId: text('request_id').notNull(),
    attempt: integer('attempt').notNull(),
    amount: money('amount_nano_usd').notNull(),
    priceVersion: text('price_version'),
    state: text('state').$type<'live' | 'settled' | 'released' | 'expired'>().notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Expired, it stays counted until then: a call that is slow to report must find its room. */
    countedUntil: instant('counted_until').notNull(),
    endedAt: instant('ended_at'),
    /** What the caller said that it cost, posted before its event; the event posts the difference. */
    settled: money('settled_nano_usd'),
    /** It cost more than was held for it. */
    isOver: boolean('is_over').notNull().default(false),
  },
  (t) => [index('holds_due').on(t.countedUntil).where(sql`${t.state} = 'live'`)],
)

/** The part of a hold that one counter of a budget holds. */
export const holdEntries = pgTable(
  'hold_entries',
  {
    holdId: text('hold_id')
      .notNull()
      .references(() => holds.id, { onDelete: 'cascade' }),
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id').notNull(),
    from: instant('period_from').notNull(),
    counter: text('counter').notNull().default(''),
    amount: money('amount_nano_usd').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.holdId, t.budgetId, t.from, t.counter] }),
    index('hold_entries_budget').on(t.budgetId, t.from),
  ],
)

/** A part of a budget that one replica may grant holds from by itself: counted as held until it is given back. */
export const budgetLeases = pgTable(
  'budget_leases',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    replicaId: text('replica_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    from: instant('period_from').notNull(),
    counter: text('counter').notNull().default(''),
    /** What is left of it: what was granted from it and written down stands in the holds. */
    amount: money('amount_nano_usd').notNull(),
    grantedAt: instant('granted_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    countedUntil: instant('counted_until').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [index('budget_leases_live').on(t.budgetId, t.from).where(sql`${t.endedAt} is null`)],
)
