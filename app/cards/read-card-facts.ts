/** Reads what a card shows. */
import { ofBudget } from '../../db/postgres/budget-settings.ts'
import { readBudgetsIn } from '../../db/postgres/budget-snapshots.ts'
import { listWideStops } from '../../db/postgres/list-wide-stops.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { readOverridePolicy } from '../../db/postgres/overrides.ts'
import { type CardFacts, withCounters } from '../blocks/card.ts'

/** Null when there is no such budget any more. */
export async function readCardFacts(
  tx: Queryable,
  {
    orgId,
    budgetId,
    periodFrom,
  }: { readonly orgId: string; readonly budgetId: string; readonly periodFrom: Date },
): Promise<CardFacts | null> {
  const found = withCounters(await readBudgetsIn(tx, ofBudget(orgId, budgetId), periodFrom))
  if (!found) return null
  const { projectId } = found.stored.budget.scope
  const stops = await listWideStops(tx, orgId)
  const { lifters } = await readOverridePolicy(tx, orgId)
  return {
    ...found,
    stops: stops.filter((stop) => stop.projectId === null || stop.projectId === projectId),
    lifters,
  }
}
