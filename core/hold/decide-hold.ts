/**
 * Whether a call may begin: the whole rule, as a pure function of what covers it.
 * Invariant: what is granted never takes spent and held above the ceiling of any strict budget, which for calls of an
 * environment is where the ladder stops that; whatever refuses is named, and of several the strictest.
 */
import type { Block, BlockReason } from '../budget/explain.ts'
import { stopPercentOf } from '../budget/ladder.ts'
import { type CallFacts, fits } from '../budget/scope.ts'
import {
  availableOf,
  type BudgetView,
  type BudgetWithCard,
  ceilingFor,
  ceilingOf,
  viewOf,
  type WideStop,
} from '../budget/verdict.ts'
import { maxUsd, type NanoUsd, zeroUsd } from '../money.ts'
import { unreachable } from '../unreachable.ts'
import type { Wanted } from './wanted.ts'

export interface HoldAsk {
  readonly facts: CallFacts
  readonly wanted: Wanted
}

/** What one counter of a budget is to hold of a call. */
export interface HoldPart {
  readonly view: BudgetView
  readonly amount: NanoUsd
  /** What spent and held may come to with this call; null for a budget that refuses none of its kind. */
  readonly ceiling: NanoUsd | null
}

export type Demand =
  | { readonly kind: 'asked'; readonly parts: readonly HoldPart[] }
  | { readonly kind: 'refused'; readonly block: Block }

/** What each counter is asked to hold, or who refuses whatever is left. `covering` are the counters that cover the call. */
export function demandOf(
  { facts, wanted }: HoldAsk,
  covering: readonly BudgetWithCard[],
  stops: readonly WideStop[],
  now: Date,
): Demand {
  const [stop] = stops
  const about = { wanted: wanted.amount, priceVersion: wanted.priceVersion }
  if (stop) return { kind: 'refused', block: { ...about, reason: 'wide_stop', view: null, stop } }
  const views = covering.flatMap((snapshot) => viewIn(snapshot, now) ?? [])
  const blocks: Block[] = []
  const parts: HoldPart[] = []
  for (const view of views) {
    const reason = refusalOf(view, facts, wanted)
    if (reason !== null) blocks.push({ ...about, reason, view, stop: null })
    else if (view.asksFirst && view.state.kind !== 'idle') {
      const amount = amountFor(view, wanted)
      if (amount !== null) parts.push({ view, amount, ceiling: ceilingIn(view, facts) })
    }
  }
  const strictest = strictestOf(blocks)
  return strictest === null ? { kind: 'asked', parts } : { kind: 'refused', block: strictest }
}

/** The strictest of those in which a part does not fit; null when all fit. */
export function tooLarge(parts: readonly HoldPart[], wanted: Wanted): Block | null {
  const blocks = parts
    .filter((part) => !hasRoom(part))
    .map(({ view, amount, ceiling }): Block => {
      const { priceVersion } = wanted
      const block = { reason: 'hold_too_large', view, stop: null, wanted: amount, priceVersion } as const
      return ceiling === null || ceiling === ceilingOf(view, view.state) ? block : { ...block, ceiling }
    })
  return strictestOf(blocks)
}

/**
 * A strict budget has room for a call whose worst case fits. A cached one, near its stop, has room while anything is left
 * that nobody holds: it may be passed by as much as its last call costs beyond that, and reaches its stop for all to see,
 * where refusing whatever might not fit would end it unsaid at some percent below. A budget whose ladder stops nobody is
 * held against, so that its figures are true, and refuses nothing.
 */
function hasRoom({ view, amount, ceiling }: HoldPart): boolean {
  if (ceiling === null) return true
  const available = availableOf(view, ceiling)
  return view.budget.mode === 'strict' ? amount <= available : available > zeroUsd
}

/** A cached budget learns of an environment's stop by what is spent, as its clients do. */
function ceilingIn(view: BudgetView, { environment }: CallFacts): NanoUsd | null {
  if (view.budget.mode === 'strict') return ceilingFor(view, view.state, environment)
  return stopPercentOf(view.budget.ladder) === null ? null : ceilingOf(view, view.state)
}

/** A period that is yet to begin is seen as it will, with nothing carried over: that may still be spent. */
function viewIn(snapshot: BudgetWithCard, now: Date): BudgetView | null {
  const { current } = snapshot
  const isAhead = current.period.from.getTime() > now.getTime()
  if (!isAhead) return viewOf(snapshot, now)
  return viewOf({ ...snapshot, current: { ...current, carried: zeroUsd } }, current.period.from)
}

/** Why a budget refuses the call, however little it costs. */
function refusalOf({ budget, state, measures }: BudgetView, facts: CallFacts, wanted: Wanted) {
  if (state.kind === 'stopped') return state.by
  if (measures.stoppedEnvironments.some((pattern) => fits(pattern, facts.environment))) return 'environment'
  // Whoever asks is answered, in cached mode too: clients ask first for models that were seen without a price.
  const isUnpriced = wanted.kind === 'unpriced' && state.kind !== 'idle'
  return isUnpriced && budget.onUnpriced === 'deny' ? 'unpriced' : null
}

/** Null where the budget lets calls pass whose price nobody knows. */
function amountFor({ budget }: BudgetView, wanted: Wanted): NanoUsd | null {
  if (wanted.kind === 'known' || wanted.priceVersion === null) return wanted.amount
  switch (budget.onUnpriced) {
    case 'allow':
      return null
    case 'estimate_high':
    case 'deny':
      return wanted.amount
    default:
      return unreachable(budget.onUnpriced)
  }
}

/** What a person decided comes before what the figures say; then whoever leaves least. */
const ORDER: readonly BlockReason[] = [
  ...(['wide_stop', 'person', 'limit', 'environment', 'unpriced', 'hold_too_large'] as const),
]

function strictestOf(blocks: readonly Block[]): Block | null {
  const [first] = blocks.toSorted(
    (a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason) || compare(leftIn(a), leftIn(b)),
  )
  return first ?? null
}

const leftIn = ({ view, ceiling }: Block): NanoUsd =>
  view === null ? zeroUsd : maxUsd(zeroUsd, availableOf(view, ceiling))
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
