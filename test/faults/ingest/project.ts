/** Whose calls are sent: a project with a budget that they count against, and a key. */
import { usd } from '../../../core/money.ts'
import { setMonthlyBudget } from '../../../db/postgres/monthly-budget.ts'
import { openPostgres } from '../../../db/postgres/open.ts'
import { ensureOrganisation, ensureProject } from '../../../db/postgres/projects.ts'
import { mintProjectKey } from '../../../local/bootstrap.ts'

/** Far above what a run spends: stopping is another matter. */
const BUDGET = usd('10000000')

export async function makeProject(databaseUrl: string): Promise<{ apiKey: string; projectId: string }> {
  const postgres = openPostgres(databaseUrl, { connectionsMax: 1 })
  try {
    const now = new Date()
    const { id: orgId } = await ensureOrganisation(postgres.tables, 'Faults', now)
    const { id: projectId } = await ensureProject(postgres.tables, { orgId, name: 'ingest' }, now)
    const setting = { orgId, projectId, limit: BUDGET, slack: null, by: 'faults', origin: 'cli' } as const
    const outcome = await setMonthlyBudget(postgres, setting, now)
    if (outcome.kind !== 'set') throw new Error(`the budget could not be set: ${outcome.refusal}`)
    return { apiKey: await mintProjectKey(postgres, { orgId, projectId, name: 'faults' }, now), projectId }
  } finally {
    await postgres.close()
  }
}
