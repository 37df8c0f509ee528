/**
 * Which counters a call may fall under that is made at `now`, and reported until `reportedUntil`: all that may count its
 * event. That is in the period of its own time, so next to a period's end those of two periods.
 */
import type { Budget } from '../budget/budget.ts'
import { type CallFacts, type Counter, counterAheadOf } from '../budget/scope.ts'
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
  { now, reportedUntil }: { readonly now: Date; readonly reportedUntil: Date },
): CoveringCounter<S>[] {
  return all.flatMap((settings): CoveringCounter<S>[] => {
    const { budget } = settings
    if (budget.orgId !== facts.orgId) return []
    const counter = counterAheadOf(budget.scope, facts)
    if (counter === null) return []
    // A stop by a person holds before and after a span, too; nothing is counted or held then.
    const period = periodOf(budget.periodRule, now) ?? outside(budget)
    const next = periodOf(budget.periodRule, reportedUntil)
    const isOther = next !== null && next.from.getTime() !== period?.from.getTime()
    return [period, isOther ? next : null].flatMap((of) =>
      of === null ? [] : [{ settings, period: of, counter }],
    )
  })
}

const outside = ({ periodRule: rule, manualStop }: Budget): Period | null =>
  rule.kind === 'span' && manualStop !== null ? { from: rule.from, until: rule.until } : null
