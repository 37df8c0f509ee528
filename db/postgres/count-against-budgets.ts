/**
 * Counts admitted spend against every budget that covers it, each call in the period of its own time.
 * Rows are locked in the order of budget, period and counter, so that replicas never wait for each other in a circle.
 */
import { eq } from 'drizzle-orm'
import type { Crossing, Decision, SpendEntry } from '../../core/budget/decide.ts'
import { limitIn, reachedPercentOf } from '../../core/budget/limit.ts'
import { counterOf, isWhole, ONE_COUNTER, type Scope } from '../../core/budget/scope.ts'
import { callsOf } from '../../core/event/adjustment.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { type Period, periodHolds } from '../../core/period.ts'
import type { Candidate } from './admit.ts'
import { recordDeed } from './audit.ts'
import { lockOpenedPeriods, openPeriods, savePeriod } from './budget-periods.ts'
import { type BudgetSettings, coveringProjects, readBudgetSettings } from './budget-settings.ts'
import { type BudgetKey, readSnapshots, type StoredBudget } from './budget-snapshots.ts'
import { checksOf, decideChecked } from './decide-checked.ts'
import { enqueueNotices, type NoticeOf } from './notices.ts'
import type { Queryable } from './open.ts'
import { askForChecks, type CheckRequest } from './recount-requests.ts'
import { alerts, overrides } from './schema.ts'

export interface Counted {
  readonly crossings: readonly Crossing[]
  /** Projects, and for budgets of the whole organisation organisations, whose verdicts may have changed. */
  readonly touched: readonly string[]
}

export async function countAgainstBudgets(
  tx: Queryable,
  candidates: readonly Candidate[],
  now: Date,
): Promise<Counted> {
  const projectIds = [...new Set(candidates.map(({ event }) => event.projectId))]
  if (projectIds.length === 0) return { crossings: [], touched: [] }
  const settings = await readBudgetSettings(tx, coveringProjects(projectIds))
  const groups = groupByCounter(settings, candidates)
  const counting = await lockCounting(tx, groups, now)
  const crossings: Crossing[] = []
  const checks: CheckRequest[] = []
  const touched = new Set<string>()
  for (const stored of await readSnapshots(tx, counting)) {
    const entries = groups.get(
      nameOf(stored.budget.id, stored.current.period, stored.current.counter),
    )?.entries
    const decision = await decideChecked(tx, stored, entries ?? [], now)
    await saveDecision(tx, stored, decision, now)
    crossings.push(...decision.crossings)
    checks.push(...checksOf(stored, decision, now))
    touched.add(stored.budget.scope.projectId ?? stored.budget.orgId)
  }
  await askForChecks(tx, checks, now)
  return { crossings, touched: [...touched] }
}

interface Group extends BudgetKey {
  readonly entries: SpendEntry[]
}

const nameOf = (budgetId: string, period: Period, counter: string): string =>
  `${budgetId}/${period.from.getTime()}/${counter}`

function groupByCounter(
  settings: readonly BudgetSettings[],
  candidates: readonly Candidate[],
): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const of of settings) {
    // Nearly all of a batch falls under one counter and period, which is then looked up once and not for each event.
    let last: Group | null = null
    for (const candidate of candidates) {
      const counter = counterOfCandidate(of.budget.scope, candidate)
      if (counter === null) continue
      if (last === null || last.counter !== counter || !periodHolds(last.period, candidate.event.ts)) {
        last = groupFor(groups, of, candidate, counter)
      }
      last?.entries.push(candidate.event)
    }
  }
  return groups
}

/** The facts are decoded only for a scope that asks for more than the project. */
function counterOfCandidate(scope: Scope, { event, facts }: Candidate): string | null {
  if (scope.projectId !== null && scope.projectId !== event.projectId) return null
  return isWhole(scope) ? ONE_COUNTER : counterOf(scope, facts())
}

/** Null for a call outside every period of the budget, such as before a fixed span. */
function groupFor(
  groups: Map<string, Group>,
  settings: BudgetSettings,
  { event }: Candidate,
  counter: string,
): Group | null {
  const period = periodOf(settings.budget.periodRule, event.ts)
  if (period === null) return null
  const name = nameOf(settings.budget.id, period, counter)
  const known = groups.get(name)
  if (known) return known
  const group: Group = { settings, period, counter, entries: [] }
  groups.set(name, group)
  return group
}

/**
 * The counters that count, locked. Adjustments open no period that is over: no budget watched what they are about. In one
 * that runs they do, since the recount that a budget starts from may not have opened the counter yet.
 */
async function lockCounting(
  tx: Queryable,
  groups: ReadonlyMap<string, Group>,
  now: Date,
): Promise<BudgetKey[]> {
  const all = [...groups.values()]
  await openPeriods(
    tx,
    all.filter(({ entries, period }) => period.until > now || entries.some((entry) => callsOf(entry) > 0)),
    now,
  )
  return await lockOpenedPeriods(tx, all)
}

async function saveDecision(
  tx: Queryable,
  stored: StoredBudget,
  decision: Decision,
  now: Date,
): Promise<void> {
  const { budget } = stored
  const { period, counter } = decision.next
  await savePeriod(tx, budget.id, decision.next)
  if (decision.crossings.length > 0) {
    await tx.insert(alerts).values(
      decision.crossings.map(({ percent, spent, requestId, attempt }) => ({
        orgId: budget.orgId,
        budgetId: budget.id,
        from: period.from,
        counter,
        limitRevision: budget.limitRevision,
        percent,
        spent,
        limit: limitIn(budget, stored.current),
        requestId,
        attempt,
        crossedAt: now,
      })),
    )
  }
  if (decision.overrideSpent) {
    await tx
      .update(overrides)
      .set({ endedAt: now, endedBy: 'spent' })
      .where(eq(overrides.id, decision.overrideSpent.id))
    const after = { spent_nano_usd: decision.next.spent.toString() }
    const deed = { actor: 'system', action: 'override.spent', origin: 'ledger' } as const
    await recordDeed(tx, { orgId: budget.orgId, subject: decision.overrideSpent.id, after, ...deed }, now)
  }
  if (decision.limitLifted) {
    const after = { spent_nano_usd: decision.next.spent.toString() }
    const deed = { actor: 'system', action: 'budget.limit_lifted', origin: 'ledger' } as const
    await recordDeed(tx, { orgId: budget.orgId, subject: budget.id, after, ...deed }, now)
  }
  await enqueueNotices(tx, noticesOf(stored, decision), now)
}

function noticesOf({ budget, current }: StoredBudget, decision: Decision): NoticeOf[] {
  const { next, crossings, overrideSpent, limitLifted, limitReachedAgain } = decision
  const { period, counter } = next
  const about = { orgId: budget.orgId, budgetId: budget.id, periodFrom: period.from, counter }
  const figures = { spent: next.spent, limit: limitIn(budget, current) }
  const again = limitReachedAgain ? [reachedPercentOf(budget)] : []
  const percents = [...crossings.map(({ percent }) => percent), ...again]
  const notices: NoticeOf[] = []
  if (percents.length > 0) notices.push({ ...about, notice: { kind: 'crossed', percents, ...figures } })
  if (limitLifted) notices.push({ ...about, notice: { kind: 'limit_lifted', ...figures } })
  if (overrideSpent) notices.push({ ...about, notice: { kind: 'override_ended', end: 'spent', ...figures } })
  return notices
}
