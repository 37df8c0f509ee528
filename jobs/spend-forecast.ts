/**
 * Forecasts every budget with one counter, and tells once in a period when its limit will be reached at this rate.
 * Budgets with a counter for each user or key are not forecast: nobody wants a message for each of a thousand users.
 */
import type { BudgetSnapshot } from '../core/budget/budget.ts'
import { limitIn } from '../core/budget/limit.ts'
import { budgetState } from '../core/budget/state.ts'
import { forecast } from '../core/forecast/forecast.ts'
import { scopeHours } from '../db/clickhouse/queries/scope-hours.ts'
import { readBudgets } from '../db/postgres/budget-snapshots.ts'
import { saveForecast } from '../db/postgres/forecast-watches.ts'
import { stoppedSpans } from '../db/postgres/stopped-spans.ts'
import type { Job, JobDeps } from './job.ts'

const HISTORY_MS = 8 * 7 * 24 * 60 * 60 * 1000

export const spendForecast: Job = {
  name: 'spend-forecast',
  schedule: '0 7 * * * *',
  slotMs: 60 * 60 * 1000,
  // The newest forecast is the only one that anybody reads.
  catchUpMs: 0,
  run: async (_slot, deps) => {
    const budgets = (await readBudgets(deps.postgres.tables, undefined, deps.now())).filter(isForecast)
    let told = 0
    const failures: unknown[] = []
    for (const stored of budgets) {
      // One that cannot be forecast must not keep the others from it; the run is a failure all the same.
      await forecastOne(deps, stored).then(
        (isTold) => {
          if (isTold) told += 1
        },
        (error: unknown) => failures.push(error),
      )
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, `${failures.length} of ${budgets.length} budgets were not forecast`)
    }
    return `${budgets.length} budgets forecast, ${told} told`
  },
}

const isForecast = ({ budget }: BudgetSnapshot): boolean =>
  budget.scope.each === null && budget.manualStop === null

async function forecastOne({ postgres, clickhouse, now }: JobDeps, stored: BudgetSnapshot): Promise<boolean> {
  const { budget, current } = stored
  const at = now()
  if (budgetState(stored, at).kind === 'idle') return false
  const since = new Date(at.getTime() - HISTORY_MS)
  const { orgId, scope } = budget
  const evaluated = forecast({
    history: await scopeHours(clickhouse, { orgId, scope, from: since, until: at }),
    stopped: await stoppedSpans(postgres.tables, budget.id, { since, now: at }),
    period: current.period,
    spent: current.spent,
    limit: limitIn(budget, current),
    now: at,
    timeZone: budget.periodRule.kind === 'span' ? 'UTC' : budget.periodRule.timeZone,
  })
  const { limitRevision } = budget
  const of = { orgId, budgetId: budget.id }
  return await saveForecast(postgres, of, {
    forecast: evaluated,
    period: current.period,
    limitRevision,
    now: at,
  })
}
