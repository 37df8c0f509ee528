/** Organisations and their projects. */
import { and, asc, eq, isNull } from 'drizzle-orm'
import { newId } from '../../core/ids.ts'
import type { Queryable } from './open.ts'
import { organisations, projects } from './schema.ts'

export interface Project {
  readonly id: string
  readonly orgId: string
  readonly name: string
}

/** The oldest organisation, made when there is none: one organisation owns an installation run by its own operator. */
export async function ensureOrganisation(tx: Queryable, name: string, now: Date): Promise<{ id: string }> {
  const [existing] = await tx
    .select({ id: organisations.id })
    .from(organisations)
    .orderBy(asc(organisations.createdAt), asc(organisations.id))
    .limit(1)
  if (existing) return existing
  const id = newId('org', now)
  await tx.insert(organisations).values({ id, name, createdAt: now })
  return { id }
}

/** The live project of that name, made when there is none. */
export async function ensureProject(
  tx: Queryable,
  { orgId, name }: { readonly orgId: string; readonly name: string },
  now: Date,
): Promise<Project> {
  const row = { id: newId('prj', now), orgId, name, createdAt: now }
  await tx.insert(projects).values(row).onConflictDoNothing()
  const [project] = await tx
    .select({ id: projects.id, orgId: projects.orgId, name: projects.name })
    .from(projects)
    .where(and(eq(projects.orgId, orgId), eq(projects.name, name), isNull(projects.deletedAt)))
  return project ?? row
}

/** Live projects of an organisation, by name. */
export function listProjects(tx: Queryable, orgId: string): Promise<Project[]> {
  return tx
    .select({ id: projects.id, orgId: projects.orgId, name: projects.name })
    .from(projects)
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt)))
    .orderBy(asc(projects.name))
}
