/**
 * What was last read of a project's budgets, and what it means at an instant.
 * Invariant: facts of a past period stop nobody, also while Postgres cannot be asked for the new one.
 */
import {
  type BudgetView,
  type BudgetWithCard,
  type SeenBudgets,
  seeBudgets,
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

/** A verdict, and the parts that its budgets come in: those of the project, and those of its whole organisation. */
export interface VerdictInParts {
  readonly verdict: Verdict
  readonly parts: readonly (readonly BudgetView[])[]
}

/**
 * What facts mean at one instant. For all that were read together: the budgets of an organisation are then looked at
 * once, and are one and the same part of the verdict of each of its projects.
 */
export function verdictsAt(now: Date): (projectId: string, facts: VerdictFacts) => VerdictInParts {
  const organisations = new Map<string | null, SeenBudgets>()
  return (projectId, { orgId, budgets, stops }) => {
    const own = seeBudgets(
      budgets.filter(({ budget }) => budget.scope.projectId !== null),
      now,
    )
    const known = organisations.get(orgId)
    const shared = known ?? seeBudgets(budgets.filter(isOfOrganisation), now)
    organisations.set(orgId, shared)
    const verdict = verdictOfSeen(projectId, [own, shared], stops)
    return { verdict, parts: [own.views, shared.views] }
  }
}

const isOfOrganisation = ({ budget }: BudgetWithCard): boolean => budget.scope.projectId === null
