/**
 * Roles that were granted and who sees which project: read for one person at every press, changed by admins.
 * Invariant: each change is one transaction with its row in the audit trail, which says what it was before and after.
 */
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Changer, changeRole, type RoleRefusal } from '../../core/people/change-people.ts'
import type { ProjectSight, Visibility } from '../../core/people/reach.ts'
import { asGrant, type Grant } from '../../core/people/role.ts'
import { type Deed, recordDeed } from './audit.ts'
import type { Postgres, Queryable } from './open.ts'
import { projectPeople, projects, roleGrants } from './schema.ts'

/** A user, and the places that the id may be unique in: their workspace, and the enterprise that it is part of. */
export interface PersonRef {
  readonly orgId: string
  readonly placeIds: readonly string[]
  readonly userId: string
}

export interface PersonFacts {
  readonly granted: Grant | null
  /** Of every live project. */
  readonly sights: readonly ProjectSight[]
}

export async function readPersonFacts(
  tx: Queryable,
  { orgId, placeIds, userId }: PersonRef,
): Promise<PersonFacts> {
  const places = [...placeIds]
  const [grants, sights] = await Promise.all([
    tx
      .select({ role: roleGrants.role })
      .from(roleGrants)
      .where(
        and(eq(roleGrants.orgId, orgId), inArray(roleGrants.placeId, places), eq(roleGrants.userId, userId)),
      ),
    tx
      .select({
        projectId: projects.id,
        visibility: projects.visibility,
        namesPerson: sql<boolean>`exists (select 1 from ${projectPeople}
          where ${projectPeople.projectId} = ${projects.id} and ${projectPeople.userId} = ${userId}
            and ${inArray(projectPeople.placeId, places)})`,
      })
      .from(projects)
      .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt))),
  ])
  return { granted: strongest(grants.map(({ role }) => asGrant(role))), sights }
}

/** A workspace that became part of an enterprise may have left a grant under each. */
const strongest = (grants: readonly (Grant | null)[]): Grant | null =>
  (['admin', 'approver', 'member'] as const).find((one) => grants.includes(one)) ?? null

export interface GrantedRole {
  readonly placeId: string
  readonly userId: string
  readonly role: Grant
  readonly grantedBy: string
  readonly grantedAt: Date
}

export function listRoleGrants(tx: Queryable, orgId: string): Promise<GrantedRole[]> {
  const { placeId, userId, role, grantedBy, grantedAt } = roleGrants
  return tx
    .select({ placeId, userId, role, grantedBy, grantedAt })
    .from(roleGrants)
    .where(eq(roleGrants.orgId, orgId))
    .orderBy(asc(role), asc(grantedAt), asc(userId), asc(placeId))
}

export interface RoleSetting {
  readonly orgId: string
  readonly placeId: string
  readonly userId: string
  /** Null takes back what was granted. */
  readonly role: Grant | null
  readonly by: Changer
  readonly origin: Deed['origin']
}

export type RoleOutcome =
  | { readonly kind: 'changed' | 'unchanged'; readonly before: Grant | null }
  | { readonly kind: 'refused'; readonly refusal: RoleRefusal }

export function setRole(
  postgres: Postgres,
  { orgId, placeId, userId, role, by, origin }: RoleSetting,
  now: Date,
): Promise<RoleOutcome> {
  return postgres.tables.transaction(async (tx): Promise<RoleOutcome> => {
    await lockPeople(tx, orgId)
    const place = and(
      eq(roleGrants.orgId, orgId),
      eq(roleGrants.placeId, placeId),
      eq(roleGrants.userId, userId),
    )
    const [present] = await tx.select({ role: roleGrants.role }).from(roleGrants).where(place)
    const before = present?.role ?? null
    const change = changeRole({ by, personId: userId, before, after: role })
    if (change.kind === 'refused') return change
    if (change.kind === 'unchanged') return { kind: 'unchanged', before }
    if (role === null) await tx.delete(roleGrants).where(place)
    else {
      const row = { role, grantedBy: by.id, grantedAt: now }
      await tx
        .insert(roleGrants)
        .values({ orgId, placeId, userId, ...row })
        .onConflictDoUpdate({ target: [roleGrants.orgId, roleGrants.placeId, roleGrants.userId], set: row })
    }
    const said = (one: Grant | null) => ({ role: one, place: placeId })
    await recordDeed(
      tx,
      {
        ...{ orgId, actor: by.id, action: role === null ? 'role.taken_back' : 'role.granted', origin },
        ...{ subject: userId, before: said(before), after: said(role) },
      },
      now,
    )
    return { kind: 'changed', before }
  })
}

export interface ProjectPeople {
  readonly visibility: Visibility
  /** Of one place, or of all. */
  readonly people: readonly { readonly placeId: string; readonly userId: string }[]
}

/** By project, of those that are not as they were made. */
export async function listProjectPeople(
  tx: Queryable,
  orgId: string,
): Promise<ReadonlyMap<string, ProjectPeople>> {
  const rows = await tx
    .select({
      id: projects.id,
      visibility: projects.visibility,
      placeId: projectPeople.placeId,
      userId: projectPeople.userId,
    })
    .from(projects)
    .leftJoin(projectPeople, eq(projectPeople.projectId, projects.id))
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt)))
    .orderBy(asc(projects.name), asc(projectPeople.placeId), asc(projectPeople.userId))
  const found = new Map<string, ProjectPeople>()
  for (const { id, visibility, placeId, userId } of rows) {
    const people = found.get(id)?.people ?? []
    const named = placeId === null || userId === null ? [] : [{ placeId, userId }]
    if (visibility === 'named' || named.length > 0)
      found.set(id, { visibility, people: [...people, ...named] })
  }
  return found
}

export interface VisibilitySetting {
  readonly orgId: string
  readonly projectId: string
  readonly visibility: Visibility
  /** The people of this place that it names; those of other places stay. */
  readonly placeId: string
  readonly userIds: readonly string[]
  readonly by: string
  readonly origin: Deed['origin']
}

/** That the person may is the caller's to have checked. */
export function setVisibility(
  postgres: Postgres,
  { orgId, projectId, visibility, placeId, userIds, by, origin }: VisibilitySetting,
  now: Date,
): Promise<'changed' | 'unchanged' | 'project_unknown'> {
  return postgres.tables.transaction(async (tx) => {
    await lockPeople(tx, orgId)
    const [project] = await tx
      .select({ visibility: projects.visibility })
      .from(projects)
      .where(and(eq(projects.id, projectId), eq(projects.orgId, orgId), isNull(projects.deletedAt)))
    if (!project) return 'project_unknown'
    const here = and(eq(projectPeople.projectId, projectId), eq(projectPeople.placeId, placeId))
    const rows = await tx.select({ userId: projectPeople.userId }).from(projectPeople).where(here)
    const before = { visibility: project.visibility, people: rows.map(({ userId }) => userId).sort() }
    const after = { visibility, people: [...new Set(userIds)].sort() }
    if (JSON.stringify(before) === JSON.stringify(after)) return 'unchanged'
    await tx.update(projects).set({ visibility }).where(eq(projects.id, projectId))
    await tx.delete(projectPeople).where(here)
    if (after.people.length > 0)
      await tx
        .insert(projectPeople)
        .values(after.people.map((userId) => ({ orgId, projectId, placeId, userId })))
    const deed = { orgId, actor: by, action: 'project.visibility_changed', subject: projectId, origin }
    await recordDeed(tx, { ...deed, before, after }, now)
    return 'changed'
  })
}

/** Of two changes at once the second sees the first. */
const lockPeople = async (tx: Queryable, orgId: string): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`people/${orgId}`}, 0))`)
}
