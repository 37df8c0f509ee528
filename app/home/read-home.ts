/** Reads what App Home shows, all of it at once. Money comes from the ledger, speed from the archive. */
import { zeroUsd } from '../../core/money.ts'
import { monthOf } from '../../core/period.ts'
import { latencyPercentiles } from '../../db/clickhouse/queries/latency.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import { ofOrganisation } from '../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../db/postgres/budget-snapshots.ts'
import { listWideStops } from '../../db/postgres/list-wide-stops.ts'
import { readProjectSpend } from '../../db/postgres/project-spend.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import type { HomeFacts, HomeProject } from '../blocks/home.ts'
import type { AppDeps } from '../deps.ts'

const DAY_MS = 86_400_000
const MODELS_MAX = 5

export async function readHome(deps: AppDeps, orgId: string): Promise<HomeFacts> {
  const asOf = deps.now()
  const { tables } = deps.postgres
  const { from, until } = monthOf(asOf)
  const scope = { orgId, projectIds: null }
  const lastDay = { from: new Date(asOf.getTime() - DAY_MS), until: new Date(asOf.getTime() + 1) }
  const [projects, spend, budgets, stops, latency, unpriced] = await Promise.all([
    listProjects(tables, orgId),
    readProjectSpend(tables, { orgId, from, until }),
    readBudgets(tables, ofOrganisation(orgId), asOf),
    listWideStops(tables, orgId),
    latencyPercentiles(deps.clickhouse, { ...scope, ...lastDay }),
    unpricedModels(deps.clickhouse, { ...scope, from, until, limit: MODELS_MAX }),
  ])
  const shown = projects.map(({ id, name }): HomeProject => {
    const {
      spent = zeroUsd,
      events = 0,
      unpricedEvents = 0,
    } = spend.find(({ projectId }) => projectId === id) ?? {}
    return { id, name, spent, events, unpricedEvents }
  })
  return {
    projects: shown.sort((a, b) =>
      a.spent === b.spent ? a.name.localeCompare(b.name) : a.spent < b.spent ? 1 : -1,
    ),
    budgets,
    stops,
    latency,
    unpriced,
    ingestUrl: deps.ingestUrl,
    asOf,
  }
}
