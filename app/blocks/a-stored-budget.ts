/** Builder for tests: what the store reads of a budget, from core's builders. */
import { aBudget, aPeriod } from '../../core/budget/a-budget.ts'
import type { Budget, BudgetPeriod } from '../../core/budget/budget.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'

export const aStoredBudget = (
  budget: Partial<Budget> = {},
  current: Partial<BudgetPeriod> = {},
): StoredBudget => ({
  ...{ budget: aBudget(budget), current: aPeriod(current) },
  ...{ installationId: 'ins_1', channelId: 'C0LLMCOSTS', createdBy: 'U1', liftUrl: null },
  overridePolicy: null,
})
