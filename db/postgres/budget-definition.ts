/** What a person says of a budget, and how its row keeps it. */
import {
  type BudgetMode,
  DEFAULT_THRESHOLDS_PERCENT,
  type OnUnpriced,
  type OnUnreachable,
} from '../../core/budget/budget.ts'
import { DEFAULT_LADDER, type Ladder } from '../../core/budget/ladder.ts'
import { toLadderJson } from '../../core/budget/parse-ladder.ts'
import { toScopeJson } from '../../core/budget/parse-scope.ts'
import { type Rollover, toRolloverJson } from '../../core/budget/rollover.ts'
import { type Each, MATCH_ALL, type Match } from '../../core/budget/scope.ts'
import type { NanoUsd } from '../../core/money.ts'
import { MONTHLY_UTC, type PeriodRule, toPeriodRuleJson } from '../../core/period/period-rule.ts'

export interface BudgetDefinition {
  /** Null for the whole organisation. */
  readonly projectId: string | null
  readonly name: string | null
  readonly match: Match
  readonly each: Each | null
  readonly periodRule: PeriodRule
  readonly rollover: Rollover
  readonly limit: NanoUsd
  readonly thresholdsPercent: readonly number[]
  readonly ladder: Ladder
  readonly mode: BudgetMode
  readonly onUnreachable: OnUnreachable
  readonly onUnpriced: OnUnpriced
  /** As it was parsed from the wire; null where that of the organisation holds. */
  readonly overridePolicy: unknown
  /** Where its card lives; null when it has none yet. */
  readonly slack: SlackPlace | null
}

export interface SlackPlace {
  readonly installationId: string
  readonly channelId: string
}

/** A month of one project with a stop at its limit: what a form with a sum alone asks for. */
export const monthlyBudget = (
  projectId: string | null,
  limit: NanoUsd,
  slack: SlackPlace | null,
): BudgetDefinition => ({
  projectId,
  limit,
  slack,
  name: null,
  match: MATCH_ALL,
  each: null,
  periodRule: MONTHLY_UTC,
  rollover: 'none',
  thresholdsPercent: DEFAULT_THRESHOLDS_PERCENT,
  ladder: DEFAULT_LADDER,
  mode: 'cached',
  onUnreachable: 'allow',
  onUnpriced: 'estimate_high',
  overridePolicy: null,
})

/** Who says it, and from where. */
export interface Said {
  readonly by: string
  readonly origin: DeedOrigin
}

export const DEED_ORIGINS = ['slack', 'cli', 'api'] as const
export type DeedOrigin = (typeof DEED_ORIGINS)[number]

/** People are told of every rung too: nothing changes for their calls unheard. */
const toldPercents = (thresholds: readonly number[], ladder: Ladder): number[] =>
  [...new Set([...thresholds, ...ladder.map(({ percent }) => percent)])].sort((a, b) => a - b)

/** The columns of what is given, and of nothing else. */
export function toDbDefinition(
  given: Partial<BudgetDefinition>,
  standing: Pick<BudgetDefinition, 'ladder' | 'thresholdsPercent'>,
) {
  const ladder = given.ladder ?? standing.ladder
  const thresholds = given.thresholdsPercent ?? standing.thresholdsPercent
  const isTold = given.ladder !== undefined || given.thresholdsPercent !== undefined
  const scope =
    given.match === undefined ? {} : { scope: toScopeJson({ match: given.match, each: given.each ?? null }) }
  return {
    ...scope,
    ...(given.name === undefined ? {} : { name: given.name }),
    ...(given.periodRule === undefined ? {} : { periodRule: toPeriodRuleJson(given.periodRule) }),
    ...(given.rollover === undefined ? {} : { rollover: toRolloverJson(given.rollover) }),
    ...(given.limit === undefined ? {} : { limit: given.limit }),
    ...(isTold ? { thresholdsPercent: toldPercents(thresholds, ladder), ladder: toLadderJson(ladder) } : {}),
    ...(given.mode === undefined ? {} : { mode: given.mode }),
    ...(given.onUnreachable === undefined ? {} : { onUnreachable: given.onUnreachable }),
    ...(given.onUnpriced === undefined ? {} : { onUnpriced: given.onUnpriced }),
    ...(given.overridePolicy === undefined ? {} : { overridePolicy: given.overridePolicy }),
    ...(given.slack == null ? {} : given.slack),
  }
}
