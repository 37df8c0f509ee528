/** What Slack has been told, and is still to be told. */
import { sql } from 'drizzle-orm'
import {
  bigserial,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import type { OnboardingStep } from '../../../core/onboarding.ts'
import type { StoredPicture } from '../stored-picture.ts'
import { budgets } from './budgets.ts'
import { instant } from './columns.ts'
import { organisations, slackInstallations } from './organisations.ts'

/** What Slack still has to be told about a budget-period, in order; written with the fact that it tells. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    from: instant('period_from').notNull(),
    counter: text('counter').notNull().default(''),
    notice: jsonb('notice').notNull(),
    createdAt: instant('created_at').notNull(),
    availableAt: instant('available_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    deliveredAt: instant('delivered_at'),
    /** Not posted in the thread, since somebody had quieted it. */
    quietedAt: instant('quieted_at'),
    lastError: text('last_error'),
  },
  (t) => [index('outbox_pending').on(t.availableAt, t.id).where(sql`${t.deliveredAt} is null`)],
)

/** The living card of a budget-period: where it stands in Slack and what it last showed. */
export const budgetCards = pgTable(
  'budget_cards',
  {
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    from: instant('period_from').notNull(),
    channelId: text('channel_id').notNull(),
    messageTs: text('message_ts').notNull(),
    permalink: text('permalink'),
    shownHash: text('shown_hash').notNull(),
    /** The picture that the card shows, and since when; null while it shows none. */
    picture: jsonb('picture').$type<StoredPicture>(),
    postedAt: instant('posted_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    acknowledgedBy: text('acknowledged_by'),
    acknowledgedAt: instant('acknowledged_at'),
    /** The state that was acknowledged, by its name: in another one nobody is on it any more. */
    acknowledgedState: text('acknowledged_state'),
    quietBy: text('quiet_by'),
    quietFrom: instant('quiet_from'),
    quietUntil: instant('quiet_until'),
  },
  (t) => [
    primaryKey({ columns: [t.budgetId, t.from] }),
    index('budget_cards_quiet').on(t.quietUntil).where(sql`${t.quietUntil} is not null`),
  ],
)

/** Slack repeats an event with the same id until it is answered; each is acted on once. */
export const slackEventsSeen = pgTable('slack_events_seen', {
  eventId: text('event_id').primaryKey(),
  seenAt: instant('seen_at').notNull(),
})

/** A digest that a channel gets; the rule is as core/digest/digest-slot.ts reads it. One a channel. */
export const digests = pgTable(
  'digests',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    installationId: text('installation_id')
      .notNull()
      .references(() => slackInstallations.id),
    channelId: text('channel_id').notNull(),
    /** Null is every day; Monday is 1. */
    weekday: integer('weekday'),
    hour: integer('hour').notNull(),
    timeZone: text('time_zone').notNull(),
    setBy: text('set_by').notNull(),
    setAt: instant('set_at').notNull(),
    endedAt: instant('ended_at'),
    /** Why the channel could not be reached, once whoever set it was told. */
    warnedOf: text('warned_of'),
  },
  (t) => [unique('digests_channel').on(t.installationId, t.channelId)],
)

/** One slot of a digest: there before it is posted, so that it is posted once, whoever else is at it. */
export const digestPosts = pgTable(
  'digest_posts',
  {
    orgId: text('org_id').notNull(),
    digestId: text('digest_id')
      .notNull()
      .references(() => digests.id),
    day: date('day', { mode: 'string' }).notNull(),
    dueAt: instant('due_at').notNull(),
    state: text('state').$type<'pending' | 'posted' | 'skipped'>().notNull(),
    /** Not before; while a replica posts it, the end of its lease. */
    availableAt: instant('available_at').notNull(),
    /** Attempts whose outcome nobody came to know. */
    unanswered: integer('unanswered').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    messageTs: text('message_ts'),
  },
  (t) => [
    primaryKey({ columns: [t.digestId, t.day] }),
    index('digest_posts_pending').on(t.availableAt).where(sql`${t.state} = 'pending'`),
  ],
)

/** When an organisation first came to each step between installing and its first alert: once each, for good. */
export const onboardingSteps = pgTable(
  'onboarding_steps',
  {
    /** Refers to no row: the ledger writes it, and nothing here may keep it from counting. */
    orgId: text('org_id').notNull(),
    step: text('step').$type<OnboardingStep>().notNull(),
    at: instant('at').notNull(),
    /** As db/postgres/onboarding-steps.ts writes and reads it. */
    details: jsonb('details'),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.step] })],
)

/** The direct message to whoever installed the app: one an installation, which follows how far they have come. */
export const welcomeMessages = pgTable('welcome_messages', {
  installationId: text('installation_id')
    .primaryKey()
    .references(() => slackInstallations.id),
  orgId: text('org_id').notNull(),
  channelId: text('channel_id'),
  messageTs: text('message_ts'),
  /** What it last showed, so that it is touched only when that is no longer so. */
  shown: text('shown'),
  /** When the proposal of a budget was told, in a message of its own. */
  proposedAt: instant('proposed_at'),
  availableAt: instant('available_at').notNull(),
  doneAt: instant('done_at'),
})

/** Who is looking at "waiting for your first event", and where: App Home, or a modal by its id. */
export const firstEventWatchers = pgTable(
  'first_event_watchers',
  {
    orgId: text('org_id').notNull(),
    installationId: text('installation_id')
      .notNull()
      .references(() => slackInstallations.id),
    userId: text('user_id').notNull(),
    /** Empty for App Home. */
    viewId: text('view_id').notNull().default(''),
    since: instant('since').notNull(),
    /** When it was turned into "first event ... ago"; once more after a minute, and then no more. */
    toldAt: instant('told_at'),
    availableAt: instant('available_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.installationId, t.userId, t.viewId] })],
)
