/**
 * Prices a call anew, from what the provider said it used, and says the difference as an adjustment.
 * Laws: the call and its adjustments sum to the price by the book that was used last; doing it again with the same
 * book changes nothing; and which books came in between, in whatever order, does not show in the sum.
 */
import type { Adjustment } from '../event/adjustment.ts'
import { identityOf } from '../event/identity.ts'
import type { EventCost, PricedEvent, TokenUsage } from '../event/usage-event.ts'
import { type NanoUsd, subtractUsd, zeroUsd } from '../money.ts'
import { normaliseUsage } from '../usage/normalise.ts'
import { tierInUsage, withRegion } from '../usage/service-tier.ts'
import { TOKEN_CLASSES } from '../usage/token-laws.ts'
import { priceEvent } from './price-event.ts'
import type { PriceBook } from './rates.ts'

/** What an adjustment takes over from its call, and what its price depends on. */
export type RepriceableCall = Omit<
  PricedEvent,
  | keyof EventCost
  | 'metadata'
  | 'providerResponseId'
  | 'reportedCost'
  | 'latencyMs'
  | 'ttftMs'
  | 'source'
  | 'receivedAt'
>

/** A call, and what it and its adjustments come to. */
export interface CallSoFar {
  readonly call: RepriceableCall
  /** Null while neither the call nor an adjustment has a price. */
  readonly cost: NanoUsd | null
  readonly tokens: TokenUsage
  readonly adjustments: number
}

export type StillUnpriced =
  /** The book does not know the model at the time of the call. */
  | 'model_unknown'
  /** The book knows the model, but no rate for a class of tokens that the call used. */
  | 'rate_missing'

export type Repriced =
  | { readonly kind: 'adjusted'; readonly adjustment: Adjustment; readonly cost: NanoUsd }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'unpriced'; readonly why: StillUnpriced }

/** A price that was known is not taken back: what the book has forgotten stays as it is. `at` is when it is repriced. */
export function repriceEvent(soFar: CallSoFar, book: PriceBook, at: Date): Repriced {
  const { call } = soFar
  const { tokens, serviceTier } = usedBy(soFar)
  const rates = book.ratesAt(call.provider, call.model, call.ts, serviceTier)
  const { cost, costSource, priceVersion } = priceEvent({ ...call, tokens, serviceTier }, rates)
  if (cost === null) {
    if (soFar.cost !== null) return { kind: 'unchanged' }
    return { kind: 'unpriced', why: rates === null ? 'model_unknown' : 'rate_missing' }
  }
  if (cost === soFar.cost && TOKEN_CLASSES.every((name) => tokens[name] === soFar.tokens[name])) {
    return { kind: 'unchanged' }
  }
  const adjustment: Adjustment = {
    ...call,
    // The next of this call, whatever its price: two runs that saw the same past make the same one, which counts once.
    requestId: `reprice:${identityOf(call)}:${soFar.adjustments + 1}`,
    adjusts: { requestId: call.requestId, unpricedCalls: soFar.cost === null ? -1 : 0 },
    tokens: difference(tokens, soFar.tokens),
    cost: subtractUsd(cost, soFar.cost ?? zeroUsd),
    costSource,
    priceVersion,
    source: 'reprice',
    receivedAt: at,
    // What is the call's alone, and would count or match it twice.
    rawUsage: null,
    providerResponseId: null,
    reportedCost: null,
    latencyMs: 0,
    ttftMs: null,
    metadata: '{}',
  }
  return { kind: 'adjusted', adjustment, cost }
}

/** Read anew from the provider's own usage, so that a reading that was wrong is put right too. */
function usedBy({ call, tokens }: CallSoFar): {
  readonly tokens: TokenUsage
  readonly serviceTier: string | null
} {
  if (call.rawUsage === null) return { tokens, serviceTier: call.serviceTier }
  const usage: unknown = JSON.parse(call.rawUsage)
  const normalised = normaliseUsage(call.provider, usage)
  const said = tierInUsage(usage)
  return {
    tokens: normalised.kind === 'tokens' ? normalised.tokens : tokens,
    serviceTier: withRegion(call.serviceTier ?? said.tier, said.region),
  }
}

const difference = (after: TokenUsage, before: TokenUsage): TokenUsage => ({
  in: after.in - before.in,
  out: after.out - before.out,
  cacheRead: after.cacheRead - before.cacheRead,
  cacheWrite5m: after.cacheWrite5m - before.cacheWrite5m,
  cacheWrite1h: after.cacheWrite1h - before.cacheWrite1h,
  reasoning: after.reasoning - before.reasoning,
  audioIn: after.audioIn - before.audioIn,
  audioOut: after.audioOut - before.audioOut,
})
