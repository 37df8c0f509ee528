/** What a call of the stand-in costs, worked out beside the product from the same price list. */
import { buildPriceBook } from '../../core/pricing/genai-prices.ts'
import { priceEvent } from '../../core/pricing/price-event.ts'
import { NO_TOKENS } from '../../core/usage/token-laws.ts'
import { MODEL, PROVIDER } from './client/provider.ts'

export type PriceCall = (of: { readonly tokensIn: number; readonly tokensOut: number }) => bigint

export function buildPriceCall(at: Date): PriceCall {
  const rates = buildPriceBook().ratesAt(PROVIDER, MODEL, at)
  return ({ tokensIn, tokensOut }) => {
    const tokens = { ...NO_TOKENS, in: tokensIn, out: tokensOut }
    const call = { tokens, tokensEstimated: false, serviceTier: null, status: 'ok' } as const
    const { cost } = priceEvent(call, rates)
    if (cost === null) throw new Error(`${MODEL} has no price in the list`)
    return cost
  }
}
