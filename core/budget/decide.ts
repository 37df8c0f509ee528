/**
 * Counts spend against one budget-period: the whole rule, as a pure function.
 * Laws: batching, order within a batch, and an empty batch change no total and no set of crossings; each percent
 * crosses at most once per limit revision.
 */
import { addUsd, type NanoUsd } from '../money.ts'
import type { Budget, BudgetPeriod, Override } from './budget.ts'
import { reaches } from './state.ts'

/** One admitted event, as far as a budget cares. A null cost is counted as an event without a price. */
export interface SpendEntry {
  readonly requestId: string
  readonly attempt: number
  readonly cost: NanoUsd | null
}

export interface Crossing {
  readonly percent: number
  readonly requestId: string
  readonly attempt: number
  /** Spend of the period just after the event that crossed. */
  readonly spent: NanoUsd
}

export interface Decision {
  readonly next: BudgetPeriod
  /** Newly crossed thresholds, ascending; empty when nothing is to be announced. */
  readonly crossings: readonly Crossing[]
  /** The override that this spend used up. */
  readonly overrideSpent: Override | null
}

/** Adds `entries`, in the given order, to a budget-period. `now` dates a limit that is reached. */
export function decide(
  budget: Pick<Budget, 'limit' | 'thresholdsPercent'>,
  current: BudgetPeriod,
  entries: readonly SpendEntry[],
  now: Date,
): Decision {
  const announced = new Set(current.announcedPercent)
  const crossings: Crossing[] = []
  let { spent, unpricedEvents, limitReachedAt } = current
  for (const entry of entries) {
    if (entry.cost === null) {
      unpricedEvents += 1
      continue
    }
    spent = addUsd(spent, entry.cost)
    for (const percent of budget.thresholdsPercent) {
      if (announced.has(percent) || !reaches(spent, percent, budget.limit)) continue
      announced.add(percent)
      crossings.push({ percent, requestId: entry.requestId, attempt: entry.attempt, spent })
    }
  }
  if (limitReachedAt === null && reaches(spent, 100, budget.limit)) limitReachedAt = now
  const overrideSpent = current.override && usesUp(current.override, spent, now) ? current.override : null
  return {
    next: {
      ...current,
      spent,
      unpricedEvents,
      limitReachedAt: overrideSpent ? now : limitReachedAt,
      events: current.events + entries.length,
      announcedPercent: [...announced].sort((a, b) => a - b),
      override: overrideSpent ? null : current.override,
    },
    crossings,
    overrideSpent,
  }
}

/** Spend after the window used nothing up: that override has ended by the clock, and since its end, not since now. */
const usesUp = ({ ceiling, until }: Override, spent: NanoUsd, now: Date): boolean =>
  spent >= ceiling && now.getTime() < until.getTime()
