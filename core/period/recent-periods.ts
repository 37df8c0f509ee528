/**
 * The periods of a rule that were asked for last, since to reckon one takes a hundred times as long as to look at it,
 * and nearly every event falls into one of them. What is remembered never changes, so forgetting it changes no answer.
 */
import type { Period } from '../period.ts'
import { type RecurringRule, toPeriodRuleJson } from './period-rule.ts'

/** Enough for each day on which an event may still arrive. */
const PERIODS_MAX = 10
const RULES_MAX = 1000

/** Newest first. A rule that was read again from its store is another object and shares the list of its like. */
const listsByRule = new WeakMap<RecurringRule, Period[]>()
const listsByText = new Map<string, Period[]>()

export const recentPeriods = (rule: RecurringRule): readonly Period[] => listOf(rule)

export function rememberPeriod(rule: RecurringRule, period: Period): void {
  const list = listOf(rule)
  list.unshift(period)
  list.length = Math.min(list.length, PERIODS_MAX)
}

function listOf(rule: RecurringRule): Period[] {
  const known = listsByRule.get(rule)
  if (known) return known
  const text = JSON.stringify(toPeriodRuleJson(rule))
  const list = listsByText.get(text) ?? []
  if (!listsByText.has(text)) {
    if (listsByText.size >= RULES_MAX) listsByText.clear()
    listsByText.set(text, list)
  }
  listsByRule.set(rule, list)
  return list
}
