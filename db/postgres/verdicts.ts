/** The verdict of a project, read from its budgets. */
import { type Verdict, verdictOf } from '../../core/budget/verdict.ts'
import { readCovering } from './covering.ts'
import type { Queryable } from './open.ts'

export async function readVerdict(tx: Queryable, projectId: string, now: Date): Promise<Verdict> {
  const covering = (await readCovering(tx, [projectId], now)).get(projectId)
  return verdictOf(projectId, covering?.budgets ?? [], now, covering?.stops)
}
