/** A verdict in the form of the wire, by docs/api.md. */

import type { Lifters } from '../../core/budget/budget.ts'
import { toScopeJson } from '../../core/budget/parse-scope.ts'
import { ownerOf } from '../../core/budget/scope.ts'
import type { BudgetView, Verdict, WideStop } from '../../core/budget/verdict.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import { PRICE_LIST } from '../../core/pricing/price-list.ts'
import { isHash } from '../../core/redact/redaction.ts'
import { remembered } from './remembered.ts'

export interface BudgetVerdictJson {
  readonly budget_id: string
  readonly title: string
  readonly project: string | null
  /** What of the project's calls it covers; empty for all. */
  readonly scope: Readonly<Record<string, unknown>>
  /** Whose counter it is, as `user:u1`; empty where the budget has one for all, and for the budget itself. */
  readonly counter: string
  readonly mode: 'cached' | 'strict'
  readonly ask_first: boolean
  readonly on_unreachable: 'allow' | 'deny'
  readonly state: 'idle' | 'open' | 'warned' | 'stopped' | 'overridden'
  readonly stopped_by: 'limit' | 'person' | null
  readonly since: string | null
  readonly downgrades: readonly { readonly from: string; readonly to: string }[]
  readonly calls_per_minute: number | null
  readonly stopped_environments: readonly string[]
  /** Models, as `provider/model`, of which a call is to ask first: they have no price, and the budget refuses such calls. */
  readonly ask_first_models: readonly string[]
  readonly period: string
  readonly period_from: string
  /** The list of prices by which calls are counted now. */
  readonly price_version: string
  readonly spent_nano_usd: string
  /** What calls without a price are taken to cost: counted beside what was spent. */
  readonly estimated_nano_usd: string
  readonly held_nano_usd: string
  readonly limit_nano_usd: string
  readonly remaining_nano_usd: string
  readonly ceiling_nano_usd: string | null
  readonly until: string | null
  readonly resets_at: string
  readonly lifters: Lifters
  readonly lift_url: string | null
}

export interface WideStopJson {
  readonly reach: 'project' | 'organisation'
  readonly since: string
  readonly by: string
  readonly reason: string
}

export interface VerdictJson {
  readonly project_id: string
  readonly allowed: boolean
  /** When the facts were read; the clock may have been applied to them since. */
  readonly as_of: string
  readonly stops: readonly WideStopJson[]
  readonly budgets: readonly BudgetVerdictJson[]
}

/** `parts` are the verdict's budgets in the order of their telling; a part is told the same however often it is asked for. */
export const toVerdictJson = (
  verdict: Verdict,
  asOf: Date,
  parts: readonly (readonly BudgetView[])[] = [verdict.budgets],
): VerdictJson => ({
  project_id: verdict.projectId,
  allowed: verdict.allowed,
  as_of: asOf.toISOString(),
  stops: verdict.stops.map(toStopJson),
  budgets: parts.flatMap(toBudgetsJson),
})

/** Those of an organisation are in the verdicts of all its projects, and are made once for all of them. */
export const toBudgetsJson = remembered((views: readonly BudgetView[]): readonly BudgetVerdictJson[] => {
  const hidden = views.filter((view) => isTelling(view) && isHidden(view))
  const askedFor = new Set(hidden.map(({ budget }) => budget.id))
  return views
    .filter((view) => isOfAll(view) || isTelling(view))
    .map((view) => toBudgetJson(view, isOfAll(view) && askedFor.has(view.budget.id)))
})

const isOfAll = ({ current }: BudgetView): boolean => current.counter === ''

/** Of thousands of users, those are told whose calls are treated in any way. */
const isTelling = ({ state, measures, asksFirst, budget, current }: BudgetView): boolean =>
  state.kind === 'stopped' ||
  state.kind === 'overridden' ||
  (asksFirst && budget.mode !== 'strict') ||
  measures.downgrades.length > 0 ||
  measures.callsPerMinute !== null ||
  measures.stoppedEnvironments.length > 0 ||
  modelsAskedFor({ budget, current }).length > 0

const modelsAskedFor = ({ budget, current }: Pick<BudgetView, 'budget' | 'current'>): readonly string[] =>
  budget.onUnpriced === 'deny' ? current.unpricedModels : []

/** A user whose name was redacted is known to a client by another name: it has to ask for each. */
function isHidden({ budget, current }: BudgetView): boolean {
  const owner = ownerOf(current.counter)
  return budget.scope.each === 'user' && owner !== null && isHash(owner)
}

function toBudgetJson({ state, ...view }: BudgetView, asksForHidden: boolean): BudgetVerdictJson {
  const { budget, current, measures } = view
  const stopped = state.kind === 'stopped' ? state : null
  const overridden = state.kind === 'overridden' ? state : null
  return {
    budget_id: budget.id,
    title: budget.title,
    project: budget.projectName,
    scope: toScopeJson(budget.scope),
    counter: current.counter,
    mode: budget.mode,
    ask_first: view.asksFirst || asksForHidden,
    on_unreachable: budget.onUnreachable,
    state: state.kind,
    stopped_by: stopped?.by ?? null,
    since: stopped?.since.toISOString() ?? null,
    downgrades: measures.downgrades,
    calls_per_minute: measures.callsPerMinute,
    stopped_environments: measures.stoppedEnvironments,
    ask_first_models: modelsAskedFor(view),
    period: nameOfPeriod(budget.periodRule, current.period),
    period_from: current.period.from.toISOString(),
    price_version: PRICE_LIST,
    spent_nano_usd: current.spent.toString(),
    estimated_nano_usd: current.estimated.toString(),
    held_nano_usd: current.held.toString(),
    limit_nano_usd: view.limit.toString(),
    remaining_nano_usd: view.remaining.toString(),
    ceiling_nano_usd: overridden?.ceiling.toString() ?? null,
    until: overridden?.until.toISOString() ?? null,
    resets_at: view.resetsAt.toISOString(),
    lifters: budget.lifters,
    lift_url: view.liftUrl,
  }
}

const toStopJson = ({ reach, at, by, reason }: WideStop): WideStopJson => ({
  reach,
  since: at.toISOString(),
  by,
  reason,
})
