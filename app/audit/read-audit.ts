/** Reads the youngest deeds, and the names of what they were done to. */

import { listApiKeys } from '../../db/postgres/api-key-deeds.ts'
import { readDeeds, type StoredDeed } from '../../db/postgres/audit-list.ts'
import { ofOrganisation, readBudgetSettings } from '../../db/postgres/budget-settings.ts'
import { budgetsOfOverrides } from '../../db/postgres/deed-subjects.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import type { AppDeps } from '../deps.ts'

export interface NamedDeed {
  readonly deed: StoredDeed
  /** Null where it has no name, or is no longer there. */
  readonly subjectName: string | null
}

export interface AuditQuestion {
  readonly orgId: string
  readonly actor: string | null
  readonly rowsMax: number
}

export async function readAudit(
  { postgres: { tables } }: AppDeps,
  { orgId, actor, rowsMax }: AuditQuestion,
): Promise<{ readonly deeds: readonly NamedDeed[]; readonly hasMore: boolean }> {
  const filter = { since: null, until: null, action: null, subject: null, actor }
  const [rows, budgets, projects, keys] = await Promise.all([
    readDeeds(tables, { orgId, projectId: null }, filter, { after: null, rowsMax: rowsMax + 1 }),
    readBudgetSettings(tables, ofOrganisation(orgId)),
    listProjects(tables, orgId),
    listApiKeys(tables, { orgId }),
  ])
  const shown = rows.slice(0, rowsMax)
  const budgetOf = await budgetsOfOverrides(
    tables,
    orgId,
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
