/** Who there is: organisations, the workspaces that they installed the app in, their projects and keys. */
import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Envelope } from '../../../core/envelope.ts'
import type { Visibility } from '../../../core/people/reach.ts'
import { instant } from './columns.ts'

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
    /** Whether full members see it who are not named in project_people. */
    visibility: text('visibility').$type<Visibility>().notNull().default('everyone'),
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
