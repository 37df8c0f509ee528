/** Reads what budgets are, without what was spent: parsed once, here, from what was parsed before it was written. */
import { and, asc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Budget, Lifters } from '../../core/budget/budget.ts'
import { DEFAULT_OVERRIDE_POLICY, type OverridePolicy } from '../../core/budget/override.ts'
import { parseOverridePolicy } from '../../core/budget/override-policy.ts'
import { parseLadder } from '../../core/budget/parse-ladder.ts'
import { parseScope } from '../../core/budget/parse-scope.ts'
import { parseRollover } from '../../core/budget/rollover.ts'
import { scopeWords } from '../../core/budget/scope-words.ts'
import type { Reach } from '../../core/people/reach.ts'
import { parsePeriodRule } from '../../core/period/period-rule.ts'
import type { Queryable } from './open.ts'
import { budgets, overridePolicies, projects } from './schema.ts'

export interface BudgetSettings {
  readonly budget: Budget
  readonly installationId: string | null
  readonly channelId: string | null
  readonly createdBy: string
  /** As it is stored; null where that of the organisation holds. */
  readonly overridePolicy: unknown
}

/** A budget that cannot be read is our mistake, and is said; it must never be passed over, as it might be a stop. */
export class UnreadableBudget extends Error {
  constructor(budgetId: string, problems: readonly string[]) {
    super(`budget ${budgetId} cannot be read: ${problems.join('; ')}`)
  }
}

export const ofProjects = (projectIds: readonly string[]): SQL => inArray(budgets.projectId, [...projectIds])
export const ofOrganisation = (orgId: string): SQL => eq(budgets.orgId, orgId)
/** What a person sees: with all projects those of the whole organisation too, else only those of projects. */
export const ofReach = ({ orgId, projectIds }: Pick<Reach, 'orgId' | 'projectIds'>): SQL | undefined =>
  and(ofOrganisation(orgId), projectIds === null ? undefined : ofProjects(projectIds))
export const ofBudget = (orgId: string, budgetId: string): SQL | undefined =>
  and(eq(budgets.orgId, orgId), eq(budgets.id, budgetId))

/** Budgets that may cover a call of these projects: their own, and those of their whole organisations. */
export const coveringProjects = (projectIds: readonly string[]): SQL | undefined =>
  or(
    ofProjects(projectIds),
    and(
      isNull(budgets.projectId),
      inArray(
        budgets.orgId,
        sql`(select ${projects.orgId} from ${projects} where ${inArray(projects.id, [...projectIds])})`,
      ),
    ),
  )

/** Live budgets that match, of projects that were not deleted; in the order of their ids. */
export async function readBudgetSettings(tx: Queryable, where: SQL | undefined): Promise<BudgetSettings[]> {
  const rows = await tx
    .select({ budget: budgets, projectName: projects.name, orgLifters: overridePolicies.lifters })
    .from(budgets)
    .leftJoin(projects, eq(projects.id, budgets.projectId))
    .leftJoin(overridePolicies, eq(overridePolicies.orgId, budgets.orgId))
    .where(and(where, isNull(budgets.archivedAt), isNull(projects.deletedAt)))
    .orderBy(asc(budgets.id))
  return rows.map(({ budget, projectName, orgLifters }) => ({
    budget: { ...fromDbBudget(budget, projectName), lifters: liftersOf(budget, orgLifters) },
    installationId: budget.installationId,
    channelId: budget.channelId,
    createdBy: budget.createdBy,
    overridePolicy: budget.overridePolicy,
  }))
}

function liftersOf(
  { id, overridePolicy }: Pick<typeof budgets.$inferSelect, 'id' | 'overridePolicy'>,
  ofOrg: OverridePolicy['lifters'] | null,
): Lifters {
  if (overridePolicy === null) return ofOrg ?? DEFAULT_OVERRIDE_POLICY.lifters
  const parsed = parseOverridePolicy(overridePolicy)
  if (parsed.kind === 'bad') throw new UnreadableBudget(id, parsed.problems)
  return typeof parsed.policy.lifters === 'string' ? parsed.policy.lifters : 'named'
}

function fromDbBudget(row: typeof budgets.$inferSelect, projectName: string | null): Omit<Budget, 'lifters'> {
  const scope = parseScope(row.scope)
  const rule = parsePeriodRule(row.periodRule)
  const ladder = parseLadder(row.ladder)
  const rollover = row.rollover === null ? 'none' : parseRollover(row.rollover)
  if (scope.kind === 'bad') throw new UnreadableBudget(row.id, scope.problems)
  if (rule.kind === 'bad') throw new UnreadableBudget(row.id, rule.problems)
  if (ladder.kind === 'bad') throw new UnreadableBudget(row.id, ladder.problems)
  if (rollover !== 'none' && rollover.kind === 'bad') throw new UnreadableBudget(row.id, rollover.problems)
  return {
    id: row.id,
    orgId: row.orgId,
    title: row.name ?? scopeWords(scope.scope, projectName),
    scope: { projectId: row.projectId, ...scope.scope },
    projectName,
    periodRule: rule,
    rollover,
    limit: row.limit,
    thresholdsPercent: row.thresholdsPercent,
    ladder: ladder.ladder,
    mode: row.mode,
    onUnreachable: row.onUnreachable,
    onUnpriced: row.onUnpriced,
    limitRevision: row.limitRevision,
    manualStop: row.stoppedAt && row.stoppedBy ? { at: row.stoppedAt, by: row.stoppedBy } : null,
  }
}
