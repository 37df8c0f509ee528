/**
 * Reads budgets and one period of each as core's plain facts. A period that has no row yet has spent nothing.
 * Invariant: the facts of one call come from one statement's snapshot of each table, or from rows locked before.
 */
import { and, asc, eq, inArray, isNull, or, type SQL } from 'drizzle-orm'
import type { Budget, BudgetPeriod, BudgetSnapshot, Override } from '../../core/budget/budget.ts'
import { zeroUsd } from '../../core/money.ts'
import { monthOf, type Period } from '../../core/period.ts'
import type { Queryable } from './open.ts'
import { alerts, budgetCards, budgetPeriods, budgets, overrides, projects } from './schema.ts'

export interface StoredBudget extends BudgetSnapshot {
  readonly installationId: string | null
  readonly channelId: string | null
  readonly createdBy: string
  /** The card's address in Slack, once posted; where a person lifts a stop. */
  readonly liftUrl: string | null
}

/** Live budgets that match, each with the period that holds `at`; in the order of their ids. */
export function readBudgets(tx: Queryable, where: SQL | undefined, at: Date): Promise<StoredBudget[]> {
  return readBudgetsIn(tx, where, monthOf(at))
}

export const ofProjects = (projectIds: readonly string[]): SQL => inArray(budgets.projectId, [...projectIds])
export const ofOrganisation = (orgId: string): SQL => eq(budgets.orgId, orgId)
export const ofBudget = (orgId: string, budgetId: string): SQL | undefined =>
  and(eq(budgets.orgId, orgId), eq(budgets.id, budgetId))

export async function readBudgetsIn(
  tx: Queryable,
  where: SQL | undefined,
  period: Period,
): Promise<StoredBudget[]> {
  const rows = await tx
    .select({
      budget: budgets,
      projectName: projects.name,
      row: budgetPeriods,
      override: overrides,
      card: budgetCards,
    })
    .from(budgets)
    .innerJoin(projects, eq(projects.id, budgets.projectId))
    .leftJoin(budgetPeriods, and(eq(budgetPeriods.budgetId, budgets.id), eq(budgetPeriods.from, period.from)))
    .leftJoin(
      overrides,
      and(eq(overrides.budgetId, budgets.id), eq(overrides.from, period.from), isNull(overrides.endedAt)),
    )
    .leftJoin(budgetCards, and(eq(budgetCards.budgetId, budgets.id), eq(budgetCards.from, period.from)))
    .where(and(where, isNull(budgets.archivedAt), isNull(projects.deletedAt)))
    .orderBy(asc(budgets.id))
  const announced = await readAnnounced(
    tx,
    rows.map((row) => row.budget.id),
    period,
  )
  return rows.map(({ budget, projectName, row, override, card }) => ({
    budget: fromDbBudget(budget, projectName),
    current: fromDbPeriod(
      period,
      row,
      announced.get(revisionKey(budget.id, budget.limitRevision)) ?? [],
      override,
    ),
    installationId: budget.installationId,
    channelId: budget.channelId,
    createdBy: budget.createdBy,
    liftUrl: card?.permalink ?? null,
  }))
}

async function readAnnounced(
  tx: Queryable,
  budgetIds: readonly string[],
  period: Period,
): Promise<Map<string, number[]>> {
  const byRevision = new Map<string, number[]>()
  if (budgetIds.length === 0) return byRevision
  const rows = await tx
    .select({ id: alerts.budgetId, revision: alerts.limitRevision, percent: alerts.percent })
    .from(alerts)
    .where(and(or(inArray(alerts.budgetId, [...budgetIds])), eq(alerts.from, period.from)))
    .orderBy(asc(alerts.percent))
  for (const { id, revision, percent } of rows) {
    const key = revisionKey(id, revision)
    byRevision.set(key, [...(byRevision.get(key) ?? []), percent])
  }
  return byRevision
}

const revisionKey = (budgetId: string, revision: number) => `${budgetId}/${revision}`

function fromDbBudget(row: typeof budgets.$inferSelect, projectName: string): Budget {
  return {
    id: row.id,
    orgId: row.orgId,
    projectId: row.projectId,
    projectName,
    limit: row.limit,
    thresholdsPercent: row.thresholdsPercent,
    limitRevision: row.limitRevision,
    manualStop: row.stoppedAt && row.stoppedBy ? { at: row.stoppedAt, by: row.stoppedBy } : null,
  }
}

function fromDbPeriod(
  period: Period,
  row: typeof budgetPeriods.$inferSelect | null,
  announcedPercent: readonly number[],
  override: typeof overrides.$inferSelect | null,
): BudgetPeriod {
  return {
    period,
    spent: row?.spent ?? zeroUsd,
    events: row?.events ?? 0,
    unpricedEvents: row?.unpricedEvents ?? 0,
    announcedPercent,
    limitReachedAt: row?.limitReachedAt ?? null,
    override: override ? fromDbOverride(override) : null,
  }
}

function fromDbOverride(row: typeof overrides.$inferSelect): Override {
  const { id, amount, ceiling, grantedAt, until, grantedBy, reason } = row
  return { id, amount, ceiling, grantedAt, until, grantedBy, reason }
}
