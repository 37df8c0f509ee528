/** Which counters a call falls under when it is made at `now`: the same that count its event. */
import type { Budget } from '../budget/budget.ts'
import { type CallFacts, type Counter, counterOf } from '../budget/scope.ts'
import { periodOf } from '../period/period-of.ts'
import type { Period } from '../period.ts'

export interface CoveringCounter<S> {
  readonly settings: S
  readonly period: Period
  readonly counter: Counter
}

export function coveringCounters<S extends { readonly budget: Budget }>(
  all: readonly S[],
  facts: CallFacts & { readonly orgId: string },
  now: Date,
): CoveringCounter<S>[] {
  return all.flatMap((settings): CoveringCounter<S>[] => {
    const { budget } = settings
    if (budget.orgId !== facts.orgId) return []
    const counter = counterOf(budget.scope, facts)
    if (counter === null) return []
    // A stop by a person holds before and after a span, too; nothing is counted or held then.
    const period = periodOf(budget.periodRule, now) ?? outside(budget)
    return period === null ? [] : [{ settings, period, counter }]
  })
}

const outside = ({ periodRule: rule, manualStop }: Budget): Period | null =>
  rule.kind === 'span' && manualStop !== null ? { from: rule.from, until: rule.until } : null
