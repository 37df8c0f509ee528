/**
 * The answer that a client holds in memory: may it call, and if not, everything a person needs to know.
 * Derived from budgets and the clock; `changesAt` is when the clock alone would next change it.
 */
import { maxUsd, type NanoUsd, subtractUsd, zeroUsd } from '../money.ts'
import type { Period } from '../period.ts'
import type { Budget, BudgetPeriod, BudgetSnapshot, BudgetState, ManualStop } from './budget.ts'
import type { Measures } from './ladder.ts'
import { stopPercentFor, stopPercentOf } from './ladder.ts'
import { countedIn, limitIn, reaches } from './limit.ts'
import { periodAt } from './period-at.ts'
import { isWhole } from './scope.ts'
import { budgetState, lineAt, measuresOf, stopLineOf } from './state.ts'

export interface BudgetView {
  readonly budget: Budget
  readonly current: BudgetPeriod
  readonly state: BudgetState
  readonly measures: Measures
  /** The limit with what was carried over. */
  readonly limit: NanoUsd
  /** What may still be spent or held before the stop; zero when stopped. */
  readonly remaining: NanoUsd
  /** Whether a call that this budget covers is to ask for a hold first: always in strict mode, else near the stop. */
  readonly asksFirst: boolean
  readonly resetsAt: Date
  /** Where a person can lift the stop: the card in Slack, once it is posted. */
  readonly liftUrl: string | null
}

/** A stop by a person of everything that a project, or the whole organisation, calls. */
export interface WideStop extends ManualStop {
  readonly reach: 'project' | 'organisation'
  readonly reason: string
}

export interface Verdict {
  readonly projectId: string
  /** False when every call is refused, whatever its facts: a wide stop, or a stopped budget that covers them all. */
  readonly allowed: boolean
  readonly stops: readonly WideStop[]
  readonly budgets: readonly BudgetView[]
  readonly changesAt: Date | null
}

export interface BudgetWithCard extends BudgetSnapshot {
  readonly liftUrl: string | null
}

/** Budgets ask first from here on: what is in flight beside what was heard is then a part of what is left. */
const NEAR_PERCENT = 90

/** What budgets say at one instant, whichever of the projects that they cover asks. */
export interface SeenBudgets {
  readonly views: readonly BudgetView[]
  /** Whether one of them refuses all that it covers, and covers every call. */
  readonly isStopped: boolean
  /** When the clock alone would next change any of them. */
  readonly changesAt: Date | null
}

export function seeBudgets(budgets: readonly BudgetWithCard[], now: Date): SeenBudgets {
  const views = budgets.flatMap((budget) => viewOf(budget, now) ?? [])
  return {
    views,
    isStopped: views.some(({ budget, state }) => state.kind === 'stopped' && isWhole(budget.scope)),
    changesAt: earliest(budgets.flatMap((budget) => changesOf(budget, now))),
  }
}

/** The verdict of the budgets of a project at `now`. A project without a budget is allowed. */
export const verdictOf = (
  projectId: string,
  budgets: readonly BudgetWithCard[],
  now: Date,
  stops: readonly WideStop[] = [],
): Verdict => verdictOfSeen(projectId, [seeBudgets(budgets, now)], stops)

/** The same of parts that were seen at one instant: those of an organisation are seen once for all its projects. */
export const verdictOfSeen = (
  projectId: string,
  parts: readonly SeenBudgets[],
  stops: readonly WideStop[],
): Verdict => ({
  projectId,
  allowed: stops.length === 0 && !parts.some(({ isStopped }) => isStopped),
  stops,
  budgets: parts.flatMap(({ views }) => views),
  changesAt: earliest(parts.flatMap(({ changesAt }) => changesAt ?? [])),
})

/** Null for a budget that has no period now, unless a person stopped it. */
export function viewOf(snapshot: BudgetWithCard, now: Date): BudgetView | null {
  const { budget, liftUrl } = snapshot
  const running = periodAt(budget, snapshot.current, now)
  if (running === null && budget.manualStop === null) return null
  const current = running ?? snapshot.current
  const state = budgetState({ budget, current }, now)
  return {
    budget,
    current,
    state,
    measures: measuresOf({ budget, current }, state),
    limit: limitIn(budget, current),
    remaining: remainingOf({ budget, current }, state),
    asksFirst: asksFirst({ budget, current }, state),
    resetsAt: current.period.until,
    liftUrl,
  }
}

/** The most that posted and held may come to in this state. */
export function ceilingOf(snapshot: BudgetSnapshot, state: BudgetState): NanoUsd {
  return state.kind === 'overridden' ? state.ceiling : stopLineOf(snapshot)
}

/**
 * The same for calls of one environment: the first stop of the ladder that reaches them, which an override lifts with all
 * others. Null where the ladder stops none of them.
 */
export function ceilingFor(
  snapshot: BudgetSnapshot,
  state: BudgetState,
  environment: string,
): NanoUsd | null {
  const { ladder } = snapshot.budget
  if (state.kind === 'overridden') return stopPercentOf(ladder) === null ? null : state.ceiling
  const percent = stopPercentFor(ladder, environment)
  return percent === null ? null : lineAt(snapshot, percent)
}

/** What may still be held under a ceiling; below zero where more was spent. */
export const availableOf = (
  view: BudgetSnapshot & { readonly state: BudgetState },
  ceiling = ceilingOf(view, view.state),
): NanoUsd => subtractUsd(subtractUsd(ceiling, countedIn(view.current)), view.current.held)

const remainingOf = (snapshot: BudgetSnapshot, state: BudgetState): NanoUsd =>
  state.kind === 'stopped' ? zeroUsd : maxUsd(zeroUsd, availableOf({ ...snapshot, state }))

function asksFirst({ budget, current }: BudgetSnapshot, state: BudgetState): boolean {
  if (budget.mode === 'strict') return true
  const stop = stopPercentOf(budget.ladder)
  if (stop === null || state.kind === 'stopped') return false
  if (state.kind === 'overridden') return reaches(countedIn(current), NEAR_PERCENT, state.ceiling)
  return reaches(countedIn(current), NEAR_PERCENT, stopLineOf({ budget, current }))
}

/** Ends of what runs now, and for a budget between its spans nothing: whoever makes one says so. */
function changesOf({ budget, current: known }: BudgetSnapshot, now: Date): Date[] {
  const current = periodAt(budget, known, now)
  if (current === null) return beginsLater(known.period, now)
  const ends = current.override ? [current.override.until, current.period.until] : [current.period.until]
  return ends.filter((at) => at.getTime() > now.getTime())
}

const beginsLater = ({ from }: Period, now: Date): Date[] => (from.getTime() > now.getTime() ? [from] : [])

const earliest = (instants: readonly Date[]): Date | null =>
  instants.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null)
