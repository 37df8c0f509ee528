/** When budgets are forecast to reach their limits: of each the newest forecast, where it is of the running period. */
import { and, eq, gt, isNotNull, lte } from 'drizzle-orm'
import type { Queryable } from './open.ts'
import { forecastWatches } from './schema.ts'

/** By the id of the budget. */
export async function readReaches(
  tx: Queryable,
  orgId: string,
  now: Date,
): Promise<ReadonlyMap<string, Date>> {
  const { budgetId, reachesAt, from, until } = forecastWatches
  const rows = await tx
    .select({ budgetId, reachesAt })
    .from(forecastWatches)
    .where(and(eq(forecastWatches.orgId, orgId), isNotNull(reachesAt), lte(from, now), gt(until, now)))
  return new Map(rows.flatMap((row) => (row.reachesAt ? [[row.budgetId, row.reachesAt] as const] : [])))
}
