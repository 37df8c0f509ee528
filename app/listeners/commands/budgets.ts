/** `/lens budgets`: all of them, and what is stopped as a whole. */
import { ofOrganisation } from '../../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../../db/postgres/budget-snapshots.ts'
import { listWideStops } from '../../../db/postgres/list-wide-stops.ts'
import { budgetsMessage } from '../../blocks/budget-list.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'

export async function answerBudgets(deps: ListenerDeps, asked: Asked): Promise<void> {
  const { tables } = deps.postgres
  const { orgId } = asked.caller
  const now = deps.now()
  const [budgets, stops] = await Promise.all([
    readBudgets(tables, ofOrganisation(orgId), now),
    listWideStops(tables, orgId),
  ])
  await asked.reply(budgetsMessage({ budgets, stops }, now))
}
