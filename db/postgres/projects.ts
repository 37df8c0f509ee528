/** Organisations and their projects. */
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Envelope } from '../../core/envelope.ts'
import { newId } from '../../core/ids.ts'
import { recordDeed } from './audit.ts'
import { recordStep } from './onboarding-steps.ts'
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
  return existing ?? (await makeOrganisation(tx, name, now))
}

export async function makeOrganisation(tx: Queryable, name: string, now: Date): Promise<{ id: string }> {
  const id = newId('org', now)
  await tx.insert(organisations).values({ id, name, createdAt: now })
  return { id }
}

export async function readOrganisation(tx: Queryable, id: string): Promise<Organisation | null> {
  const [row] = await tx
    .select({ id: organisations.id, name: organisations.name })
    .from(organisations)
    .where(eq(organisations.id, id))
  return row ?? null
}

export interface Organisation {
  readonly id: string
  readonly name: string
}

export const listOrganisations = (tx: Queryable): Promise<Organisation[]> =>
  tx
    .select({ id: organisations.id, name: organisations.name })
    .from(organisations)
    .orderBy(asc(organisations.createdAt), asc(organisations.id))

/** The live project of that name, made when there is none. */
export async function ensureProject(
  tx: Queryable,
  { orgId, name }: { readonly orgId: string; readonly name: string },
  now: Date,
): Promise<Project> {
  const row = { id: newId('prj', now), orgId, name, createdAt: now }
  await tx.insert(projects).values(row).onConflictDoNothing()
  await recordStep(tx, { orgId, step: 'project_named' }, now)
  const [project] = await tx
    .select({ id: projects.id, orgId: projects.orgId, name: projects.name })
    .from(projects)
    .where(and(eq(projects.orgId, orgId), eq(projects.name, name), isNull(projects.deletedAt)))
  return project ?? row
}

export type ProjectMade =
  | { readonly kind: 'made'; readonly project: Project }
  | { readonly kind: 'refused'; readonly why: 'name_taken' | 'projects_too_many' }

/** More than anyone names by hand; Slack's menus show the first hundred. */
const PROJECTS_MAX = 200

/**
 * Makes a project that a person named. Two names that differ in case alone are one name to people, so they are one here;
 * whoever names at the same time waits.
 */
export async function makeProject(
  tx: Queryable,
  { orgId, name, by }: { readonly orgId: string; readonly name: string; readonly by: string },
  now: Date,
): Promise<ProjectMade> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`projects/${orgId}`}, 0))`)
  const others = await listProjects(tx, orgId)
  if (others.length >= PROJECTS_MAX) return { kind: 'refused', why: 'projects_too_many' }
  const folded = foldName(name)
  if (others.some((other) => foldName(other.name) === folded)) return { kind: 'refused', why: 'name_taken' }
  const project = { id: newId('prj', now), orgId, name }
  await tx.insert(projects).values({ ...project, createdAt: now })
  const deed = { orgId, actor: by, action: 'project.made', subject: project.id, origin: 'slack' } as const
  await recordDeed(tx, { ...deed, after: { name } }, now)
  await recordStep(tx, { orgId, step: 'project_named' }, now)
  return { kind: 'made', project }
}

const foldName = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Live projects of an organisation, by name. */
export function listProjects(tx: Queryable, orgId: string): Promise<Project[]> {
  return tx
    .select({ id: projects.id, orgId: projects.orgId, name: projects.name })
    .from(projects)
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt)))
    .orderBy(asc(projects.name))
}

/** The sealed key of a project's hashes: the given one if it had none, and never another one afterwards. */
export async function keepRedactionKey(tx: Queryable, projectId: string, made: Envelope): Promise<Envelope> {
  await tx
    .update(projects)
    .set({ redactionKey: made })
    .where(and(eq(projects.id, projectId), isNull(projects.redactionKey)))
  const [row] = await tx
    .select({ redactionKey: projects.redactionKey })
    .from(projects)
    .where(eq(projects.id, projectId))
  return row?.redactionKey ?? made
}

/** The sealed keys of all projects' hashes, deleted projects included: their events may still be asked for. */
export async function listRedactionKeys(
  tx: Queryable,
): Promise<{ readonly projectId: string; readonly redactionKey: Envelope }[]> {
  const rows = await tx
    .select({ projectId: projects.id, redactionKey: projects.redactionKey })
    .from(projects)
    .where(isNotNull(projects.redactionKey))
  return rows.flatMap(({ projectId, redactionKey }) =>
    redactionKey === null ? [] : [{ projectId, redactionKey }],
  )
}

/** Puts an envelope of the same secret in the place of another, unless someone else has. */
export async function replaceRedactionKey(
  tx: Queryable,
  projectId: string,
  { from, to }: { readonly from: Envelope; readonly to: Envelope },
): Promise<void> {
  await tx
    .update(projects)
    .set({ redactionKey: to })
    .where(and(eq(projects.id, projectId), sql`${projects.redactionKey} ->> 'nonce' = ${from.nonce}`))
}
