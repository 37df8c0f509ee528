/** Reads the forecast of each budget, the fullest first; each from its own hours in the archive, a few at a time. */
import type { Forecast } from '../../core/forecast/forecast.ts'
import type { Reach } from '../../core/people/reach.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { isForecast, readForecast } from '../../db/read-forecast.ts'
import { groupBudgets } from '../blocks/budget-list.ts'
import type { AppDeps } from '../deps.ts'
import { seenBudgets } from '../seen/seen.ts'

export interface BudgetForecast {
  readonly stored: StoredBudget
  /** Null where there is none: it does not run, a person stopped it, or it counts each user or key. */
  readonly forecast: Forecast | null
}

/** A forecast reads eight weeks of calls. */
const BUDGETS_MAX = 20
const AT_ONCE = 4

export async function readForecasts(
  deps: AppDeps,
  reach: Reach,
): Promise<{ readonly shown: readonly BudgetForecast[]; readonly more: number }> {
  const now = deps.now()
  const budgets = await seenBudgets(deps.postgres.tables, reach, now)
  const groups = groupBudgets(budgets, now).map(({ stored }) => stored)
  const asked = groups.slice(0, BUDGETS_MAX)
  const shown: BudgetForecast[] = []
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const read = asked.slice(at, at + AT_ONCE).map(async (stored) => ({
      ...{ stored, forecast: isForecast(stored) ? await readForecast(deps, stored, now) : null },
    }))
    shown.push(...(await Promise.all(read)))
  }
  return { shown, more: groups.length - asked.length }
}
