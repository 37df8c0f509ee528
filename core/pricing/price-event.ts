/**
 * Gives an event its cost, and says how far that cost can be trusted.
 *
 * - 'computed': every token at a rate the list has for its class.
 * - 'estimated': the client estimated the tokens; or the call ran in a service tier that the list does not price (flex
 *   and batch cost about half of the standard rate that is used, priority and fast cost more); or the list lacks a
 *   rate of its own for a class that was used. An estimate protects a budget, which no price at all would not.
 * - 'unpriced': no rate is known; the cost is null, never $0.
 *
 * A call that used no tokens costs nothing whatever its model, unless it succeeded with a model of no known rate: that
 * may be charged by the second or the image.
 */
import type { EventCost, TokenUsage, UsageEvent } from '../event/usage-event.ts'
import { zeroUsd } from '../money.ts'
import { costOf, tokensByClass } from './cost.ts'
import { RATE_CLASSES, type Rates } from './rates.ts'

export type Priceable = Pick<UsageEvent, 'tokens' | 'tokensEstimated' | 'serviceTier' | 'status'>

/** What providers call the tier that the list prices. `auto` is what was asked for, and as a rule answered so. */
const STANDARD_TIERS: ReadonlySet<string> = new Set([
  'standard',
  'default',
  'auto',
  'standard_only',
  'on_demand',
])

export function priceEvent(event: Priceable, rates: Rates | null): EventCost {
  if (usedNothing(event.tokens) && (rates !== null || event.status !== 'ok')) {
    const costSource = event.tokensEstimated ? 'estimated' : 'computed'
    return { cost: zeroUsd, costSource, priceVersion: rates?.priceVersion ?? null }
  }
  const cost = rates && costOf(event.tokens, rates)
  if (rates === null || cost === null) return { cost: null, costSource: 'unpriced', priceVersion: null }
  return {
    cost,
    costSource: isEstimate(event, rates) ? 'estimated' : 'computed',
    priceVersion: rates.priceVersion,
  }
}

const usedNothing = (tokens: TokenUsage): boolean => tokens.in === 0 && tokens.out === 0

function isEstimate(event: Priceable, rates: Rates): boolean {
  if (event.tokensEstimated || rates.hasUncountedClasses) return true
  if (event.serviceTier !== null && !STANDARD_TIERS.has(event.serviceTier.toLowerCase())) return true
  const counts = tokensByClass(event.tokens)
  return RATE_CLASSES.some((name) => counts[name] > 0 && rates.borrowed.has(name))
}
