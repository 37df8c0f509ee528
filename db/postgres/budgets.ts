/**
 * Making and changing a budget: each with its audit row and what Slack is told, in one transaction. A budget's start is
 * exact to a journal cut: its scope is locked against the ledger.
 */
import { and, eq, isNull } from 'drizzle-orm'
import type { Override } from '../../core/budget/budget.ts'
import { limitIn } from '../../core/budget/limit.ts'
import { type NanoUsd, zeroUsd } from '../../core/money.ts'
import { announcedOf, applyLimit, armAnew, tellMoved } from './apply-limit.ts'
import { recordDeed } from './audit.ts'
import { type BudgetChange, deedOf, differences, pickStanding, withEach } from './budget-change.ts'
import { type BudgetDefinition, type Said, toDbDefinition } from './budget-definition.ts'
import { ofBudget, readBudgetSettings } from './budget-settings.ts'
import { readBudgets, type StoredBudget, shownPeriodOf } from './budget-snapshots.ts'
import { lockBudget } from './lock-budget.ts'
import { moveHolds } from './move-holds.ts'
import { recordStep } from './onboarding-steps.ts'
import { idOnce, madeOnce, type Once, rememberOnce, wasUsedForOther } from './once.ts'
import type { Postgres, Queryable } from './open.ts'
import { endRunningOverride } from './overrides.ts'
import { takeScope } from './project-locks.ts'
import { budgets, projects } from './schema.ts'
import { startEstimates } from './set-estimates.ts'
import { signalVerdicts } from './signals.ts'
import { startPeriods } from './start-periods.ts'

export type BudgetRefusal =
  | 'project_unknown'
  | 'budget_unknown'
  | 'limit_not_positive'
  | 'raise_not_allowed'
  | 'budgets_too_many'
  /** It was changed since the caller looked. */
  | 'changed_meanwhile'
  /** The key of idempotency made something else. */
  | 'key_reused'

export type BudgetMade =
  | { readonly kind: 'made'; readonly budgetId: string; readonly isRepeat?: boolean }
  | { readonly kind: 'refused'; readonly refusal: BudgetRefusal }
export type BudgetChanged =
  | { readonly kind: 'changed'; readonly previousLimit: NanoUsd }
  | { readonly kind: 'refused'; readonly refusal: BudgetRefusal }

export interface Making extends Said {
  readonly orgId: string
  readonly definition: BudgetDefinition
  readonly once?: Once | null
}

export interface Changing extends Said {
  readonly orgId: string
  readonly budgetId: string
  readonly change: BudgetChange
  /** False for who may set a limit and not raise one, decided here, as the limit may have changed since they looked. */
  readonly mayRaise?: boolean
  /** Whether the budget is still what the caller looked at, asked under its lock. */
  readonly expects?: (stored: StoredBudget) => boolean
}

/** Each is looked at with every batch of the ledger and every verdict. */
const BUDGETS_MAX = 200

export const makeBudget = (postgres: Postgres, making: Making, now: Date): Promise<BudgetMade> =>
  postgres.tables.transaction(async (tx): Promise<BudgetMade> => {
    const { orgId, definition } = making
    if (!(await takeBudgetScope(tx, orgId, definition.projectId))) return refused('project_unknown')
    return (await repeatOf(tx, making)) ?? (await makeIn(tx, making, now))
  })

export const changeBudget = (postgres: Postgres, changing: Changing, now: Date): Promise<BudgetChanged> =>
  postgres.tables.transaction(async (tx): Promise<BudgetChanged> => {
    const stored = await lockBudget(tx, changing, now)
    if (!stored) return refused('budget_unknown')
    if (changing.expects?.(stored) === false) return refused('changed_meanwhile')
    return await changeIn(tx, stored, changing, now)
  })

/** What the same key of idempotency made before, whatever became of it. */
async function repeatOf(tx: Queryable, { orgId, once = null }: Making): Promise<BudgetMade | null> {
  if (once === null) return null
  if (await wasUsedForOther(tx, once)) return refused('key_reused')
  const ids = { id: budgets.id, owner: budgets.orgId }
  const [made] = await tx
    .select({ id: budgets.id })
    .from(budgets)
    .where(madeOnce(ids, orgId, once))
  return made ? { kind: 'made', budgetId: made.id, isRepeat: true } : null
}

/** Takes the scope of a budget-to-be; false when the project is not this organisation's. */
export async function takeBudgetScope(
  tx: Queryable,
  orgId: string,
  projectId: string | null,
): Promise<boolean> {
  await takeScope(tx, projectId ?? orgId)
  if (projectId === null) return true
  const rows = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.id, projectId), eq(projects.orgId, orgId), isNull(projects.deletedAt)))
  return rows.length === 1
}

/** The scope is taken. */
export async function makeIn(
  tx: Queryable,
  { orgId, definition, by, origin, once = null }: Making,
  now: Date,
): Promise<BudgetMade> {
  if (definition.limit <= zeroUsd) return refused('limit_not_positive')
  const others = await tx
    .select({ id: budgets.id })
    .from(budgets)
    .where(and(eq(budgets.orgId, orgId), isNull(budgets.archivedAt)))
  if (others.length >= BUDGETS_MAX) return refused('budgets_too_many')
  const budgetId = idOnce('bud', once, now)
  await rememberOnce(tx, once, now)
  await tx.insert(budgets).values({
    ...{ id: budgetId, orgId, projectId: definition.projectId, limitRevision: 1 },
    ...{ limit: definition.limit, thresholdsPercent: [...definition.thresholdsPercent] },
    ...toDbDefinition(definition, definition),
    ...{ createdBy: by, createdAt: now },
  })
  const [settings] = await readBudgetSettings(tx, ofBudget(orgId, budgetId))
  if (settings) await startPeriods(tx, settings, now)
  if (settings) await startEstimates(tx, settings, now)
  await applyLimit(tx, { orgId, budgetId, by, previousLimit: null, heard: new Map() }, now)
  const deed = { actor: by, action: 'budget.made', subject: budgetId, origin } as const
  await recordDeed(tx, { orgId, ...deed, after: deedOf(definition) }, now)
  await recordStep(tx, { orgId, step: 'first_budget' }, now)
  await signalVerdicts(tx, [definition.projectId ?? orgId])
  return { kind: 'made', budgetId }
}

/**
 * Changes what differs. Saved again as it is, nothing changes, so that a form that is sent twice ends no override and
 * tells nothing twice. The budget is locked.
 */
export async function changeIn(
  tx: Queryable,
  stored: StoredBudget,
  changing: Changing,
  now: Date,
): Promise<BudgetChanged> {
  const { budget } = stored
  const { orgId, budgetId, by, origin, mayRaise } = changing
  const change = differences(stored, changing.change)
  const { limit = budget.limit } = change
  if (limit <= zeroUsd) return refused('limit_not_positive')
  if (limit > budget.limit && mayRaise === false) return refused('raise_not_allowed')
  const previousLimit = budget.limit
  if (Object.keys(change).length === 0) return { kind: 'changed', previousLimit }
  const isRearmed =
    change.limit !== undefined || change.ladder !== undefined || change.thresholdsPercent !== undefined
  if (isRearmed || change.periodRule) await endOutgrown(tx, stored, change, now)
  const limitRevision = budget.limitRevision + (isRearmed ? 1 : 0)
  const heard = await announcedOf(tx, orgId, budgetId, now)
  await tx
    .update(budgets)
    .set({ ...toDbDefinition(withEach(change, budget), budget), limitRevision })
    .where(eq(budgets.id, budgetId))
  const [settings] = await readBudgetSettings(tx, ofBudget(orgId, budgetId))
  const isRescoped = change.match !== undefined || change.periodRule !== undefined
  if (settings && isRescoped) await startPeriods(tx, settings, now)
  const to = settings && shownPeriodOf(settings, now)
  if (settings && to) await moveHolds(tx, { settings, from: stored.current.period, to }, now)
  const isEstimated = isRescoped || change.onUnpriced !== undefined
  if (settings && isEstimated) await startEstimates(tx, settings, now)
  if (isRearmed || isRescoped) await applyLimit(tx, { orgId, budgetId, by, previousLimit, heard }, now)
  else if (isEstimated) await armAll(tx, { orgId, budgetId }, now)
  if (change.slack && !isRearmed && !isRescoped) await tellMoved(tx, stored, by, now)
  const action = change.limit === undefined ? 'budget.changed' : 'budget.limit_changed'
  const deed = { actor: by, action, subject: budgetId, origin } as const
  await recordDeed(
    tx,
    { orgId, ...deed, before: deedOf(pickStanding(stored, change)), after: deedOf(change) },
    now,
  )
  await signalVerdicts(tx, [budget.scope.projectId ?? orgId])
  return { kind: 'changed', previousLimit }
}

/** What is counted is another sum: what it reaches newly is told. */
async function armAll(tx: Queryable, ref: { orgId: string; budgetId: string }, now: Date): Promise<void> {
  for (const stored of await readBudgets(tx, ofBudget(ref.orgId, ref.budgetId), now)) {
    await armAnew(tx, stored, stored.current.announcedPercent, now)
  }
}

/** Ends a budget: it counts and stops no more. What it counted stays, and so does its card. */
export const archiveBudget = (
  postgres: Postgres,
  { orgId, budgetId, by, origin }: Said & { readonly orgId: string; readonly budgetId: string },
  now: Date,
): Promise<'done' | 'budget_unknown'> =>
  postgres.tables.transaction(async (tx) => {
    const stored = await lockBudget(tx, { orgId, budgetId }, now)
    if (!stored) return 'budget_unknown'
    await tx.update(budgets).set({ archivedAt: now }).where(eq(budgets.id, budgetId))
    const deed = { actor: by, action: 'budget.archived', subject: budgetId, origin } as const
    await recordDeed(tx, { orgId, ...deed }, now)
    await signalVerdicts(tx, [stored.budget.scope.projectId ?? orgId])
    return 'done'
  })

const refused = (refusal: BudgetRefusal) => ({ kind: 'refused', refusal }) as const

/** An override ends with its period. Raising a limit lets more pass, so it must not end the leave that goes further; lowering one takes it back. */
async function endOutgrown(
  tx: Queryable,
  stored: StoredBudget,
  { limit = stored.budget.limit, periodRule }: BudgetChange,
  now: Date,
): Promise<void> {
  const { budget, current } = stored
  const all =
    budget.scope.each === null ? [stored] : await readBudgets(tx, ofBudget(budget.orgId, budget.id), now)
  const [before, after] = [limitIn(budget, current), limitIn({ limit }, current)]
  for (const counter of all) {
    const { override } = counter.current
    const stays =
      periodRule === undefined && (before === after || (override && outlives(override, before, after)))
    if (override && !stays) await endRunningOverride(tx, counter, 'replaced', now)
  }
}

const outlives = ({ ceiling }: Override, before: NanoUsd, after: NanoUsd): boolean =>
  after > before && ceiling > after
