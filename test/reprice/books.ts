/** Price books of a few models, for tests of repricing. */
import { usd, zeroUsd } from '../../core/money.ts'
import type { PriceBook, RateCard } from '../../core/pricing/rates.ts'

const NOTHING: RateCard = {
  ...{ input: null, output: null, cacheRead: null, cacheWrite5m: null },
  ...{ cacheWrite1h: null, reasoning: null, audioIn: null, audioOut: null },
}

/** Knows the models it is given, at so many dollars per million tokens of input and of output. */
export const bookOf = (dollars: Readonly<Record<string, string>>): PriceBook => ({
  ratesAt: (_provider, model) => {
    const rate = dollars[model]
    if (rate === undefined) return null
    return {
      priceVersion: `test@${rate}:${model}`,
      ...{ listedAs: null, serviceTier: null, estimatedAbove: null },
      base: { ...NOTHING, input: usd(rate), output: usd(rate) },
      tiers: [],
      requestFee: zeroUsd,
      borrowed: new Set(),
      hasUncountedClasses: false,
    }
  },
})
