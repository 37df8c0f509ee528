/**
 * Counts spend against one budget-period: the whole rule, as a pure function.
 * Laws: batching, order within a batch, and an empty batch change no total, and of calls alone no set of crossings; each
 * percent crosses at most once per limit revision; a limit is reached exactly while the spend, and what calls without a
 * price are taken to cost, are at it or above.
 *
 * Adjustments may lower the spend. What was announced stays announced, since it was heard; a limit that is no longer
 * reached stops nobody, which is told, and so is reaching it again: nobody is stopped unheard.
 */
import { type Adjusts, callsOf, unpricedCallsOf } from '../event/adjustment.ts'
import { addUsd, type NanoUsd, zeroUsd } from '../money.ts'
import type { Budget, BudgetPeriod, Override } from './budget.ts'
import { countedIn, limitIn, reachedPercentOf, reaches } from './limit.ts'

/** One admitted call or adjustment, as far as a budget cares. A null cost is counted as a call without a price. */
export interface SpendEntry {
  readonly requestId: string
  readonly attempt: number
  readonly cost: NanoUsd | null
  readonly adjusts?: Adjusts
  /** What this adds to the estimates: a call without a price its own, and the adjustment that prices it takes it back. */
  readonly estimate?: NanoUsd
  /** The model of a call without a price. */
  readonly unpricedModel?: string
}

/** So many are kept of a counter, the first by name, so that the order of calls does not show. */
export const UNPRICED_MODELS_MAX = 20

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
  let { spent, estimated, events, unpricedEvents, unpricedModels, limitReachedAt } = current
  for (const entry of entries) {
    events += callsOf(entry)
    unpricedEvents += unpricedCallsOf(entry)
    if (entry.unpricedModel !== undefined) unpricedModels = withModel(unpricedModels, entry.unpricedModel)
    if (entry.cost === null && entry.estimate === undefined) continue
    spent = addUsd(spent, entry.cost ?? zeroUsd)
    estimated = addUsd(estimated, entry.estimate ?? zeroUsd)
    const counted = countedIn({ spent, estimated })
    for (const percent of budget.thresholdsPercent) {
      if (announced.has(percent) || !reaches(counted, percent, limit)) continue
      announced.add(percent)
      crossings.push({ percent, requestId: entry.requestId, attempt: entry.attempt, spent })
    }
  }
  const counted = countedIn({ spent, estimated })
  const isReached = reaches(counted, stop, limit)
  const limitLifted = limitReachedAt !== null && !isReached
  const limitReachedAgain = limitReachedAt === null && isReached && current.announcedPercent.includes(stop)
  if (isReached !== (limitReachedAt !== null)) limitReachedAt = isReached ? now : null
  const overrideSpent = current.override && usesUp(current.override, counted, now) ? current.override : null
  return {
    next: {
      ...current,
      spent,
      estimated,
      unpricedEvents,
      unpricedModels,
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
const usesUp = ({ ceiling, until }: Override, counted: NanoUsd, now: Date): boolean =>
  counted >= ceiling && now.getTime() < until.getTime()

function withModel(known: readonly string[], model: string): readonly string[] {
  if (known.includes(model)) return known
  return [...known, model].sort().slice(0, UNPRICED_MODELS_MAX)
}
