/**
 * Gives an event its cost, and says how far that cost can be trusted.
 *
 * - 'computed': every token at a rate the list has for its class.
 * - 'estimated': the client estimated the tokens; or the call ran in a service tier of which nothing is published, and
 *   the standard rates are used; or a class that was used has no published rate of its own. An estimate protects a
 *   budget, which no price at all would not.
 * - 'unpriced': no rate is known; the cost is null, never $0.
 *
 * A call that used no tokens costs nothing whatever its model, unless it succeeded with a model of no known rate: that
 * may be charged by the second or the image.
 */
import type { EventCost, TokenUsage, UsageEvent } from '../event/usage-event.ts'
import { zeroUsd } from '../money.ts'
import { costOf, tokensByClass } from './cost.ts'
import { RATE_CLASSES, type Rates } from './rates.ts'
import { canonicalTier } from './service-tiers.ts'

export type Priceable = Pick<UsageEvent, 'tokens' | 'tokensEstimated' | 'serviceTier' | 'status'>

/** `rates` are those of the event's own tier, where the book knows it. */
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
  if (canonicalTier(event.serviceTier) !== rates.serviceTier) return true
  if (rates.estimatedAbove !== null && event.tokens.in > rates.estimatedAbove) return true
  const counts = tokensByClass(event.tokens)
  return RATE_CLASSES.some((name) => counts[name] > 0 && rates.borrowed.has(name))
}
