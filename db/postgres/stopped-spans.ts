/** When a budget kept calls away: what was spent then says nothing of what would have been. */
import { and, asc, eq, gt, inArray, isNotNull } from 'drizzle-orm'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import type { Period } from '../../core/period.ts'
import type { Queryable } from './open.ts'
import { auditLog, budgetPeriods } from './schema.ts'

/**
 * Spans since `since` up to `now`, in no order, which may overlap: from when a limit was reached to the end of its
 * period, and from a person's stop to the resume. An override within is not cut out: what it let pass is an exception too.
 */
export async function stoppedSpans(
  tx: Queryable,
  budgetId: string,
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<Period[]> {
  const reached = await tx
    .select({ from: budgetPeriods.limitReachedAt, until: budgetPeriods.until })
    .from(budgetPeriods)
    .where(
      and(
        eq(budgetPeriods.budgetId, budgetId),
        eq(budgetPeriods.counter, ONE_COUNTER),
        gt(budgetPeriods.until, since),
        isNotNull(budgetPeriods.limitReachedAt),
      ),
    )
  const byLimit = reached.flatMap(({ from, until }): Period[] => (from === null ? [] : [{ from, until }]))
  return [...byLimit, ...(await byPeople(tx, budgetId, { since, now }))].filter(
    ({ from, until }) => from < until,
  )
}

async function byPeople(
  tx: Queryable,
  budgetId: string,
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<Period[]> {
  const deeds = await tx
    .select({ at: auditLog.at, action: auditLog.action })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.subject, budgetId),
        inArray(auditLog.action, ['budget.stopped', 'budget.resumed']),
        gt(auditLog.at, since),
      ),
    )
    .orderBy(asc(auditLog.at))
  const spans: Period[] = []
  let stoppedAt: Date | null = null
  for (const { at, action } of deeds) {
    if (action === 'budget.stopped') stoppedAt = at
    else if (stoppedAt !== null) {
      spans.push({ from: stoppedAt, until: at })
      stoppedAt = null
    }
  }
  return stoppedAt === null ? spans : [...spans, { from: stoppedAt, until: now }]
}
