/** All that may refuse a call of a project: its budgets, those of its whole organisation, and wide stops. */
import { inArray } from 'drizzle-orm'
import type { WideStop } from '../../core/budget/verdict.ts'
import { coveringProjects } from './budget-settings.ts'
import { readBudgets, type StoredBudget } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'
import { projects } from './schema.ts'
import { readWideStops } from './stop-budget.ts'

export interface Covering {
  readonly orgId: string
  readonly budgets: readonly StoredBudget[]
  readonly stops: readonly WideStop[]
}

/** By project; without those that are not there. */
export async function readCovering(
  tx: Queryable,
  projectIds: readonly string[],
  at: Date,
): Promise<Map<string, Covering>> {
  const owners = await tx
    .select({ id: projects.id, orgId: projects.orgId })
    .from(projects)
    .where(inArray(projects.id, [...projectIds]))
  const budgets = await readBudgets(tx, coveringProjects(projectIds), at)
  const stops = await readWideStops(tx, projectIds)
  return new Map(
    owners.map(({ id, orgId }) => [
      id,
      {
        orgId,
        budgets: budgets.filter(({ budget }) => {
          const { projectId } = budget.scope
          return projectId === null ? budget.orgId === orgId : projectId === id
        }),
        stops: stops.get(id) ?? [],
      },
    ]),
  )
}
