/** The verdict of a project, read from its budgets. */
import { type Verdict, verdictOf } from '../../core/budget/verdict.ts'
import { coveringProjects } from './budget-settings.ts'
import { readBudgets } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'
import { readWideStops } from './stop-budget.ts'

export async function readVerdict(tx: Queryable, projectId: string, now: Date): Promise<Verdict> {
  const stops = await readWideStops(tx, [projectId])
  const budgets = await readBudgets(tx, coveringProjects([projectId]), now)
  return verdictOf(projectId, budgets, now, stops.get(projectId))
}
