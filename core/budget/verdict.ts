/**
 * The answer that a client holds in memory: may it call, and if not, everything a person needs to know.
 * Derived from budgets and the clock; `changesAt` is when the clock alone would next change it.
 */
import { maxUsd, type NanoUsd, nanoUsd, subtractUsd, zeroUsd } from '../money.ts'
import type { BudgetSnapshot, BudgetState } from './budget.ts'
import { periodAt } from './roll-over.ts'
import { budgetState } from './state.ts'

export interface BudgetView {
  readonly budgetId: string
  readonly projectName: string
  readonly state: BudgetState
  readonly spent: NanoUsd
  readonly limit: NanoUsd
  /** What may still be spent before the stop; zero when stopped. */
  readonly remaining: NanoUsd
  readonly resetsAt: Date
  /** Where a person can lift the stop: the card in Slack, once it is posted. */
  readonly liftUrl: string | null
}

export interface Verdict {
  readonly projectId: string
  readonly allowed: boolean
  readonly budgets: readonly BudgetView[]
  readonly changesAt: Date | null
}

export interface BudgetWithCard extends BudgetSnapshot {
  readonly liftUrl: string | null
}

/** The verdict of a project's budgets at `now`. A project without a budget is allowed. */
export function verdictOf(projectId: string, budgets: readonly BudgetWithCard[], now: Date): Verdict {
  const running = budgets.map((budget) => ({ ...budget, current: periodAt(budget.current, now) }))
  const views = running.map((budget) => viewOf(budget, now))
  return {
    projectId,
    allowed: views.every((view) => view.state.kind !== 'stopped'),
    budgets: views,
    changesAt: earliest(running.flatMap((budget) => changesOf(budget, now))),
  }
}

function viewOf(snapshot: BudgetWithCard, now: Date): BudgetView {
  const { budget, current } = snapshot
  const state = budgetState(snapshot, now)
  return {
    budgetId: budget.id,
    projectName: budget.projectName,
    state,
    spent: current.spent,
    limit: budget.limit,
    remaining: remainingOf(snapshot, state),
    resetsAt: current.period.until,
    liftUrl: snapshot.liftUrl,
  }
}

function remainingOf({ budget, current }: BudgetSnapshot, state: BudgetState): NanoUsd {
  if (state.kind === 'stopped') return zeroUsd
  const ceiling = state.kind === 'overridden' ? state.ceiling : budget.limit
  return maxUsd(nanoUsd(0n), subtractUsd(ceiling, current.spent))
}

function changesOf({ current }: BudgetSnapshot, now: Date): Date[] {
  const ends = current.override ? [current.override.until, current.period.until] : [current.period.until]
  return ends.filter((at) => at.getTime() > now.getTime())
}

const earliest = (instants: readonly Date[]): Date | null =>
  instants.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null)
