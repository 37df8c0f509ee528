/** Locks one counter of a budget against the ledger and every other change, and reads it. */
import { type Counter, ONE_COUNTER } from '../../core/budget/scope.ts'
import { lockPeriods } from './budget-periods.ts'
import { type BudgetSettings, ofBudget, readBudgetSettings } from './budget-settings.ts'
import { readSnapshots, type StoredBudget, shownPeriodOf } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'
import { takeScope } from './project-locks.ts'

export interface BudgetRef {
  readonly orgId: string
  readonly budgetId: string
  /** Of a budget with a counter for each user or key, whose. */
  readonly counter?: Counter
}

/** Null when it is not this organisation's. */
export async function lockBudget(
  tx: Queryable,
  { orgId, budgetId, counter = ONE_COUNTER }: BudgetRef,
  at: Date,
): Promise<StoredBudget | null> {
  const settings = await takeBudget(tx, { orgId, budgetId })
  const period = settings && shownPeriodOf(settings, at)
  if (!settings || !period) return null
  const key = { settings, period, counter }
  await lockPeriods(tx, [key], at)
  const [stored] = await readSnapshots(tx, [key])
  return stored ?? null
}

/** Takes the budget's scope, alone, and reads it then: whoever had the scope before may have changed it, or ended it. */
export async function takeBudget(
  tx: Queryable,
  { orgId, budgetId }: Omit<BudgetRef, 'counter'>,
): Promise<BudgetSettings | null> {
  const [found] = await readBudgetSettings(tx, ofBudget(orgId, budgetId))
  if (!found) return null
  await takeScope(tx, found.budget.scope.projectId ?? orgId)
  const [settings] = await readBudgetSettings(tx, ofBudget(orgId, budgetId))
  return settings ?? null
}
