/** What may change of a budget, what of it differs from what stands, and how the audit shows it. */
import type { Budget } from '../../core/budget/budget.ts'
import type { BudgetDefinition } from './budget-definition.ts'
import type { StoredBudget } from './budget-snapshots.ts'

/** Whose calls it covers at all, and whether each has a counter, does not change: that makes another budget. */
export type BudgetChange = Partial<Omit<BudgetDefinition, 'projectId' | 'each'>>

export function differences(stored: StoredBudget, change: BudgetChange): BudgetChange {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const standing = new Map<string, unknown>(Object.entries(standingOf(stored)))
  return Object.fromEntries(given.filter(([name, value]) => !isSame(value, standing.get(name))))
}

/** A change without a place for the card leaves it where it is. */
const isSame = (a: unknown, b: unknown): boolean => a === null || textOf(a) === textOf(b)

function standingOf(stored: StoredBudget): BudgetChange {
  const { budget, installationId, channelId, overridePolicy } = stored
  const { limit, thresholdsPercent, ladder, periodRule, rollover, mode, onUnreachable, onUnpriced } = budget
  const slack = installationId && channelId ? { installationId, channelId } : null
  return {
    ...{ limit, thresholdsPercent, ladder, periodRule, rollover, mode, onUnreachable, onUnpriced },
    ...{ match: budget.scope.match, name: budget.title, overridePolicy, slack },
  }
}

export function pickStanding(stored: StoredBudget, change: BudgetChange): BudgetChange {
  return Object.fromEntries(Object.entries(standingOf(stored)).filter(([name]) => name in change))
}

/** A scope is written whole, and what it makes counters of does not change. */
export const withEach = (change: BudgetChange, { scope }: Budget): Partial<BudgetDefinition> => ({
  ...change,
  each: scope.each,
})

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? ''

/** What the audit shows: money as people read it is ambiguous, so in nano-dollars. */
export const deedOf = ({ limit, slack, ...rest }: BudgetChange): Record<string, unknown> => ({
  ...(limit === undefined ? {} : { limit_nano_usd: limit.toString() }),
  ...(slack == null ? {} : { channel_id: slack.channelId }),
  ...JSON.parse(textOf(rest)),
})
