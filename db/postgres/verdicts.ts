/** The verdict of a project, read from its budgets. */
import { type Verdict, verdictOf } from '../../core/budget/verdict.ts'
import { ofProjects, readBudgets } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'

export async function readVerdict(tx: Queryable, projectId: string, now: Date): Promise<Verdict> {
  return verdictOf(projectId, await readBudgets(tx, ofProjects([projectId]), now), now)
}
