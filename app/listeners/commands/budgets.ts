/** `/lens budgets`: all of them, and what is stopped as a whole. */
import { ofOrganisation } from '../../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../../db/postgres/budget-snapshots.ts'
import { readForecasts } from '../../../db/postgres/forecast-watches.ts'
import { listWideStops } from '../../../db/postgres/list-wide-stops.ts'
import { budgetsMessage } from '../../blocks/budget-list.ts'
import type { Message } from '../../blocks/card.ts'
import type { AppDeps } from '../../deps.ts'

export async function composeBudgets(deps: AppDeps, orgId: string): Promise<Message> {
  const { tables } = deps.postgres
  const now = deps.now()
  const [budgets, stops, forecasts] = await Promise.all([
    readBudgets(tables, ofOrganisation(orgId), now),
    listWideStops(tables, orgId),
    readForecasts(tables, orgId),
  ])
  return budgetsMessage({ budgets, stops, forecasts }, now)
}
