/**
 * Forecasts every budget with one counter, and tells once in a period when its limit will be reached at this rate.
 */
import type { BudgetSnapshot } from '../core/budget/budget.ts'
import { readBudgets } from '../db/postgres/budget-snapshots.ts'
import { saveForecast } from '../db/postgres/forecast-watches.ts'
import { isForecast, readOutlook } from '../db/read-forecast.ts'
import type { Job, JobDeps } from './job.ts'

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

async function forecastOne(deps: JobDeps, stored: BudgetSnapshot): Promise<boolean> {
  const { budget, current } = stored
  const now = deps.now()
  const outlook = await readOutlook(deps, stored, now)
  if (outlook === null) return false
  const { orgId, limitRevision } = budget
  const of = { orgId, budgetId: budget.id }
  const evaluated = { forecast: outlook.forecast, period: current.period, limitRevision, now }
  return await saveForecast(deps.postgres, of, evaluated, outlook.course)
}
