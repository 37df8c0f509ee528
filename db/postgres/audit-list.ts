/** The audit trail as it is read: the youngest deed first, of a project or of a whole organisation. */
import { and, desc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { madeAt } from '../../core/ids.ts'
import type { Queryable } from './open.ts'
import { apiKeys, auditLog, budgets, overrideRequests, overrides } from './schema.ts'

export interface DeedFilter {
  readonly since: Date | null
  readonly until: Date | null
  readonly actor: string | null
  readonly action: string | null
  readonly subject: string | null
}

/** With null, every deed of the organisation; else those about these projects, and none that is about none alone. */
export interface DeedReach {
  readonly orgId: string
  readonly projectIds: readonly string[] | null
}

export type StoredDeed = typeof auditLog.$inferSelect

export function readDeeds(
  tx: Queryable,
  reach: DeedReach,
  { since, until, actor, action, subject }: DeedFilter,
  { after, rowsMax }: { readonly after: string | null; readonly rowsMax: number },
): Promise<StoredDeed[]> {
  return tx
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.orgId, reach.orgId),
        reach.projectIds === null ? undefined : isAbout(reach.projectIds),
        since === null ? undefined : gte(auditLog.at, since),
        until === null ? undefined : lt(auditLog.at, until),
        actor === null ? undefined : eq(auditLog.actor, actor),
        action === null ? undefined : eq(auditLog.action, action),
        subject === null ? undefined : eq(auditLog.subject, subject),
        after === null ? undefined : isPast(after),
      ),
    )
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(rowsMax)
}

/** A deed's id holds its instant. */
const isPast = (id: string): SQL | undefined =>
  or(lt(auditLog.at, madeAt(id)), and(eq(auditLog.at, madeAt(id)), lt(auditLog.id, id)))

/** The projects themselves, their keys, their budgets, and the overrides of those. */
function isAbout(projectIds: readonly string[]): SQL | undefined {
  const ids = [...projectIds]
  return or(
    inArray(auditLog.subject, ids),
    sql`${auditLog.subject} in (select ${apiKeys.id} from ${apiKeys} where ${inArray(apiKeys.projectId, ids)})`,
    sql`${auditLog.subject} in (select ${budgets.id} from ${budgets} where ${inArray(budgets.projectId, ids)})`,
    sql`${auditLog.subject} in (
      select ${overrides.id} from ${overrides}
      join ${budgets} on ${budgets.id} = ${overrides.budgetId} where ${inArray(budgets.projectId, ids)})`,
    sql`${auditLog.subject} in (
      select ${overrideRequests.id} from ${overrideRequests}
      join ${budgets} on ${budgets.id} = ${overrideRequests.budgetId} where ${inArray(budgets.projectId, ids)})`,
  )
}
