/** What the ledger admitted and counted, how far each reader has come, and what corrects it. */
import { sql } from 'drizzle-orm'
import { bigint, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { CallFacts } from '../../../core/budget/scope.ts'
import type { EventSource } from '../../../core/event/usage-event.ts'
import type { RedactionKind } from '../../../core/redact/kinds.ts'
import type { StoredAdjustment } from '../stored-adjustment.ts'
import { count, instant, money } from './columns.ts'
import { organisations } from './organisations.ts'

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
