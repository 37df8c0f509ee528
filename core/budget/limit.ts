/**
 * How much a budget may spend in a period, and how much of it is taken, by the facts of both.
 * Invariant: percents, stops, ceilings and what is available are all measured by these two figures.
 */
import { addUsd, type NanoUsd } from '../money.ts'
import type { Budget, BudgetPeriod } from './budget.ts'
import { stopPercentOf } from './ladder.ts'

/** What thresholds, stops, ceilings and holds go by: what was spent, and what calls without a price are taken to cost. */
export const countedIn = ({ spent, estimated }: Pick<BudgetPeriod, 'spent' | 'estimated'>): NanoUsd =>
  addUsd(spent, estimated)

/** The same in its two parts, for a sentence: estimates are named where there are any. */
export const takenIn = ({ spent, estimated }: Pick<BudgetPeriod, 'spent' | 'estimated'>) =>
  estimated === 0n ? { spent } : { spent, estimated }

export const limitIn = (
  { limit }: Pick<Budget, 'limit'>,
  { carried }: Pick<BudgetPeriod, 'carried'>,
): NanoUsd => addUsd(limit, carried)

/** The percent at which calls stop, or for a budget that never stops them the whole limit, which is told all the same. */
export const reachedPercentOf = ({ ladder }: Pick<Budget, 'ladder'>): number => stopPercentOf(ladder) ?? 100

/** Whether `counted` is at or past `percent` of `limit`, exactly. */
export const reaches = (counted: NanoUsd, percent: number, limit: NanoUsd): boolean =>
  counted * 100n >= limit * BigInt(percent)
