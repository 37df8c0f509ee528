/**
 * Every table of Postgres: who owns what, what was spent, and what is still to be said in Slack.
 * Invariant: `org_id` stands on every row, and money is a bigint of nano-dollars.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { BudgetMode, OnUnpriced, OnUnreachable } from '../../core/budget/budget.ts'
import type { OverrideEnd } from '../../core/budget/notice.ts'
import type { CallFacts } from '../../core/budget/scope.ts'
import type { Envelope } from '../../core/envelope.ts'
import type { EventSource } from '../../core/event/usage-event.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import type { OnboardingStep } from '../../core/onboarding.ts'
import type { RedactionKind } from '../../core/redact/kinds.ts'
import type { DeliveryState } from '../../core/webhook/delivery.ts'
import type { WebhookEventType } from '../../core/webhook/events.ts'
import type { StoredAdjustment } from './stored-adjustment.ts'
import type { StoredCourse, StoredForecast } from './stored-forecast.ts'
import type { StoredPicture } from './stored-picture.ts'
import type { StoredBaselines, StoredCut } from './stored-recount.ts'

const money = customType<{ data: NanoUsd; driverData: string }>({
  dataType: () => 'bigint',
  toDriver: (amount) => amount.toString(),
  fromDriver: (value) => nanoUsd(BigInt(value)),
})
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
const count = (name: string) => bigint(name, { mode: 'number' })

export const organisations = pgTable('organisations', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
})

/** A Slack workspace, or an enterprise with many, that installed the app. The token is an envelope, never plain. */
export const slackInstallations = pgTable(
  'slack_installations',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    teamId: text('team_id'),
    enterpriseId: text('enterprise_id'),
    teamName: text('team_name').notNull(),
    botId: text('bot_id').notNull(),
    botUserId: text('bot_user_id').notNull(),
    botToken: jsonb('bot_token').$type<Envelope>().notNull(),
    /** Where Slack rotates tokens: what the next one is asked with, once. Both are null where a token lasts. */
    refreshToken: jsonb('refresh_token').$type<Envelope>(),
    tokenExpiresAt: instant('token_expires_at'),
    /** The person who installed it, where Slack told. */
    installedBy: text('installed_by'),
    /** Slack refuses to renew the token: somebody has to install the app again. */
    lapsedAt: instant('lapsed_at'),
    lapsedWhy: text('lapsed_why'),
    installedAt: instant('installed_at').notNull(),
    uninstalledAt: instant('uninstalled_at'),
  },
  (t) => [unique('slack_installations_where').on(t.enterpriseId, t.teamId).nullsNotDistinct()],
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

export const projects = pgTable(
  'projects',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    name: text('name').notNull(),
    /** As core/redact/policy.ts parses it; null is the default policy. */
    redaction: jsonb('redaction'),
    /** The key of hashes that stand for what is personal: 32 bytes, made once, sealed. */
    redactionKey: jsonb('redaction_key').$type<Envelope>(),
    createdAt: instant('created_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [uniqueIndex('projects_name').on(t.orgId, t.name).where(sql`${t.deletedAt} is null`)],
)

/** Only the hash of a key is kept; `prefix` is what a person recognises it by. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    hash: text('hash').notNull().unique(),
    scopes: text('scopes').array().notNull(),
    /** Null is the limit of the ingest that serves it. */
    requestsPerMinute: integer('requests_per_minute'),
    /** Whose deeds those of a key of scope `manage` are; null for a key that can only meter. */
    person: text('person'),
    /** The key that was made to follow this one. */
    replacedBy: text('replaced_by'),
    createdBy: text('created_by').notNull().default('system'),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [index('api_keys_project').on(t.orgId, t.projectId)],
)

export const budgets = pgTable(
  'budgets',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    /** Null for a budget of the whole organisation. */
    projectId: text('project_id').references(() => projects.id),
    /** Null is called by its scope. */
    name: text('name'),
    /** As core/budget/parse-scope.ts parses it, without the project. */
    scope: jsonb('scope').notNull().default({}),
    /** As core/period/period-rule.ts parses it. */
    periodRule: jsonb('period_rule').notNull().default({ unit: 'month', time_zone: 'UTC', starts_on: 1 }),
    /** As core/budget/rollover.ts parses it; null carries nothing over. */
    rollover: jsonb('rollover'),
    /** As core/budget/parse-ladder.ts parses it. */
    ladder: jsonb('ladder')
      .notNull()
      .default([{ percent: 100, action: 'stop' }]),
    mode: text('mode').$type<BudgetMode>().notNull().default('cached'),
    onUnreachable: text('on_unreachable').$type<OnUnreachable>().notNull().default('allow'),
    onUnpriced: text('on_unpriced').$type<OnUnpriced>().notNull().default('estimate_high'),
    /** As core/budget/override-policy.ts parses it; null is that of the organisation. */
    overridePolicy: jsonb('override_policy'),
    limit: money('limit_nano_usd').notNull(),
    thresholdsPercent: integer('thresholds_percent').array().notNull(),
    limitRevision: integer('limit_revision').notNull(),
    installationId: text('installation_id').references(() => slackInstallations.id),
    channelId: text('channel_id'),
    stoppedAt: instant('stopped_at'),
    stoppedBy: text('stopped_by'),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    archivedAt: instant('archived_at'),
  },
  (t) => [index('budgets_project').on(t.projectId), index('budgets_org').on(t.orgId)],
)

/**
 * One counter of a budget in one period: what was spent in it, counted in the transaction that admitted the events, and
 * what is held, changed in the transaction that changes the holds and leases whose sum it is.
 */
export const budgetPeriods = pgTable(
  'budget_periods',
  {
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    /** Empty where the budget has one counter for all; see core/budget/scope.ts. */
    counter: text('counter').notNull().default(''),
    from: instant('period_from').notNull(),
    until: instant('period_until').notNull(),
    spent: money('spent_nano_usd').notNull(),
    held: money('held_nano_usd').notNull().default(sql`0`),
    /** Of calls without a price: the sum of what it counts of `unpriced_calls`, never part of what is spent. */
    estimated: money('estimated_nano_usd').notNull().default(sql`0`),
    unpricedModels: text('unpriced_models').array().notNull().default(sql`'{}'`),
    events: count('events').notNull(),
    unpricedEvents: count('unpriced_events').notNull(),
    limitReachedAt: instant('limit_reached_at'),
  },
  (t) => [primaryKey({ columns: [t.budgetId, t.from, t.counter] })],
)

/** A threshold that was crossed: once per counter, period, revision of the limit, and percent. */
export const alerts = pgTable(
  'alerts',
  {
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    from: instant('period_from').notNull(),
    counter: text('counter').notNull().default(''),
    limitRevision: integer('limit_revision').notNull(),
    percent: integer('percent').notNull(),
    spent: money('spent_nano_usd').notNull(),
    limit: money('limit_nano_usd').notNull(),
    requestId: text('request_id'),
    attempt: integer('attempt'),
    crossedAt: instant('crossed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.budgetId, t.from, t.counter, t.limitRevision, t.percent] })],
)

export const overrides = pgTable(
  'overrides',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    from: instant('period_from').notNull(),
    counter: text('counter').notNull().default(''),
    amount: money('amount_nano_usd').notNull(),
    ceiling: money('ceiling_nano_usd').notNull(),
    grantedAt: instant('granted_at').notNull(),
    until: instant('until_at').notNull(),
    grantedBy: text('granted_by').notNull(),
    reason: text('reason').notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by').$type<OverrideEnd>(),
  },
  (t) => [
    index('overrides_budget').on(t.budgetId, t.from),
    uniqueIndex('overrides_one_running').on(t.budgetId, t.counter).where(sql`${t.endedAt} is null`),
  ],
)

/** What an organisation pays for a model, where that is not the list's price; parsed by core/pricing/own-prices.ts. */
export const ownPrices = pgTable(
  'own_prices',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    price: jsonb('price').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    archivedAt: instant('archived_at'),
  },
  (t) => [index('own_prices_org').on(t.orgId)],
)

/** What an organisation calls a model, such as an Azure deployment; parsed by core/pricing/own-prices.ts. */
export const modelAliases = pgTable(
  'model_aliases',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    alias: jsonb('alias').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    archivedAt: instant('archived_at'),
  },
  (t) => [index('model_aliases_org').on(t.orgId)],
)

/** How often each kind of what is personal was taken out of the events of a project on a UTC day of event time. */
export const redactionCounts = pgTable(
  'redaction_counts',
  {
    orgId: text('org_id').notNull(),
    projectId: text('project_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    kind: text('kind').$type<RedactionKind>().notNull(),
    count: count('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.day, t.kind] })],
)

/** Who may lift a stop, for how long and how much; one row an organisation, absent means the defaults of core. */
export const overridePolicies = pgTable('override_policies', {
  orgId: text('org_id')
    .primaryKey()
    .references(() => organisations.id),
  lifters: text('lifters').$type<'admins' | 'members'>().notNull(),
  windowsS: integer('windows_s').array().notNull(),
  amountMax: money('amount_max_nano_usd'),
  updatedBy: text('updated_by').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

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
  },
  (t) => [primaryKey({ columns: [t.budgetId, t.from] })],
)

/**
 * The ledger's admissions: the one place that decides that an event counts, once. A row is an identity
 * (core/event/identity.ts) and nothing that is read by organisation or project: every event goes through here, so
 * each byte and each index is paid for tens of thousands of times a second.
 */
export const admissions = pgTable(
  'admitted_calls',
  {
    identity: uuid('identity').primaryKey(),
    ts: instant('ts').notNull(),
    cost: money('cost_nano_usd'),
    admittedAt: instant('admitted_at').notNull(),
  },
  (t) => [index('admitted_calls_admitted_at').using('brin', t.admittedAt)],
)

/** Admitted calls that have no price yet, and what each is taken to cost until it is repriced (unpriced-calls.ts). */
export const unpricedCalls = pgTable(
  'unpriced_calls',
  {
    identity: uuid('identity').primaryKey(),
    orgId: text('org_id').notNull(),
    projectId: text('project_id').notNull(),
    ts: instant('ts').notNull(),
    /** As `provider/model`. */
    model: text('model').notNull(),
    estimate: money('estimate_nano_usd').notNull(),
    facts: jsonb('facts').$type<CallFacts>().notNull(),
  },
  (t) => [index('unpriced_calls_model').on(t.orgId, t.model, t.ts)],
)

/** Which way a provider's response was reported first: by any other way it is the same call, seen again. */
export const callClaims = pgTable(
  'call_claims',
  {
    claim: uuid('claim').primaryKey(),
    source: text('source').$type<EventSource>().notNull(),
    claimedAt: instant('claimed_at').notNull(),
  },
  (t) => [index('call_claims_claimed_at').using('brin', t.claimedAt)],
)

/** A part of a journal that was counted and is still to be archived: which of its offsets were not admitted. */
export const countedRanges = pgTable(
  'counted_ranges',
  {
    journalId: text('journal_id').notNull(),
    fromOffset: count('from_offset').notNull(),
    nextOffset: count('next_offset').notNull(),
    admitted: integer('admitted').notNull(),
    notAdmitted: bigint('not_admitted', { mode: 'number' }).array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.journalId, t.fromOffset] })],
)

/** What a project spent on a UTC day of event time; a budget made in mid-period starts from its sums. */
export const projectSpend = pgTable(
  'project_spend',
  {
    orgId: text('org_id').notNull(),
    projectId: text('project_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    spent: money('spent_nano_usd').notNull(),
    events: count('events').notNull(),
    unpricedEvents: count('unpriced_events').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.day] })],
)

/**
 * How far each reader of each journal has come; saved with what the reader wrote. `plannedUntil` is the end of a
 * batch that the archive has begun, so that a repeated batch has the same bounds and names.
 */
export const journalReaders = pgTable(
  'journal_readers',
  {
    journalId: text('journal_id').notNull(),
    reader: text('reader').$type<'ledger' | 'archive'>().notNull(),
    nextOffset: count('next_offset').notNull(),
    plannedUntil: count('planned_until'),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.journalId, t.reader] })],
)

/** A correction of what calls cost, as far as it has come. Its adjustments are numbered from 0, as a journal is. */
export const repricings = pgTable(
  'repricings',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    by: text('requested_by').notNull(),
    scope: jsonb('scope').notNull(),
    begunAt: instant('begun_at').notNull(),
    finishedAt: instant('finished_at'),
    adjustments: count('adjustments').notNull(),
    newlyPriced: count('newly_priced').notNull(),
    difference: money('difference_nano_usd').notNull(),
  },
  (t) => [index('repricings_unfinished').on(t.orgId).where(sql`${t.finishedAt} is null`)],
)

/** Adjustments that are counted and still to be archived: each row is written as one range of its repricing. */
export const pendingAdjustments = pgTable(
  'pending_adjustments',
  {
    repricingId: text('repricing_id')
      .notNull()
      .references(() => repricings.id),
    fromOrdinal: count('from_ordinal').notNull(),
    nextOrdinal: count('next_ordinal').notNull(),
    orgId: text('org_id').notNull(),
    events: jsonb('events').$type<readonly StoredAdjustment[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repricingId, t.fromOrdinal] })],
)

/** One run of a job for one slot: claimed here, so that two replicas never run it twice. */
export const jobSlots = pgTable(
  'job_slots',
  {
    job: text('job').notNull(),
    slot: instant('slot').notNull(),
    claimedAt: instant('claimed_at').notNull(),
    claimedBy: text('claimed_by').notNull(),
    attempts: integer('attempts').notNull(),
    finishedAt: instant('finished_at'),
    error: text('error'),
  },
  (t) => [primaryKey({ columns: [t.job, t.slot] })],
)

/** Who did what: each request, decision and execution is its own row; never changed. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
    origin: text('origin').notNull(),
  },
  (t) => [index('audit_log_org').on(t.orgId, t.at)],
)

/** Slack repeats an event with the same id until it is answered; each is acted on once. */
export const slackEventsSeen = pgTable('slack_events_seen', {
  eventId: text('event_id').primaryKey(),
  seenAt: instant('seen_at').notNull(),
})

/** A stop by a person of everything that a project calls, or the organisation, until a person lifts it. */
export const wideStops = pgTable(
  'wide_stops',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    /** Null stops every project. */
    projectId: text('project_id').references(() => projects.id),
    reason: text('reason').notNull(),
    stoppedAt: instant('stopped_at').notNull(),
    stoppedBy: text('stopped_by').notNull(),
    liftedAt: instant('lifted_at'),
    liftedBy: text('lifted_by'),
  },
  (t) => [index('wide_stops_running').on(t.orgId).where(sql`${t.liftedAt} is null`)],
)

/** Leave to spend past a limit that a second person has to grant. */
export const overrideRequests = pgTable(
  'override_requests',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    from: instant('period_from').notNull(),
    counter: text('counter').notNull().default(''),
    amount: money('amount_nano_usd').notNull(),
    windowS: integer('window_s').notNull(),
    reason: text('reason').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    state: text('state').$type<'pending' | 'granted' | 'denied' | 'expired'>().notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    denyReason: text('deny_reason'),
    /** Where it is asked for in Slack, once that is posted, and which state of the request that message shows. */
    messageChannelId: text('message_channel_id'),
    messageTs: text('message_ts'),
    messageState: text('message_state').$type<'pending' | 'granted' | 'denied' | 'expired'>(),
  },
  (t) => [
    index('override_requests_pending').on(t.budgetId).where(sql`${t.state} = 'pending'`),
    index('override_requests_outdated').on(t.budgetId).where(sql`${t.messageState} <> ${t.state}`),
  ],
)

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

/**
 * What a budget's scope spent in a period, to be summed from the archive: exactly what lies below the cut, which was taken
 * while nobody counted. What the ledger counted since is what its figure has grown by over the baseline.
 */
export const budgetRecounts = pgTable(
  'budget_recounts',
  {
    id: text('id').primaryKey(),
    orgId: text('org_id').notNull(),
    budgetId: text('budget_id')
      .notNull()
      .references(() => budgets.id),
    purpose: text('purpose').$type<'start' | 'check'>().notNull(),
    from: instant('period_from').notNull(),
    until: instant('period_until').notNull(),
    /** One past the last offset to sum, by journal and by repricing. */
    cut: jsonb('cut').$type<StoredCut>().notNull(),
    /** What each counter stood at when the cut was taken. */
    baselines: jsonb('baselines').$type<StoredBaselines>().notNull(),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
    /** By how much the figures were off; null until it has finished. */
    corrected: money('corrected_nano_usd'),
    lastError: text('last_error'),
  },
  (t) => [
    index('budget_recounts_due').on(t.requestedAt).where(sql`${t.finishedAt} is null`),
    index('budget_recounts_budget').on(t.budgetId, t.from),
  ],
)

/** The newest forecast of a budget, and whether people were told of it in its period and revision of the limit. */
export const forecastWatches = pgTable('forecast_watches', {
  budgetId: text('budget_id')
    .primaryKey()
    .references(() => budgets.id),
  orgId: text('org_id').notNull(),
  from: instant('period_from').notNull(),
  until: instant('period_until').notNull(),
  limitRevision: integer('limit_revision').notNull(),
  state: text('state').$type<'quiet' | 'leaning' | 'announced'>().notNull(),
  /** Since when it says so, or when it was told. */
  since: instant('since'),
  reachesAt: instant('reaches_at'),
  evaluatedAt: instant('evaluated_at').notNull(),
  /** What it says, for the card and Home; null until it is evaluated anew. */
  forecast: jsonb('forecast').$type<StoredForecast>(),
  course: jsonb('course').$type<StoredCourse>(),
})

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
