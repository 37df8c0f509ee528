/** `/lens budgets`: all of them, and what is stopped as a whole. */
import type { Reach } from '../../../core/people/reach.ts'
import { readForecasts } from '../../../db/postgres/forecast-watches.ts'
import { budgetsMessage } from '../../blocks/budget-list.ts'
import type { Message } from '../../blocks/card.ts'
import type { AppDeps } from '../../deps.ts'
import { seenBudgets, seenStops } from '../../seen/seen.ts'

export async function composeBudgets(deps: AppDeps, reach: Reach): Promise<Message> {
  const { tables } = deps.postgres
  const now = deps.now()
  const [budgets, stops, forecasts] = await Promise.all([
    seenBudgets(tables, reach, now),
    seenStops(tables, reach),
    readForecasts(tables, reach.orgId),
  ])
  return budgetsMessage({ budgets, stops, forecasts }, now)
}
