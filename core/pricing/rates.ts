/**
 * What a model charges, exactly: whole nano-dollars per million tokens of each class.
 * Invariant: a tier is chosen by the whole input of a call and then applies to all of its tokens.
 */
import { divideHalfEven, type NanoUsd } from '../money.ts'

export const RATE_CLASSES = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'audioIn',
  'audioOut',
] as const
export type RateClass = (typeof RATE_CLASSES)[number]

/** Nano-dollars per million tokens; null where the list knows neither the class nor its parent. */
export type RateCard = Readonly<Record<RateClass, bigint | null>>

export interface RateTier {
  /** The card holds for calls whose whole input is above this many tokens. */
  readonly inputAbove: number
  readonly card: RateCard
}

export interface Rates {
  /** Such as `genai-prices@0.1.8:openai/gpt-4o`, and `…+tier:flex@2026-10-12` in a service tier. */
  readonly priceVersion: string
  /** Provider and model as the list calls them, by which service tiers are known; null when it does not. */
  readonly listedAs: string | null
  /** The service tier whose rates these are, by its canonical name; null for the standard one. */
  readonly serviceTier: string | null
  readonly base: RateCard
  /** Ascending by `inputAbove`. */
  readonly tiers: readonly RateTier[]
  /** What every call costs beside its tokens; zero for nearly all. */
  readonly requestFee: NanoUsd
  /** Classes without a rate of their own, priced at their parent's: a cost that uses one is an estimate. */
  readonly borrowed: ReadonlySet<RateClass>
  /** True when the model also charges by what token counts do not tell apart, such as images: always an estimate. */
  readonly hasUncountedClasses: boolean
  /** Calls whose whole input is above this are estimates: nobody publishes what they cost. Null for no bound. */
  readonly estimatedAbove: number | null
}

/**
 * Rates by model, instant and service tier, as the event spells it; without one, the standard rates, and so too where
 * the tier is not known. Null means unknown, and an unknown price is never $0.
 */
export interface PriceBook {
  readonly ratesAt: (provider: string, model: string, at: Date, serviceTier?: string | null) => Rates | null
}

/** A card of what is said of each class. */
export const cardBy = (rateOf: (name: RateClass) => bigint | null): RateCard => ({
  input: rateOf('input'),
  output: rateOf('output'),
  cacheRead: rateOf('cacheRead'),
  cacheWrite5m: rateOf('cacheWrite5m'),
  cacheWrite1h: rateOf('cacheWrite1h'),
  reasoning: rateOf('reasoning'),
  audioIn: rateOf('audioIn'),
  audioOut: rateOf('audioOut'),
})

/** The card for a call with this whole input. */
export const cardFor = (rates: Rates, tokensIn: number): RateCard =>
  rates.tiers.findLast((tier) => tokensIn > tier.inputAbove)?.card ?? rates.base

/**
 * Dollars per million tokens, as a price list writes them, in nano-dollars per million tokens. Goes by the shortest
 * decimal that reads back as the same number, which is what the list's author typed; below a nano-dollar half-even.
 */
export function nanosPerMillion(usdPerMillion: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(usdPerMillion))
  if (!match) throw new RangeError(`not a price: ${usdPerMillion}`)
  const fraction = match[2] ?? ''
  const digits = BigInt((match[1] ?? '') + fraction)
  const exponent = 9 - fraction.length + Number(match[3] ?? 0)
  return exponent >= 0 ? digits * 10n ** BigInt(exponent) : divideHalfEven(digits, 10n ** BigInt(-exponent))
}
