/** The one form that most people fill in: a month's budget of a project, made or changed. */
import { isWhole } from '../../core/budget/scope.ts'
import type { NanoUsd } from '../../core/money.ts'
import { monthlyBudget, type Said, type SlackPlace } from './budget-definition.ts'
import { ofProjects } from './budget-settings.ts'
import { readBudgets, type StoredBudget } from './budget-snapshots.ts'
import { type BudgetRefusal, changeIn, makeIn, takeBudgetScope } from './budgets.ts'
import { lockBudget } from './lock-budget.ts'
import type { Postgres, Queryable } from './open.ts'

export interface BudgetSetting extends Said {
  readonly orgId: string
  readonly projectId: string
  readonly limit: NanoUsd
  readonly slack: SlackPlace | null
  readonly mayRaise?: boolean
}

export type BudgetSetOutcome =
  | { readonly kind: 'set'; readonly budgetId: string; readonly previousLimit: NanoUsd | null }
  | { readonly kind: 'refused'; readonly refusal: BudgetRefusal }

/** Gives a project its monthly budget, or changes the limit and the channel of the one it has. */
export function setMonthlyBudget(
  postgres: Postgres,
  setting: BudgetSetting,
  now: Date,
): Promise<BudgetSetOutcome> {
  return postgres.tables.transaction(async (tx): Promise<BudgetSetOutcome> => {
    const { orgId, projectId, limit, slack, by, origin } = setting
    if (!(await takeBudgetScope(tx, orgId, projectId))) return { kind: 'refused', refusal: 'project_unknown' }
    const existing = await budgetOfProject(tx, projectId, now)
    if (!existing) {
      const outcome = await makeIn(
        tx,
        { orgId, by, origin, definition: monthlyBudget(projectId, limit, slack) },
        now,
      )
      return outcome.kind === 'refused'
        ? outcome
        : { kind: 'set', budgetId: outcome.budgetId, previousLimit: null }
    }
    const budgetId = existing.budget.id
    const locked = (await lockBudget(tx, { orgId, budgetId }, now)) ?? existing
    const outcome = await changeIn(tx, locked, { ...setting, budgetId, change: { limit, slack } }, now)
    return outcome.kind === 'refused'
      ? outcome
      : { kind: 'set', budgetId, previousLimit: outcome.previousLimit }
  })
}

/** The first budget that covers the whole project and nothing else; what a project's budget means where one is meant. */
export async function budgetOfProject(
  tx: Queryable,
  projectId: string,
  now: Date,
): Promise<StoredBudget | undefined> {
  const all = await readBudgets(tx, ofProjects([projectId]), now)
  return all.find(({ budget }) => isWhole(budget.scope))
}
