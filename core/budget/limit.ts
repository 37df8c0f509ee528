/**
 * How much a budget may spend in a period, by the facts of both.
 * Invariant: percents, stops, ceilings and what is available are all measured against this one figure.
 */
import { addUsd, type NanoUsd } from '../money.ts'
import type { Budget, BudgetPeriod } from './budget.ts'
import { stopPercentOf } from './ladder.ts'

export const limitIn = (
  { limit }: Pick<Budget, 'limit'>,
  { carried }: Pick<BudgetPeriod, 'carried'>,
): NanoUsd => addUsd(limit, carried)

/** The percent at which calls stop, or for a budget that never stops them the whole limit, which is told all the same. */
export const reachedPercentOf = ({ ladder }: Pick<Budget, 'ladder'>): number => stopPercentOf(ladder) ?? 100

/** Whether `spent` is at or past `percent` of `limit`, exactly. */
export const reaches = (spent: NanoUsd, percent: number, limit: NanoUsd): boolean =>
  spent * 100n >= limit * BigInt(percent)
