/** Budgets and their periods, a page at a time, for whoever manages them: of one project, or of a whole organisation. */
import { and, desc, eq, lt, or, type SQL } from 'drizzle-orm'
import { type Counter, ONE_COUNTER } from '../../core/budget/scope.ts'
import {
  type BudgetSettings,
  ofBudget,
  ofOrganisation,
  ofProjects,
  readBudgetSettings,
} from './budget-settings.ts'
import { type BudgetKey, readSnapshots, type StoredBudget, shownPeriodOf } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'
import { budgetPeriods, budgets } from './schema.ts'

/** With null as the project, every budget of the organisation. */
export interface BudgetReach {
  readonly orgId: string
  readonly projectId: string | null
}

/** Live budgets in the order of their ids, past `after`; each in its running period, without its counters. */
export async function readBudgetPage(
  tx: Queryable,
  { orgId, projectId }: BudgetReach,
  { after, rowsMax }: { readonly after: string | null; readonly rowsMax: number },
  now: Date,
): Promise<StoredBudget[]> {
  const reached = projectId === null ? undefined : ofProjects([projectId])
  const all = await readBudgetSettings(tx, and(ofOrganisation(orgId), reached))
  const page = all.filter(({ budget }) => after === null || budget.id > after).slice(0, rowsMax)
  return await readSnapshots(
    tx,
    page.flatMap((settings) => keyOf(settings, now)),
  )
}

/** Null for one that is not there, was ended, or lies beyond the reach. */
export async function readOneBudget(
  tx: Queryable,
  { orgId, projectId }: BudgetReach,
  budgetId: string,
  now: Date,
): Promise<StoredBudget | null> {
  const [settings] = await readBudgetSettings(tx, ofBudget(orgId, budgetId))
  if (!settings || (projectId !== null && settings.budget.scope.projectId !== projectId)) return null
  const [stored] = await readSnapshots(tx, keyOf(settings, now))
  return stored ?? null
}

function keyOf(settings: BudgetSettings, now: Date): BudgetKey[] {
  const period = shownPeriodOf(settings, now)
  return period === null ? [] : [{ settings, period, counter: ONE_COUNTER }]
}

export type PeriodRow = typeof budgetPeriods.$inferSelect

/** What each counter of a budget spent in each of its periods: the youngest period first, in it the counters by name. */
export function readPeriodPage(
  tx: Queryable,
  budgetId: string,
  { after, rowsMax }: { readonly after: PeriodPlace | null; readonly rowsMax: number },
): Promise<PeriodRow[]> {
  return tx
    .select()
    .from(budgetPeriods)
    .where(and(eq(budgetPeriods.budgetId, budgetId), after === null ? undefined : isPast(after)))
    .orderBy(desc(budgetPeriods.from), desc(budgetPeriods.counter))
    .limit(rowsMax)
}

export interface PeriodPlace {
  readonly from: Date
  readonly counter: Counter
}

const isPast = ({ from, counter }: PeriodPlace): SQL | undefined =>
  or(lt(budgetPeriods.from, from), and(eq(budgetPeriods.from, from), lt(budgetPeriods.counter, counter)))

/** Those of a project, or of the organisation: what a list of requests or deeds is narrowed to. */
export const reachedBudgets = ({ orgId, projectId }: BudgetReach): SQL | undefined =>
  and(eq(budgets.orgId, orgId), projectId === null ? undefined : eq(budgets.projectId, projectId))
