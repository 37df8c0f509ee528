/** The cost of one call, exactly: every token is priced once, in one class, and the sum is rounded once, half-even. */
import type { TokenUsage } from '../event/usage-event.ts'
import { divideHalfEven, type NanoUsd, nanoUsd } from '../money.ts'
import { plainInput, plainOutput } from '../usage/token-laws.ts'
import { cardFor, RATE_CLASSES, type RateClass, type Rates } from './rates.ts'

const TOKENS_PER_RATE = 1_000_000n

/** How many tokens each class charges. The classes do not overlap; their sum is all of `in` and `out`. */
export const tokensByClass = (tokens: TokenUsage): Readonly<Record<RateClass, number>> => ({
  input: plainInput(tokens),
  output: plainOutput(tokens),
  cacheRead: tokens.cacheRead,
  cacheWrite5m: tokens.cacheWrite5m,
  cacheWrite1h: tokens.cacheWrite1h,
  reasoning: tokens.reasoning,
  audioIn: tokens.audioIn,
  audioOut: tokens.audioOut,
})

/** Null when a class that has tokens has no rate: what cannot be priced whole is not priced in part. */
export function costOf(tokens: TokenUsage, rates: Rates): NanoUsd | null {
  const card = cardFor(rates, tokens.in)
  const counts = tokensByClass(tokens)
  let nanosTimesMillion = rates.requestFee * TOKENS_PER_RATE
  for (const name of RATE_CLASSES) {
    if (counts[name] === 0) continue
    const rate = card[name]
    if (rate === null) return null
    nanosTimesMillion += BigInt(counts[name]) * rate
  }
  return nanoUsd(divideHalfEven(nanosTimesMillion, TOKENS_PER_RATE))
}
