/**
 * Counts spend against one budget-period: the whole rule, as a pure function.
 * Laws: batching, order within a batch, and an empty batch change no total, and of calls alone no set of crossings; each
 * percent crosses at most once per limit revision; a limit is reached exactly while the spend is at it or above.
 *
 * Adjustments may lower the spend. What was announced stays announced, since it was heard; a limit that is no longer
 * reached stops nobody, which is told, and so is reaching it again: nobody is stopped unheard.
 */
import { type Adjusts, callsOf, unpricedCallsOf } from '../event/adjustment.ts'
import { addUsd, type NanoUsd } from '../money.ts'
import type { Budget, BudgetPeriod, Override } from './budget.ts'
import { limitIn, reachedPercentOf, reaches } from './limit.ts'

/** One admitted call or adjustment, as far as a budget cares. A null cost is counted as a call without a price. */
export interface SpendEntry {
  readonly requestId: string
  readonly attempt: number
  readonly cost: NanoUsd | null
  readonly adjusts?: Adjusts
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
  /** Adjustments took the spend below the limit that it had reached. */
  readonly limitLifted: boolean
  /** The limit is reached once more after it was lifted: announced before, and to be told all the same. */
  readonly limitReachedAgain: boolean
}

/** Adds `entries`, in the given order, to a budget-period. `now` dates a limit that is reached. */
export function decide(
  budget: Pick<Budget, 'limit' | 'thresholdsPercent' | 'ladder'>,
  current: BudgetPeriod,
  entries: readonly SpendEntry[],
  now: Date,
): Decision {
  const limit = limitIn(budget, current)
  const stop = reachedPercentOf(budget)
  const announced = new Set(current.announcedPercent)
  const crossings: Crossing[] = []
  let { spent, events, unpricedEvents, limitReachedAt } = current
  for (const entry of entries) {
    events += callsOf(entry)
    unpricedEvents += unpricedCallsOf(entry)
    if (entry.cost === null) continue
    spent = addUsd(spent, entry.cost)
    for (const percent of budget.thresholdsPercent) {
      if (announced.has(percent) || !reaches(spent, percent, limit)) continue
      announced.add(percent)
      crossings.push({ percent, requestId: entry.requestId, attempt: entry.attempt, spent })
    }
  }
  const isReached = reaches(spent, stop, limit)
  const limitLifted = limitReachedAt !== null && !isReached
  const limitReachedAgain = limitReachedAt === null && isReached && current.announcedPercent.includes(stop)
  if (isReached !== (limitReachedAt !== null)) limitReachedAt = isReached ? now : null
  const overrideSpent = current.override && usesUp(current.override, spent, now) ? current.override : null
  return {
    next: {
      ...current,
      spent,
      unpricedEvents,
      limitReachedAt: overrideSpent && isReached ? now : limitReachedAt,
      events,
      announcedPercent: [...announced].sort((a, b) => a - b),
      override: overrideSpent ? null : current.override,
    },
    crossings,
    overrideSpent,
    limitLifted,
    limitReachedAgain,
  }
}

/** Spend after the window used nothing up: that override has ended by the clock, and since its end, not since now. */
const usesUp = ({ ceiling, until }: Override, spent: NanoUsd, now: Date): boolean =>
  spent >= ceiling && now.getTime() < until.getTime()
