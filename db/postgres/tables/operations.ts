/** Which jobs ran, and who did what. */
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

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
