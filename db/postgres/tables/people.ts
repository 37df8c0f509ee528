/**
 * What admins granted: roles beyond what the workspace gives, and who sees a project.
 * Invariant: a person is a user's id and the place that it is unique in: a workspace, or an enterprise with all of its
 * workspaces. Nothing here refers to an installation, so that it outlives one.
 */
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Grant } from '../../../core/people/role.ts'
import { instant } from './columns.ts'
import { organisations, projects } from './organisations.ts'

export const roleGrants = pgTable(
  'role_grants',
  {
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    placeId: text('place_id').notNull(),
    userId: text('user_id').notNull(),
    role: text('role').$type<Grant>().notNull(),
    grantedBy: text('granted_by').notNull(),
    grantedAt: instant('granted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.placeId, t.userId] })],
)

export const projectPeople = pgTable(
  'project_people',
  {
    orgId: text('org_id')
      .notNull()
      .references(() => organisations.id),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    placeId: text('place_id').notNull(),
    userId: text('user_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.placeId, t.userId] })],
)
