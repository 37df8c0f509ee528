/** What deeds are about, where an id alone says nothing to a person; and who did any. */
import { and, desc, eq, inArray, max } from 'drizzle-orm'
import type { Queryable } from './open.ts'
import { auditLog, overrideRequests, overrides } from './schema.ts'

/** The budgets of overrides and of requests for them, by the ids of those. */
export async function budgetsOfOverrides(
  tx: Queryable,
  orgId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const granted = await tx
    .select({ id: overrides.id, budgetId: overrides.budgetId })
    .from(overrides)
    .where(and(eq(overrides.orgId, orgId), inArray(overrides.id, [...ids])))
  const asked = await tx
    .select({ id: overrideRequests.id, budgetId: overrideRequests.budgetId })
    .from(overrideRequests)
    .where(and(eq(overrideRequests.orgId, orgId), inArray(overrideRequests.id, [...ids])))
  return new Map([...granted, ...asked].map(({ id, budgetId }) => [id, budgetId]))
}

/** Whoever did anything, the last to do so first. */
export async function readActors(
  tx: Queryable,
  { orgId, rowsMax }: { readonly orgId: string; readonly rowsMax: number },
): Promise<string[]> {
  const last = max(auditLog.at)
  const rows = await tx
    .select({ actor: auditLog.actor, last })
    .from(auditLog)
    .where(eq(auditLog.orgId, orgId))
    .groupBy(auditLog.actor)
    .orderBy(desc(last))
    .limit(rowsMax)
  return rows.map(({ actor }) => actor)
}
