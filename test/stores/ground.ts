/** What store tests of budgets start from: an organisation, a project, its budget and events of a known cost. */

import { type NanoUsd, usd } from '../../core/money.ts'
import { candidateOf } from '../../db/postgres/admit.ts'
import { countBatch, type LedgerOutcome } from '../../db/postgres/ledger.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import { ensureOrganisation, ensureProject, type Project } from '../../db/postgres/projects.ts'
import { aPricedEvent } from '../events/priced-event.ts'

export interface Ground {
  readonly postgres: Postgres
  readonly orgId: string
  readonly project: Project
  /** Counts one event of each cost, as the ledger of one journal does. */
  spend(costs: readonly (NanoUsd | null)[], at: Date): Promise<LedgerOutcome>
  /** Gives the project a monthly budget of so many dollars, or changes it, and returns its id. */
  setBudget(limit: string, at: Date): Promise<string>
}

export async function layGround(url: string, now: Date): Promise<Ground> {
  const postgres = openPostgres(url)
  const { id: orgId } = await ensureOrganisation(postgres.tables, 'Test organisation', now)
  const project = await ensureProject(postgres.tables, { orgId, name: 'support-bot' }, now)
  let nextOffset = 0
  return {
    postgres,
    orgId,
    project,
    spend: (costs, at) => {
      const fromOffset = nextOffset
      nextOffset += costs.length
      const events = costs.map((cost, index) => ({
        offset: fromOffset + index,
        ...candidateOf(
          aPricedEvent({ orgId, projectId: project.id, requestId: `r${fromOffset + index}`, ts: at, cost }),
        ),
      }))
      return countBatch(postgres, { journalId: 'journal-1', fromOffset, nextOffset, events }, at)
    },
    setBudget: async (limit, at) => {
      const owner = { orgId, projectId: project.id }
      const setting = { ...owner, limit: usd(limit), slack: null, by: 'U1', origin: 'slack' } as const
      const outcome = await setMonthlyBudget(postgres, setting, at)
      if (outcome.kind !== 'set') throw new Error(outcome.refusal)
      return outcome.budgetId
    },
  }
}
