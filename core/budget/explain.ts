/**
 * Why a call is refused, in the same words wherever it is told: the answer to a hold, an SDK's error, a card.
 * Invariant: every block says what refuses, how much was spent and is held of how much, since when and until when, and
 * who can lift it.
 */
import { maxUsd, type NanoUsd, showUsd, toUsdDecimal, zeroUsd } from '../money.ts'
import { nameOfInstant, nameOfPeriod } from '../period/period-words.ts'
import { PRICE_LIST } from '../pricing/price-list.ts'
import { unreachable } from '../unreachable.ts'
import type { Lifters } from './budget.ts'
import { toScopeJson } from './parse-scope.ts'
import { counterWords } from './scope-words.ts'
import { availableOf, type BudgetView, type WideStop } from './verdict.ts'

export type BlockReason = 'limit' | 'person' | 'hold_too_large' | 'unpriced' | 'environment' | 'wide_stop'

export interface Block {
  readonly reason: BlockReason
  /** Null for a wide stop alone. */
  readonly view: BudgetView | null
  readonly stop: WideStop | null
  /** What the call would hold. */
  readonly wanted: NanoUsd | null
  readonly priceVersion: string | null
  /** What spent and held may come to with this call, where that is less than for others: its environment stops first. */
  readonly ceiling?: NanoUsd
}

/** In the form of the wire. Of a wide stop there is no budget, so that what a budget would say is null. */
export interface Explanation {
  readonly reason: BlockReason
  readonly budget_id: string | null
  readonly title: string
  readonly scope: Readonly<Record<string, unknown>> | null
  readonly counter: string
  readonly period: string | null
  readonly spent_usd: string | null
  /** What calls without a price are taken to cost: counted beside what was spent. */
  readonly estimated_usd: string | null
  readonly held_usd: string | null
  readonly limit_usd: string | null
  readonly available_usd: string | null
  readonly wanted_usd: string | null
  /** Of what the call would hold, or else the list by which the figures were counted. */
  readonly price_version: string
  readonly since: string | null
  readonly resets_at: string | null
  readonly lifters: Lifters
  readonly lift_url: string | null
  readonly message: string
}

export function explain(block: Block): Explanation {
  const lifters = block.view?.budget.lifters ?? WIDE_LIFTERS
  const { reason, view, stop, wanted, priceVersion } = block
  return {
    reason,
    ...(view === null ? NO_BUDGET : factsOf(view, block.ceiling)),
    title: view?.budget.title ?? (stop?.reach === 'project' ? 'all calls of the project' : 'all calls'),
    wanted_usd: wanted === null ? null : toUsdDecimal(wanted),
    price_version: priceVersion ?? PRICE_LIST,
    since: (stop?.at ?? sinceOf(view))?.toISOString() ?? null,
    lifters,
    message: sentenceOf(block, lifters),
  }
}

/** A stop of everything is lifted by admins alone. */
const WIDE_LIFTERS: Lifters = 'admins'

const NO_BUDGET = {
  ...{
    budget_id: null,
    scope: null,
    counter: '',
    period: null,
    spent_usd: null,
    estimated_usd: null,
    held_usd: null,
  },
  ...{ limit_usd: null, available_usd: null, resets_at: null, lift_url: null },
}

const factsOf = (view: BudgetView, ceiling?: NanoUsd) => ({
  budget_id: view.budget.id,
  scope: toScopeJson(view.budget.scope),
  counter: view.current.counter,
  period: nameOfPeriod(view.budget.periodRule, view.current.period),
  spent_usd: toUsdDecimal(view.current.spent),
  estimated_usd: toUsdDecimal(view.current.estimated),
  held_usd: toUsdDecimal(view.current.held),
  limit_usd: toUsdDecimal(view.limit),
  available_usd: toUsdDecimal(leftOf(view, ceiling)),
  resets_at: view.resetsAt.toISOString(),
  lift_url: view.liftUrl,
})

/** Nothing where it is stopped; else what neither the spend nor what is held takes of the ceiling. */
const leftOf = (view: BudgetView, ceiling?: NanoUsd): NanoUsd =>
  view.state.kind === 'stopped' ? zeroUsd : maxUsd(zeroUsd, availableOf(view, ceiling))

const sinceOf = (view: BudgetView | null): Date | null =>
  view?.state.kind === 'stopped' ? view.state.since : null

function sentenceOf({ reason, view, stop, wanted, ceiling }: Block, lifters: Lifters): string {
  if (view === null) {
    const what = stop?.reach === 'organisation' ? 'All calls of the organisation' : 'All calls of the project'
    return `${what} were stopped by ${stop?.by ?? 'a person'}: ${stop?.reason ?? 'no reason given'}.`
  }
  const figures = figuresOf(view)
  const lift = `${WAYS_OUT[lifters]}${view.liftUrl === null ? '' : ` at ${view.liftUrl}`}`
  const resets = `it resets on ${instantOf(view, view.resetsAt)}`
  const budget = nameOf(view)
  switch (reason) {
    case 'limit':
      return `${budget} has reached its stop, with ${figures}; ${resets}, and ${lift}.`
    case 'person': {
      const by = view.state.kind === 'stopped' && view.state.by === 'person' ? view.state.person : 'a person'
      return `${budget} was stopped by ${by}, with ${figures}; it stays stopped until a person resumes it, and ${lift}.`
    }
    case 'hold_too_large': {
      const asked = wanted === null ? 'what this call may cost' : `the ${showUsd(wanted)} this call may cost`
      const whose =
        ceiling === undefined ? '' : ` for this environment, which it stops at ${showUsd(ceiling)}`
      const left = `${showUsd(leftOf(view, ceiling))} left${whose}`
      return `${budget} has ${left}, which is less than ${asked}, with ${figures}; ${resets}, and ${lift}.`
    }
    case 'unpriced':
      return `${budget} refuses models without a known price, and this one has none; set a price for it, or what the budget does with such models.`
    case 'environment':
      return `${budget} has stopped this environment, with ${figures}; ${resets}, and ${lift}.`
    case 'wide_stop':
      return `${budget} is stopped with all calls.`
    default:
      return unreachable(reason)
  }
}

/** `$812.40 spent, about $190.00 for calls without a price and $0.00 held of $1,000.00, by genai-prices@0.1.8` */
function figuresOf({ current, limit }: BudgetView): string {
  const { spent, estimated, held } = current
  const unpriced = estimated > zeroUsd ? `, about ${showUsd(estimated)} for calls without a price` : ''
  return `${showUsd(spent)} spent${unpriced} and ${showUsd(held)} held of ${showUsd(limit)} by the prices of ${PRICE_LIST}`
}

function nameOf({ budget, current }: BudgetView): string {
  const whose = counterWords(budget.scope, current.counter, current.ownerName)
  const period = nameOfPeriod(budget.periodRule, current.period)
  return `The budget "${budget.title}" (${whose === null ? period : `${whose}, ${period}`})`
}

const instantOf = ({ budget }: BudgetView, at: Date): string => nameOfInstant(budget.periodRule, at)

const WAYS_OUT: Readonly<Record<Lifters, string>> = {
  admins: 'an admin can lift the stop',
  members: 'any member can lift the stop',
  named: 'those whom its policy names can lift the stop',
}
