/** Reads the youngest deeds, and the names of what they were done to. */

import type { Reach } from '../../core/people/reach.ts'
import type { StoredDeed } from '../../db/postgres/audit-list.ts'
import { ofReach, readBudgetSettings } from '../../db/postgres/budget-settings.ts'
import { budgetsOfOverrides } from '../../db/postgres/deed-subjects.ts'
import type { AppDeps } from '../deps.ts'
import { ANY_DEED, seenDeeds, seenKeys, seenProjects } from '../seen/seen.ts'

export interface NamedDeed {
  readonly deed: StoredDeed
  /** Null where it has no name, or is no longer there. */
  readonly subjectName: string | null
}

export interface AuditQuestion {
  readonly reach: Reach
  readonly actor: string | null
  readonly rowsMax: number
}

export async function readAudit(
  { postgres: { tables } }: AppDeps,
  { reach, actor, rowsMax }: AuditQuestion,
): Promise<{ readonly deeds: readonly NamedDeed[]; readonly hasMore: boolean }> {
  const filter = { ...ANY_DEED, actor }
  const [rows, budgets, projects, keys] = await Promise.all([
    seenDeeds(tables, reach, { filter, rowsMax: rowsMax + 1 }),
    readBudgetSettings(tables, ofReach(reach)),
    seenProjects(tables, reach),
    seenKeys(tables, reach),
  ])
  const shown = rows.slice(0, rowsMax)
  const budgetOf = await budgetsOfOverrides(
    tables,
    reach.orgId,
    shown.map(({ subject }) => subject),
  )
  const names = new Map([
    ...budgets.map(({ budget }) => [budget.id, budget.title] as const),
    ...projects.map(({ id, name }) => [id, name] as const),
    ...keys.map(({ id, name, prefix }) => [id, `${name} (${prefix}…)`] as const),
  ])
  const nameOf = (subject: string) => names.get(budgetOf.get(subject) ?? subject) ?? null
  return {
    deeds: shown.map((deed) => ({ deed, subjectName: nameOf(deed.subject) })),
    hasMore: rows.length > shown.length,
  }
}
