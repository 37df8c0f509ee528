/**
 * Counts admitted spend against every budget that covers it, each call in the period of its own time.
 * Rows are locked in the order of budget, period and counter, so that replicas never wait for each other in a circle.
 */
import { eq } from 'drizzle-orm'
import type { BudgetPeriod } from '../../core/budget/budget.ts'
import type { Crossing, Decision, SpendEntry } from '../../core/budget/decide.ts'
import { limitIn, reachedPercentOf, takenIn } from '../../core/budget/limit.ts'
import { counterOf, isWhole, ONE_COUNTER, type Scope } from '../../core/budget/scope.ts'
import { callsOf } from '../../core/event/adjustment.ts'
import { zeroUsd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { type Period, periodHolds } from '../../core/period.ts'
import type { Candidate } from './admit.ts'
import { recordDeed } from './audit.ts'
import { openPeriods, refOf, savePeriod } from './budget-periods.ts'
import { type BudgetSettings, coveringProjects, readBudgetSettings } from './budget-settings.ts'
import { type BudgetKey, readSnapshots, type StoredBudget } from './budget-snapshots.ts'
import { type LockedCounter, lockCounters, nameOfCounter } from './counters.ts'
import { checksOf, decideChecked } from './decide-checked.ts'
import { endLeasesOf } from './leases.ts'
import { enqueueNotices, type NoticeOf } from './notices.ts'
import { recordStep } from './onboarding-steps.ts'
import type { Queryable } from './open.ts'
import { askForChecks, type CheckRequest } from './recount-requests.ts'
import { alerts, overrides } from './schema.ts'
import { byCounter, endHeldCalls, type HeldCalls, NO_HELD_CALLS } from './settle-by-events.ts'
import { readStanding, type StandingHolds } from './standing-holds.ts'
import { type EstimateChanges, NO_ESTIMATES, stillUnpriced } from './unpriced-calls.ts'

export interface Counted {
  readonly crossings: readonly Crossing[]
  /** Projects, and for budgets of the whole organisation organisations, whose verdicts may have changed. */
  readonly touched: readonly string[]
}

/** What is known of the candidates beside their events. */
interface Beside {
  readonly held?: HeldCalls
  readonly estimates?: EstimateChanges
}

export async function countAgainstBudgets(
  tx: Queryable,
  candidates: readonly Candidate[],
  now: Date,
  { held = NO_HELD_CALLS, estimates = NO_ESTIMATES }: Beside = {},
): Promise<Counted> {
  const projectIds = [...new Set(candidates.map(({ event }) => event.projectId))]
  if (projectIds.length === 0) return { crossings: [], touched: [] }
  const settings = await readBudgetSettings(tx, coveringProjects(projectIds))
  const groups = groupByCounter(settings, candidates)
  const counting = await lockCounting(tx, { groups, settings, held }, now)
  const standing = await standingOf(tx, estimates)
  const takenBack = byCounter(await endHeldCalls(tx, held, counting.locked, now))
  const entriesOf = (name: string) => [
    // First, so that what was posted ahead is never counted twice on the way to a threshold.
    ...(takenBack.get(name) ?? []),
    ...entriesIn(name, groups.get(name), { estimates, standing }),
  ]
  return await countLocked(tx, counting.keys, entriesOf, now)
}

/** Counts `entriesOf` each of these counters, by its name, which are locked. */
export async function countLocked(
  tx: Queryable,
  keys: readonly BudgetKey[],
  entriesOf: (name: string) => readonly SpendEntry[],
  now: Date,
): Promise<Counted> {
  const crossings: Crossing[] = []
  const checks: CheckRequest[] = []
  const touched = new Set<string>()
  for (const stored of await readSnapshots(tx, keys)) {
    const entries = entriesOf(nameOf(stored.budget.id, stored.current.period, stored.current.counter))
    const decided = await decideChecked(tx, stored, entries, now)
    const decision = { ...decided, next: await withoutPriced(tx, stored, decided.next, entries) }
    await saveDecision(tx, stored, decision, now)
    crossings.push(...decision.crossings)
    checks.push(...checksOf(stored, decision, now))
    touched.add(stored.budget.scope.projectId ?? stored.budget.orgId)
  }
  await askForChecks(tx, checks, now)
  return { crossings, touched: [...touched] }
}

interface Group extends BudgetKey {
  readonly entries: Candidate[]
}

/** Whose holds stand for them: read once their counters are locked, and before the events end any. */
async function standingOf(tx: Queryable, estimates: EstimateChanges): Promise<StandingHolds> {
  const changes = [...estimates.values()]
  const arriving = changes.filter(({ amount }) => amount > 0n).map(({ identity }) => identity)
  return await readStanding(
    tx,
    changes.map(({ identity }) => identity),
    new Set(arriving),
  )
}

/** What lowers the sum comes first, so that no threshold is crossed that the whole does not reach. */
function entriesIn(
  name: string,
  group: Group | undefined,
  { estimates, standing }: { readonly estimates: EstimateChanges; readonly standing: StandingHolds },
): SpendEntry[] {
  if (group === undefined) return []
  if (estimates.size === 0) return group.entries.map(({ event }) => event)
  const counts = group.settings.budget.onUnpriced === 'estimate_high'
  const entries = group.entries.map((candidate): SpendEntry => {
    const change = estimates.get(candidate)
    if (change === undefined) return candidate.event
    const { amount, identity, model } = change
    return {
      ...candidate.event,
      ...(amount > 0n ? { unpricedModel: model } : {}),
      ...(counts && !standing.standsFor(identity, name) ? { estimate: amount } : {}),
    }
  })
  const lowers = ({ cost, estimate = zeroUsd }: SpendEntry): boolean => (cost ?? zeroUsd) + estimate < 0n
  return [...entries.filter(lowers), ...entries.filter((entry) => !lowers(entry))]
}

/** Models that were repriced are no longer among those without a price. */
async function withoutPriced(
  tx: Queryable,
  { budget }: StoredBudget,
  next: BudgetPeriod,
  entries: readonly SpendEntry[],
): Promise<BudgetPeriod> {
  const isPriced = entries.some(({ adjusts }) => adjusts !== undefined && adjusts.unpricedCalls < 0)
  if (!isPriced || next.unpricedModels.length === 0) return next
  return { ...next, unpricedModels: await stillUnpriced(tx, budget, next.period, next.unpricedModels) }
}

const nameOf = (budgetId: string, { from }: Period, counter: string): string =>
  nameOfCounter({ budgetId, from, counter })

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
      last?.entries.push(candidate)
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

interface Counting {
  readonly groups: ReadonlyMap<string, Group>
  readonly settings: readonly BudgetSettings[]
  readonly held: HeldCalls
}

/**
 * The counters that count, and those that hold a call that is counted, locked. Adjustments open no period that is
 * over: no budget watched what they are about. In one that runs they do, since the recount that a budget starts from may
 * not have opened the counter yet.
 */
async function lockCounting(
  tx: Queryable,
  { groups, settings, held }: Counting,
  now: Date,
): Promise<{ readonly keys: readonly BudgetKey[]; readonly locked: readonly LockedCounter[] }> {
  const all = [...groups.values()]
  await openPeriods(
    tx,
    all.filter(
      ({ entries, period }) => period.until > now || entries.some(({ event }) => callsOf(event) > 0),
    ),
    now,
  )
  const locked = await lockCounters(tx, [...all.map(refOf), ...held.counters])
  return { keys: locked.flatMap((counter) => keyOf(counter, groups, settings) ?? []), locked }
}

/** Null for a counter of a budget that has ended: it is freed of what it held, and counts no more. */
function keyOf(
  { budgetId, from, until, counter }: LockedCounter,
  groups: Counting['groups'],
  all: readonly BudgetSettings[],
): BudgetKey | null {
  const group = groups.get(nameOfCounter({ budgetId, from, counter }))
  if (group) return group
  const settings = all.find(({ budget }) => budget.id === budgetId)
  return settings ? { settings, period: { from, until }, counter } : null
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
  // Calls are treated in another way from here on: a replica that grants by itself must look again.
  if (
    decision.crossings.length > 0 ||
    decision.overrideSpent ||
    decision.limitLifted ||
    decision.limitReachedAgain
  ) {
    await endLeasesOf(tx, [{ budgetId: budget.id, from: period.from, counter }])
  }
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
    await recordStep(tx, { orgId: budget.orgId, step: 'first_alert' }, now)
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
  const figures = { ...takenIn(next), limit: limitIn(budget, current) }
  const again = limitReachedAgain ? [reachedPercentOf(budget)] : []
  const percents = [...crossings.map(({ percent }) => percent), ...again]
  const notices: NoticeOf[] = []
  if (percents.length > 0) notices.push({ ...about, notice: { kind: 'crossed', percents, ...figures } })
  if (limitLifted) notices.push({ ...about, notice: { kind: 'limit_lifted', ...figures } })
  if (overrideSpent) notices.push({ ...about, notice: { kind: 'override_ended', end: 'spent', ...figures } })
  return notices
}
