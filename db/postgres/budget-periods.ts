/**
 * The rows of budget-periods: opened by whoever comes first (an event, the rollover job, a new budget), locked in the
 * order of budgets, so that replicas never wait for each other in a circle.
 */
import { and, asc, eq, inArray, isNull, type SQL } from 'drizzle-orm'
import type { BudgetPeriod } from '../../core/budget/budget.ts'
import { zeroUsd } from '../../core/money.ts'
import { monthOf, type Period, periodHolds } from '../../core/period.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { budgetPeriods, budgets, outbox } from './schema.ts'

/** Makes the rows of a period that its first event finds missing, and locks them all. */
export async function lockPeriods(
  tx: Queryable,
  projectIds: readonly string[],
  period: Period,
  now: Date,
): Promise<void> {
  const { budgetIds } = await openRows(tx, inArray(budgets.projectId, [...projectIds]), period, now)
  if (budgetIds.length === 0) return
  await tx
    .select({ id: budgetPeriods.budgetId })
    .from(budgetPeriods)
    .where(and(inArray(budgetPeriods.budgetId, budgetIds), eq(budgetPeriods.from, period.from)))
    .orderBy(asc(budgetPeriods.budgetId))
    .for('update')
}

/** Locks the rows of a period that are there, and returns whose they are. */
export async function lockOpenedPeriods(
  tx: Queryable,
  projectIds: readonly string[],
  { from }: Period,
): Promise<ReadonlySet<string>> {
  const ofProjects = tx
    .select({ id: budgets.id })
    .from(budgets)
    .where(and(inArray(budgets.projectId, [...projectIds]), isNull(budgets.archivedAt)))
  const rows = await tx
    .select({ id: budgetPeriods.budgetId })
    .from(budgetPeriods)
    .where(and(inArray(budgetPeriods.budgetId, ofProjects), eq(budgetPeriods.from, from)))
    .orderBy(asc(budgetPeriods.budgetId))
    .for('update')
  return new Set(rows.map(({ id }) => id))
}

/** Opens the period that holds `now` for every live budget that has none yet. A late run only posts cards later. */
export function openCurrentPeriods(postgres: Postgres, now: Date): Promise<number> {
  return postgres.tables.transaction(async (tx) => {
    const { opened } = await openRows(tx, undefined, monthOf(now), now)
    await askForCards(tx, monthOf(now), now)
    return opened
  })
}

/** A sender's clock that runs ahead opens a period before it begins, when it is too early for its card. */
async function askForCards(tx: Queryable, { from }: Period, now: Date): Promise<void> {
  const untold = await tx
    .select({ orgId: budgetPeriods.orgId, budgetId: budgetPeriods.budgetId })
    .from(budgetPeriods)
    .innerJoin(budgets, and(eq(budgets.id, budgetPeriods.budgetId), isNull(budgets.archivedAt)))
    .leftJoin(outbox, and(eq(outbox.budgetId, budgetPeriods.budgetId), eq(outbox.from, budgetPeriods.from)))
    .where(and(eq(budgetPeriods.from, from), isNull(outbox.id)))
    .orderBy(asc(budgetPeriods.budgetId))
  const notice = { kind: 'period_opened' } as const
  await enqueueNotices(
    tx,
    untold.map((row) => ({ ...row, periodFrom: from, notice })),
    now,
  )
}

export const emptyPeriod = (orgId: string, budgetId: string, { from, until }: Period) => ({
  orgId,
  budgetId,
  from,
  until,
  spent: zeroUsd,
  events: 0,
  unpricedEvents: 0,
})

export async function savePeriod(tx: Queryable, budgetId: string, next: BudgetPeriod): Promise<void> {
  const { spent, events, unpricedEvents, limitReachedAt } = next
  await tx
    .update(budgetPeriods)
    .set({ spent, events, unpricedEvents, limitReachedAt })
    .where(and(eq(budgetPeriods.budgetId, budgetId), eq(budgetPeriods.from, next.period.from)))
}

/** The live budgets that match, and how many rows were new. One that is new in the running period asks for its card. */
async function openRows(
  tx: Queryable,
  where: SQL | undefined,
  period: Period,
  now: Date,
): Promise<{ budgetIds: string[]; opened: number }> {
  const live = await tx
    .select({ id: budgets.id, orgId: budgets.orgId })
    .from(budgets)
    .where(and(where, isNull(budgets.archivedAt)))
    .orderBy(asc(budgets.id))
  if (live.length === 0) return { budgetIds: [], opened: 0 }
  const opened = await tx
    .insert(budgetPeriods)
    .values(live.map(({ id, orgId }) => emptyPeriod(orgId, id, period)))
    .onConflictDoNothing()
    .returning({ orgId: budgetPeriods.orgId, budgetId: budgetPeriods.budgetId })
  if (periodHolds(period, now)) {
    const notice = { kind: 'period_opened' } as const
    await enqueueNotices(
      tx,
      opened.map((row) => ({ ...row, periodFrom: period.from, notice })),
      now,
    )
  }
  return { budgetIds: live.map(({ id }) => id), opened: opened.length }
}
