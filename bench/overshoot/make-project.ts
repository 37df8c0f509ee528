/** For each case a project of its own, with one budget that all its calls count against, and a key. */
import { mintApiKey } from '../../core/api-key.ts'
import { nanoUsd } from '../../core/money.ts'
import { saveApiKey } from '../../db/postgres/api-keys.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { ensureOrganisation, ensureProject } from '../../db/postgres/projects.ts'

export interface CaseProject {
  readonly projectId: string
  readonly budgetId: string
  readonly apiKey: string
}

/** Measured is how budgets hold, not what one key may ask. */
const REQUESTS_PER_MINUTE = 999_999_999

export async function makeProject(
  postgres: Postgres,
  { name, limit }: { readonly name: string; readonly limit: bigint },
): Promise<CaseProject> {
  const now = new Date()
  const { id: orgId } = await ensureOrganisation(postgres.tables, 'Benchmark', now)
  const { id: projectId } = await ensureProject(postgres.tables, { orgId, name }, now)
  const setting = {
    orgId,
    projectId,
    limit: nanoUsd(limit),
    slack: null,
    by: 'bench',
    origin: 'cli',
  } as const
  const outcome = await setMonthlyBudget(postgres, setting, now)
  if (outcome.kind !== 'set') throw new Error(`the budget could not be set: ${outcome.refusal}`)
  const minted = mintApiKey()
  const key = { orgId, projectId, name: 'bench', minted, requestsPerMinute: REQUESTS_PER_MINUTE }
  await saveApiKey(postgres.tables, { ...key, scopes: ['ingest', 'verdicts', 'holds'] }, now)
  return { projectId, budgetId: outcome.budgetId, apiKey: minted.text }
}
