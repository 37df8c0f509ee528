/** What a change of a budget changes, beside what it repeats; and how the audit shows it. */
import type { Budget } from '../../core/budget/budget.ts'
import { ownNameOf } from '../../core/budget/scope-words.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import type { BudgetDefinition } from './budget-definition.ts'
import type { StoredBudget } from './budget-snapshots.ts'

/** What may change; whose calls it covers at all, and whether each has a counter, makes another budget. */
export type BudgetChange = Partial<Omit<BudgetDefinition, 'projectId' | 'each'>>

export function differences(stored: StoredBudget, change: BudgetChange): BudgetChange {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const standing = new Map<string, unknown>(Object.entries(standingOf(stored)))
  return Object.fromEntries(given.filter(([name, value]) => !isKept(name, value, standing.get(name))))
}

/** A change without a place for the card leaves it where it is. */
const isKept = (name: string, value: unknown, standing: unknown): boolean =>
  (name === 'slack' && value === null) || inOrder(value) === inOrder(standing)

function standingOf(stored: StoredBudget): BudgetChange {
  const { budget, installationId, channelId, overridePolicy } = stored
  const { limit, thresholdsPercent, ladder, periodRule, rollover, mode, onUnreachable, onUnpriced } = budget
  const slack = installationId && channelId ? { installationId, channelId } : null
  return {
    ...{ limit, thresholdsPercent, ladder, periodRule, rollover, mode, onUnreachable, onUnpriced },
    ...{ match: budget.scope.match, name: ownNameOf(budget), overridePolicy, slack },
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

/** Postgres gives an object back with its members in an order of its own. */
const inOrder = (value: unknown): string => canonicalJson(JSON.parse(textOf(value)))

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? ''

/** What the audit shows: money as people read it is ambiguous, so in nano-dollars. */
export const deedOf = ({ limit, slack, ...rest }: BudgetChange): Record<string, unknown> => ({
  ...(limit === undefined ? {} : { limit_nano_usd: limit.toString() }),
  ...(slack == null ? {} : { channel_id: slack.channelId }),
  ...JSON.parse(textOf(rest)),
})
