/**
 * What a strict budget counts where there is no price and it says `on_unpriced: estimate_high`: for a call ahead, and for
 * one that was made. It is an estimate and no bound: what is billed by the image, the second or the page has no tokens
 * to count, and an unknown tier or class of cached or spoken tokens may cost more than the rates of text.
 * Invariant: what was made within the bounds of its hold is never estimated above it.
 */
import type { TokenUsage } from '../event/usage-event.ts'
import { divideHalfEven, maxUsd, type NanoUsd, nanoUsd, usd } from '../money.ts'
import { type CallAhead, type TokensMax, tokensMaxOf } from './call-ahead.ts'
import { listedProvider } from './genai-prices.ts'
import { HIGH_BY_PROVIDER, HIGH_OF_ALL, HIGH_OF_MOST, type HighRates } from './high-rates.ts'
import { PRICE_LIST } from './price-list.ts'

export interface HighEstimate {
  readonly amount: NanoUsd
  /** Such as `genai-prices@0.1.8:high:openai`, and `…:high:any` for a provider that the list does not have. */
  readonly priceVersion: string
}

/**
 * No call is estimated below this, with tokens or without: what an image of the best quality costs (gpt-image-1 at 1536 x
 * 1024, https://developers.openai.com/api/docs/models/gpt-image-1), since a model without a price may be one of images.
 */
export const HIGH_PER_CALL = usd('0.25')

/** For a hold. */
export const highEstimate = (call: CallAhead): HighEstimate => estimate(tokensMaxOf(call), call.provider)

/** For an event that came without a price: the same rates, and the tokens that it used. */
export const estimateUnpriced = (tokens: Pick<TokenUsage, 'in' | 'out'>, provider: string): HighEstimate =>
  estimate({ in: BigInt(tokens.in), out: BigInt(tokens.out) }, provider)

const TOKENS_PER_RATE = 1_000_000n

function estimate(tokens: TokensMax, provider: string): HighEstimate {
  const listed = listedProvider(provider)
  const { input, output } = highRatesOf(listed)
  const amount = nanoUsd(divideHalfEven(tokens.in * input + tokens.out * output, TOKENS_PER_RATE))
  return { amount: maxUsd(amount, HIGH_PER_CALL), priceVersion: `${PRICE_LIST}:high:${listed ?? 'any'}` }
}

const highRatesOf = (listed: string | null): HighRates =>
  listed === null ? HIGH_OF_ALL : (HIGH_BY_PROVIDER.get(listed) ?? HIGH_OF_MOST)
