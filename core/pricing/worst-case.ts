/**
 * What a call can cost at worst, before it is made: what a strict budget holds for it.
 * Invariant: whatever the call uses within its bounds, in whichever classes, in whichever tier it is answered, by
 * whichever snapshot that its name may stand for, it costs no more (`costOf`), rounding and fee included.
 *
 * Every input token counts at the dearest class of input (an hour's cache write, or audio), every output token at the
 * dearest of output. `without` leaves out classes that the request rules out.
 */
import { divideHalfEven, type NanoUsd, nanoUsd } from '../money.ts'
import { type AvoidableClass, type CallAhead, type TokensMax, tokensMaxOf } from './call-ahead.ts'
import { namesOfAnswer } from './dearer-snapshots.ts'
import { listedProvider } from './genai-prices.ts'
import type { PriceBook, RateCard, RateClass, Rates } from './rates.ts'
import { tiersThatCanAnswer } from './tiers-that-can-answer.ts'

export type WorstCase =
  | { readonly kind: 'priced'; readonly amount: NanoUsd; readonly priceVersion: string }
  /** The model has no rate, or none for output and the call may have some: `on_unpriced` decides. */
  | { readonly kind: 'unpriced' }

/** `at` is when the call begins; what it is counted by may differ from it by as much as this. */
const CLOCKS_APART_MS = 10 * 60 * 1000

export function worstCaseOf(call: CallAhead, book: PriceBook, at: Date): WorstCase {
  const tokens = tokensMaxOf(call)
  let worst: WorstCase = { kind: 'unpriced' }
  for (const rates of ratesThatCanApply(call, book, at)) {
    const amount = worstAmount(rates, tokens, call.without ?? [])
    // An event without a cost would follow, of which nothing is bounded.
    if (amount === null) return { kind: 'unpriced' }
    if (worst.kind === 'unpriced' || amount > worst.amount) {
      worst = { kind: 'priced', amount, priceVersion: rates.priceVersion }
    }
  }
  return worst
}

function ratesThatCanApply(call: CallAhead, book: PriceBook, at: Date): ReadonlySet<Rates> {
  const found = new Set<Rates>()
  const { provider, model, serviceTier = null } = call
  const listed = listedProvider(provider)
  const names = namesOfAnswer(listed ?? provider, model)
  for (const apartMs of [0, -CLOCKS_APART_MS, CLOCKS_APART_MS]) {
    const instant = new Date(at.getTime() + apartMs)
    for (const name of names) {
      const standard = book.ratesAt(provider, name, instant)
      // An organisation's own name for a model may lead to another provider.
      const listedBy = standard?.listedAs?.split('/', 1)[0] ?? listed
      for (const tier of tiersThatCanAnswer(listedBy, serviceTier)) {
        const rates = tier === null ? standard : book.ratesAt(provider, name, instant, tier)
        if (rates !== null) found.add(rates)
      }
    }
  }
  return found
}

/** Null where tokens that the call may use have no rate at all. */
function worstAmount(rates: Rates, tokens: TokensMax, without: readonly AvoidableClass[]): NanoUsd | null {
  let worst: bigint | null = null
  for (const { card, inputMax } of cardsWithin(rates, tokens.in)) {
    const input = dearest(card, INPUT_CLASSES, without)
    const output = dearest(card, OUTPUT_CLASSES, without)
    if ((input === null && tokens.in > 0n) || (output === null && tokens.out > 0n)) return null
    const amount = inputMax * (input ?? 0n) + tokens.out * (output ?? 0n)
    if (worst === null || amount > worst) worst = amount
  }
  const times = rates.requestFee * TOKENS_PER_RATE + (worst ?? 0n)
  return nanoUsd(divideHalfEven(times, TOKENS_PER_RATE))
}

const TOKENS_PER_RATE = 1_000_000n

/** Each card that an input of up to so many tokens can fall in, with the longest input of those that do. */
function cardsWithin(
  { base, tiers }: Rates,
  tokensIn: bigint,
): readonly { readonly card: RateCard; readonly inputMax: bigint }[] {
  const starts = [{ inputAbove: -1, card: base }, ...tiers]
  return starts.flatMap(({ inputAbove, card }, index) => {
    if (tokensIn <= BigInt(inputAbove)) return []
    const end = starts[index + 1]?.inputAbove
    return [{ card, inputMax: end === undefined || tokensIn <= BigInt(end) ? tokensIn : BigInt(end) }]
  })
}

const INPUT_CLASSES = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'audioIn'] as const
const OUTPUT_CLASSES = ['output', 'reasoning', 'audioOut'] as const

function dearest(
  card: RateCard,
  names: readonly RateClass[],
  without: readonly AvoidableClass[],
): bigint | null {
  let found: bigint | null = null
  for (const name of names) {
    const rate = without.some((each) => each === name) ? null : card[name]
    if (rate !== null && (found === null || rate > found)) found = rate
  }
  return found
}
