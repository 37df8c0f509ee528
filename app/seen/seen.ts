/**
 * The one place where what an organisation has is read for a person: through a reach, which only `readViewer` makes for
 * somebody. test/architecture/reach.test.ts turns away whatever reads it elsewhere.
 * Invariant: what lies beyond a reach is as if it were not there, in every list and by every name.
 */
import { type Reach, sees, seesAll } from '../../core/people/reach.ts'
import type { SpendFilter, SpendScope } from '../../db/clickhouse/queries/scope.ts'
import { type ListedApiKey, listApiKeys } from '../../db/postgres/api-key-deeds.ts'
import { type DeedFilter, readDeeds, type StoredDeed } from '../../db/postgres/audit-list.ts'
import { ofBudget, ofReach } from '../../db/postgres/budget-settings.ts'
import { readBudgets, type StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { readActors } from '../../db/postgres/deed-subjects.ts'
import { listWideStops, type StandingStop } from '../../db/postgres/list-wide-stops.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import {
  type DailySpend,
  type ProjectSpend,
  readDailySpend,
  readProjectSpend,
} from '../../db/postgres/project-spend.ts'
import { listProjects, type Project } from '../../db/postgres/projects.ts'

interface Span {
  readonly from: Date
  readonly until: Date
}

export async function seenProjects(tx: Queryable, reach: Reach): Promise<Project[]> {
  const all = await listProjects(tx, reach.orgId)
  return all.filter(({ id }) => sees(reach, id))
}

/** A project by its id; undefined for one that is not there, or not for this person. */
export const seenProject = async (tx: Queryable, reach: Reach, id: string): Promise<Project | undefined> =>
  (await seenProjects(tx, reach)).find((project) => project.id === id)

/** Each before its counters, in the period that holds `at`. */
export const seenBudgets = (tx: Queryable, reach: Reach, at: Date): Promise<StoredBudget[]> =>
  readBudgets(tx, ofReach(reach), at)

/** A budget, then its counters; empty for one that is not there, or not for this person. */
export async function seenBudget(
  tx: Queryable,
  reach: Reach,
  { budgetId, at }: { readonly budgetId: string; readonly at: Date },
): Promise<StoredBudget[]> {
  const all = await readBudgets(tx, ofBudget(reach.orgId, budgetId), at)
  return all.filter(({ budget }) => sees(reach, budget.scope.projectId))
}

/** The stop of everything is everybody's to know: it refuses their calls too, and tells no figure. */
export async function seenStops(tx: Queryable, reach: Reach): Promise<StandingStop[]> {
  const all = await listWideStops(tx, reach.orgId)
  return all.filter(({ projectId }) => projectId === null || sees(reach, projectId))
}

export async function seenKeys(tx: Queryable, reach: Reach): Promise<ListedApiKey[]> {
  const all = await listApiKeys(tx, { orgId: reach.orgId })
  return all.filter(({ projectId }) => sees(reach, projectId))
}

/** What is about none of the seen projects alone, such as a role or a setting, is for who sees them all. */
export const seenDeeds = (
  tx: Queryable,
  reach: Reach,
  { filter, rowsMax }: { readonly filter: DeedFilter; readonly rowsMax: number },
): Promise<StoredDeed[]> => readDeeds(tx, reach, filter, { after: null, rowsMax })

export const ANY_DEED: DeedFilter = { since: null, until: null, actor: null, action: null, subject: null }

/** Deeds that are looked through for who did any, where not all of them are to be seen. */
const ACTORS_AMONG_MAX = 500

export async function seenActors(tx: Queryable, reach: Reach, rowsMax: number): Promise<string[]> {
  if (seesAll(reach)) return await readActors(tx, { orgId: reach.orgId, rowsMax })
  const deeds = await seenDeeds(tx, reach, { filter: ANY_DEED, rowsMax: ACTORS_AMONG_MAX })
  return [...new Set(deeds.map(({ actor }) => actor))].slice(0, rowsMax)
}

export async function seenProjectSpend(tx: Queryable, reach: Reach, span: Span): Promise<ProjectSpend[]> {
  const all = await readProjectSpend(tx, { orgId: reach.orgId, ...span })
  return all.filter(({ projectId }) => sees(reach, projectId))
}

export const seenDailySpend = (
  tx: Queryable,
  { orgId, projectIds }: Reach,
  span: Span,
): Promise<DailySpend[]> => readDailySpend(tx, { orgId, projectIds, ...span })

/** The calls of a reach, for every question to the archive. */
export const seenCalls = (
  { orgId, projectIds }: Reach,
  { from, until }: Span,
  filter?: SpendFilter,
): SpendScope => ({ orgId, projectIds, from, until, ...(filter === undefined ? {} : { filter }) })
