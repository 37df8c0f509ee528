/**
 * What was last read of a project's budgets, and what it means at an instant.
 * Invariant: facts of a past period stop nobody, also while Postgres cannot be asked for the new one.
 */
import {
  type BudgetWithCard,
  type SeenBudget,
  seeBudget,
  type Verdict,
  verdictOfSeen,
  type WideStop,
} from '../../core/budget/verdict.ts'
import { readCovering } from '../../db/postgres/covering.ts'
import type { Queryable } from '../../db/postgres/open.ts'

export interface VerdictFacts {
  /** Null for a project that is not there. */
  readonly orgId: string | null
  readonly budgets: readonly BudgetWithCard[]
  readonly stops: readonly WideStop[]
  /** When the reading began. */
  readonly readAt: Date
}

/** The facts of many projects by few statements; a project without a budget has none. */
export async function readFacts(
  tx: Queryable,
  projectIds: readonly string[],
  now: Date,
): Promise<Map<string, VerdictFacts>> {
  const covering = await readCovering(tx, projectIds, now)
  return new Map(projectIds.map((id) => [id, { ...(covering.get(id) ?? NOTHING), readAt: now }]))
}

const NOTHING = { orgId: null, budgets: [], stops: [] }

/**
 * What facts mean at one instant. Of many projects at once, a budget of their organisation is looked at once: it is the
 * same object in the facts of each.
 */
export function verdictsAt(now: Date): (projectId: string, facts: VerdictFacts) => Verdict {
  const seen = new Map<BudgetWithCard, SeenBudget>()
  const see = (budget: BudgetWithCard): SeenBudget => {
    const known = seen.get(budget)
    if (known !== undefined) return known
    const made = seeBudget(budget, now)
    seen.set(budget, made)
    return made
  }
  return (projectId, { budgets, stops }) => verdictOfSeen(projectId, budgets.map(see), stops)
}
