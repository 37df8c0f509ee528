/** Reads what drives a budget's spend in one period: its dearest models, routes and users. */
import type { Dimension } from '../../db/clickhouse/queries/scope.ts'
import { spendBy } from '../../db/clickhouse/queries/spend.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Drivers } from '../blocks/drivers.ts'
import type { AppDeps } from '../deps.ts'
import { nameOf } from './read-spend.ts'

const LINES_MAX = 5

export async function readDrivers(deps: AppDeps, { budget, current }: StoredBudget): Promise<Drivers> {
  const asOf = deps.now()
  const lines = async (by: Dimension) => {
    const scope = {
      orgId: budget.orgId,
      projectIds: budget.scope.projectId === null ? null : [budget.scope.projectId],
      ...current.period,
    }
    const groups = await spendBy(deps.clickhouse, { ...scope, by, limit: LINES_MAX })
    return groups.map((group) => ({ ...group, name: nameOf(group, (value) => value) }))
  }
  const [models, routes, users] = await Promise.all([lines('model'), lines('route'), lines('user')])
  return { models, routes, users, asOf }
}
