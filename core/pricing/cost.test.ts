import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenUsage } from '../event/usage-event.ts'
import { nanoUsd, zeroUsd } from '../money.ts'
import { NO_TOKENS, plainInput, plainOutput } from '../usage/token-laws.ts'
import { costOf, tokensByClass } from './cost.ts'
import { RATE_CLASSES, type RateCard, type Rates } from './rates.ts'

const someTokens: fc.Arbitrary<TokenUsage> = fc
  .tuple(...RATE_CLASSES.map(() => fc.nat({ max: 400_000 })))
  .map(
    ([
      input = 0,
      output = 0,
      cacheRead = 0,
      cacheWrite5m = 0,
      cacheWrite1h = 0,
      reasoning = 0,
      audioIn = 0,
      audioOut = 0,
    ]) => ({
      in: input + cacheRead + cacheWrite5m + cacheWrite1h + audioIn,
      out: output + reasoning + audioOut,
      cacheRead,
      cacheWrite5m,
      cacheWrite1h,
      reasoning,
      audioIn,
      audioOut,
    }),
  )

/** Up to $100 per million tokens, down to a nano-dollar per million, which only rounding can price. */
const aRate = fc.bigInt({ min: 0n, max: 100_000_000_000n })
const aCard: fc.Arbitrary<RateCard> = fc.record({
  input: aRate,
  output: aRate,
  cacheRead: aRate,
  cacheWrite5m: aRate,
  cacheWrite1h: aRate,
  reasoning: aRate,
  audioIn: aRate,
  audioOut: aRate,
})

const ratesOf = (base: RateCard, facts: Partial<Rates> = {}): Rates => ({
  priceVersion: 'test@1:made/up',
  ...{ listedAs: null, serviceTier: null, estimatedAbove: null },
  base,
  tiers: [],
  requestFee: zeroUsd,
  borrowed: new Set(),
  hasUncountedClasses: false,
  ...facts,
})

const must = (tokens: TokenUsage, rates: Rates): bigint => {
  const cost = costOf(tokens, rates)
  if (cost === null) throw new Error('these rates are complete')
  return cost
}

const sumOf = (a: TokenUsage, b: TokenUsage): TokenUsage => ({
  in: a.in + b.in,
  out: a.out + b.out,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
  cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
  reasoning: a.reasoning + b.reasoning,
  audioIn: a.audioIn + b.audioIn,
  audioOut: a.audioOut + b.audioOut,
})

describe('the cost of a call', () => {
  it('prices every token once, in one class', () => {
    fc.assert(
      fc.property(someTokens, (tokens) => {
        const counts = tokensByClass(tokens)
        expect(RATE_CLASSES.reduce((sum, name) => sum + counts[name], 0)).toBe(tokens.in + tokens.out)
        expect(plainInput(tokens) + plainOutput(tokens)).toBe(counts.input + counts.output)
      }),
    )
  })

  it('is within half a nano-dollar of the exact sum', () => {
    fc.assert(
      fc.property(someTokens, aCard, (tokens, card) => {
        const counts = tokensByClass(tokens)
        const exact = RATE_CLASSES.reduce((sum, name) => sum + BigInt(counts[name]) * (card[name] ?? 0n), 0n)
        const twiceOff = (must(tokens, ratesOf(card)) * 1_000_000n - exact) * 2n
        expect(twiceOff <= 1_000_000n && twiceOff >= -1_000_000n).toBe(true)
      }),
    )
  })

  it('adds up: two calls cost what one with the tokens of both does, within a nano-dollar and a half', () => {
    fc.assert(
      fc.property(someTokens, someTokens, aCard, (a, b, card) => {
        const rates = ratesOf(card)
        const difference = must(sumOf(a, b), rates) - must(a, rates) - must(b, rates)
        expect(difference >= -1n && difference <= 1n).toBe(true)
      }),
    )
  })

  it('never falls when tokens are added, over the start of a dearer tier too', () => {
    fc.assert(
      fc.property(someTokens, someTokens, aCard, fc.nat({ max: 500_000 }), (a, b, card, inputAbove) => {
        const dearer = Object.fromEntries(RATE_CLASSES.map((name) => [name, (card[name] ?? 0n) * 2n]))
        const rates = ratesOf(card, { tiers: [{ inputAbove, card: { ...card, ...dearer } }] })
        expect(must(sumOf(a, b), rates) >= must(a, rates)).toBe(true)
      }),
    )
  })

  it('is nothing without tokens', () => {
    fc.assert(
      fc.property(aCard, (card) => {
        expect(costOf(NO_TOKENS, ratesOf(card))).toBe(0n)
      }),
    )
  })

  it('rounds once, and a half to the even nano-dollar', () => {
    const card = ratesOf({ ...NO_RATES, input: 500_000n, output: 250_000n })
    const costs = [1, 3, 5].map((tokens) => costOf({ ...NO_TOKENS, in: tokens }, card))
    expect(costs).toEqual([0n, 2n, 2n])
    // Half and quarter nano-dollars add up before they are rounded: 0.5 + 0.75 is 1.25, not 0 + 1.
    expect(costOf({ ...NO_TOKENS, in: 1, out: 5 }, card)).toBe(2n)
  })

  it('is not known in part: one class without a rate leaves the whole unknown', () => {
    const rates = ratesOf({ ...NO_RATES, input: 1n })
    expect(costOf({ ...NO_TOKENS, in: 5, out: 1 }, rates)).toBeNull()
    expect(costOf({ ...NO_TOKENS, in: 2_000_000 }, rates)).toBe(2n)
  })

  it('takes the tier that the whole input falls in, for all tokens', () => {
    const [low, high, higher] = [1_000_000n, 2_000_000n, 5_000_000n].map((rate) => ({
      ...NO_RATES,
      input: rate,
    }))
    if (!low || !high || !higher) throw new Error('three cards')
    const rates = ratesOf(low, {
      tiers: [
        { inputAbove: 100, card: high },
        { inputAbove: 1000, card: higher },
      ],
    })
    const costs = [100, 101, 1000, 1001].map((tokens) => costOf({ ...NO_TOKENS, in: tokens }, rates))
    expect(costs).toEqual([100n, 202n, 2000n, 5005n].map(nanoUsd))
  })
})

const NO_RATES: RateCard = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite5m: null,
  cacheWrite1h: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
}
