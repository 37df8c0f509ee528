/**
 * What was last read of a project's budgets, and what it means at an instant.
 * Invariant: facts of a past period stop nobody, also while Postgres cannot be asked for the new one.
 */
import { type BudgetWithCard, type Verdict, verdictOf } from '../../core/budget/verdict.ts'
import { ofProjects, readBudgets } from '../../db/postgres/budget-snapshots.ts'
import type { Queryable } from '../../db/postgres/open.ts'

export interface VerdictFacts {
  readonly budgets: readonly BudgetWithCard[]
  readonly readAt: Date
}

/** The facts of many projects by one statement; a project without a budget has none. */
export async function readFacts(
  tx: Queryable,
  projectIds: readonly string[],
  now: Date,
): Promise<Map<string, VerdictFacts>> {
  const stored = await readBudgets(tx, ofProjects(projectIds), now)
  return new Map(
    projectIds.map((id) => [
      id,
      { budgets: stored.filter(({ budget }) => budget.projectId === id), readAt: now },
    ]),
  )
}

export const verdictAt = (projectId: string, { budgets }: VerdictFacts, now: Date): Verdict =>
  verdictOf(projectId, budgets, now)
