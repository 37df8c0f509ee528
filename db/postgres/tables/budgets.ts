/** Budgets, what was counted in each of their periods, and what people decided about them. */
import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { BudgetMode, OnUnpriced, OnUnreachable } from '../../../core/budget/budget.ts'
import type { OverrideEnd } from '../../../core/budget/notice.ts'
import type { StoredCourse, StoredForecast } from '../stored-forecast.ts'
import type { StoredBaselines, StoredCut } from '../stored-recount.ts'
import { count, instant, money } from './columns.ts'
import { organisations, projects, slackInstallations } from './organisations.ts'

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
