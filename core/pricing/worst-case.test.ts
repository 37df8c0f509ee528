import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenUsage } from '../event/usage-event.ts'
import { nanoUsd, usd, zeroUsd } from '../money.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { costOf } from './cost.ts'
import { buildPriceBook, modelsOfList } from './genai-prices.ts'
import { layeredPriceBook, type OwnPrice } from './own-prices.ts'
import { cardBy, type PriceBook, RATE_CLASSES, type RateCard, type Rates } from './rates.ts'
import { TIER_FACTS } from './service-tiers.ts'
import { tiersThatCanAnswer } from './tiers-that-can-answer.ts'
import { worstCaseOf } from './worst-case.ts'

const AT = new Date('2026-11-25T12:00:00Z')
const list = buildPriceBook()
const models = await modelsOfList()
const TIERS = [...new Set(TIER_FACTS.flatMap(({ tiers }) => tiers))]

const aRate = fc.bigInt({ min: 0n, max: 100_000_000_000n })
/** Whatever a list could have: a class without a rate, dearer parts, and no rate at all. */
const aCard: fc.Arbitrary<RateCard> = fc
  .tuple(...RATE_CLASSES.map(() => fc.option(aRate, { freq: 12 })))
  .map((rates) => cardBy((name) => rates[RATE_CLASSES.indexOf(name)] ?? null))
/** Tiers may be cheaper than what is below them, and start anywhere. */
const someRates: fc.Arbitrary<Rates> = fc
  .record({
    base: aCard,
    tiers: fc.uniqueArray(fc.record({ inputAbove: fc.nat({ max: 300_000 }), card: aCard }), {
      selector: ({ inputAbove }) => inputAbove,
      maxLength: 4,
    }),
    requestFee: fc.bigInt({ min: 0n, max: 100_000_000n }).map(nanoUsd),
  })
  .map(({ base, tiers, requestFee }) => ({
    ...ratesOf(base),
    tiers: tiers.toSorted((a, b) => a.inputAbove - b.inputAbove),
    requestFee,
  }))

interface Bounds {
  readonly inputTokens: number
  readonly maxTokens: number
  readonly n: number
}
const someBounds: fc.Arbitrary<Bounds> = fc.record({
  inputTokens: fc.oneof(fc.nat({ max: 400_000 }), fc.nat({ max: 20 })),
  maxTokens: fc.oneof(fc.nat({ max: 100_000 }), fc.nat({ max: 20 })),
  n: fc.integer({ min: 1, max: 4 }),
})

/** Cuts a whole into parts by shares, of which the last is what is left; a share may be nothing or all. */
const aShare = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const someShares = fc.array(aShare, { minLength: 8, maxLength: 8 })
function usageWithin({ inputTokens, maxTokens, n }: Bounds, shares: readonly number[]): TokenUsage {
  const part = (whole: number, index: number): number => Math.floor(whole * (shares[index] ?? 0))
  const whole = { in: part(inputTokens, 0), out: part(maxTokens * n, 1) }
  const cacheRead = part(whole.in, 2)
  const cacheWrite5m = part(whole.in - cacheRead, 3)
  const cacheWrite1h = part(whole.in - cacheRead - cacheWrite5m, 4)
  const audioIn = part(whole.in - cacheRead - cacheWrite5m - cacheWrite1h, 5)
  const reasoning = part(whole.out, 6)
  const audioOut = part(whole.out - reasoning, 7)
  return { ...whole, cacheRead, cacheWrite5m, cacheWrite1h, audioIn, reasoning, audioOut }
}

const bookOf = (rates: Rates): PriceBook => ({ ratesAt: () => rates })
const made = { provider: 'made', model: 'up' }

describe('the worst case of a call', () => {
  it('is no less than the cost of any usage within its bounds, by any rates and tiers', () => {
    let bounded = 0
    fc.assert(
      fc.property(someRates, someBounds, someShares, (rates, bounds, shares) => {
        const worst = worstCaseOf({ ...made, ...bounds }, bookOf(rates), AT)
        const cost = costOf(usageWithin(bounds, shares), rates)
        if (worst.kind === 'unpriced' || cost === null) return
        bounded += 1
        expect(cost <= worst.amount).toBe(true)
      }),
      { numRuns: 3_000 },
    )
    expect(bounded).toBeGreaterThan(1_000)
  })

  it('is no more than needed: some usage within its bounds costs as much', () => {
    fc.assert(
      fc.property(someRates, someBounds, (rates, bounds) => {
        const worst = worstCaseOf({ ...made, ...bounds }, bookOf(rates), AT)
        if (worst.kind === 'unpriced') return
        const lengths = [bounds.inputTokens, ...rates.tiers.map(({ inputAbove }) => inputAbove)]
        const costs = lengths
          .filter((length) => length <= bounds.inputTokens)
          .flatMap((length) =>
            corners(length, bounds.maxTokens * bounds.n).map((usage) => costOf(usage, rates)),
          )
        expect(costs).toContain(worst.amount)
      }),
      { numRuns: 500 },
    )
  })

  it('holds for every model of the list, in every tier in which it can be answered, around the hour of the hold', () => {
    const tier = fc.constantFrom(undefined, null, 'auto', 'default', 'nonsense', 'standard+global', ...TIERS)
    const apart = fc.integer({ min: -10 * 60_000, max: 10 * 60_000 })
    const instant = fc.date({
      min: new Date('2026-08-01T00:00:00Z'),
      max: new Date('2026-12-01T00:00:00Z'),
      noInvalidDate: true,
    })
    const samples = fc.tuple(fc.constantFrom(...models), tier, instant, apart, someBounds, someShares)
    let bounded = 0
    fc.assert(
      fc.property(samples, ([{ provider, model }, asked, at, apartMs, bounds, shares]) => {
        const call = { provider, model, ...bounds, ...(asked === undefined ? {} : { serviceTier: asked }) }
        const worst = worstCaseOf(call, list, at)
        const usage = usageWithin(bounds, shares)
        for (const answered of tiersThatCanAnswer(provider, asked ?? null)) {
          const rates = list.ratesAt(provider, model, new Date(at.getTime() + apartMs), answered)
          const cost = rates && costOf(usage, rates)
          if (worst.kind === 'unpriced' || cost === null) continue
          bounded += 1
          expect(cost <= worst.amount, `${provider}/${model} ${asked} ${answered}`).toBe(true)
        }
      }),
      { numRuns: 2_500 },
    )
    expect(bounded).toBeGreaterThan(2_000)
  })

  it('holds while the price changes with the hour, for calls that begin a little before or after', () => {
    const call = { provider: 'deepseek', model: 'deepseek-v4-pro', inputTokens: 1_000_000, maxTokens: 0 }
    const usage = { ...NO_TOKENS, in: 1_000_000 }
    const seen = new Set<bigint>()
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      const instant = new Date(Date.UTC(2026, 10, 25, 0, minute))
      const worst = worstCaseOf(call, list, instant)
      for (const apartMs of [-9 * 60_000, 0, 9 * 60_000]) {
        const rates = list.ratesAt(call.provider, call.model, new Date(instant.getTime() + apartMs))
        const cost = rates && costOf(usage, rates)
        if (worst.kind === 'unpriced' || cost === null) throw new Error('the list has lost it')
        seen.add(cost)
        expect(cost <= worst.amount, instant.toISOString()).toBe(true)
      }
    }
    expect(seen.size).toBe(2)
  })

  it('is known for every model that has rates for what the call may use', () => {
    for (const { provider, model } of models) {
      const rates = list.ratesAt(provider, model, AT)
      const maxTokens = rates === null || rates.base.output === null ? 0 : 100
      const worst = worstCaseOf({ provider, model, inputTokens: 100, maxTokens }, list, AT)
      expect(worst.kind, `${provider}/${model}`).toBe(rates === null ? 'unpriced' : 'priced')
    }
  })

  it('counts a dearer tier that starts below the input, and a base that is dearer than its tier', () => {
    const [cheap, dear] = [ratesOf(flat(1_000_000n)).base, ratesOf(flat(5_000_000n)).base]
    const call = { ...made, inputTokens: 1_000, maxTokens: 0 }
    const worst = (base: RateCard, above: RateCard, inputAbove: number) =>
      worstCaseOf(call, bookOf({ ...ratesOf(base), tiers: [{ inputAbove, card: above }] }), AT)
    expect(worst(cheap, dear, 999)).toMatchObject({ amount: 5_000n })
    expect(worst(cheap, dear, 1_000)).toMatchObject({ amount: 1_000n })
    expect(worst(dear, cheap, 600)).toMatchObject({ amount: 3_000n })
  })

  it('never falls when a bound grows', () => {
    fc.assert(
      fc.property(someRates, someBounds, someBounds, (rates, a, b) => {
        const more = {
          inputTokens: a.inputTokens + b.inputTokens,
          maxTokens: a.maxTokens + b.maxTokens,
          n: a.n + b.n,
        }
        const [less, worst] = [a, more].map((bounds) =>
          worstCaseOf({ ...made, ...bounds }, bookOf(rates), AT),
        )
        if (less?.kind !== 'priced' || worst?.kind !== 'priced') return
        expect(worst.amount >= less.amount).toBe(true)
      }),
    )
  })
})

describe('a hold need not be wide', () => {
  const million = { inputTokens: 1_000_000, maxTokens: 0, serviceTier: 'standard+global' } as const
  const heldFor = (call: Parameters<typeof worstCaseOf>[0]) => worstCaseOf(call, list, AT)

  it('where the call writes no cache, or none for an hour', () => {
    const opus = { provider: 'anthropic', model: 'claude-opus-4-5', ...million }
    expect(heldFor(opus)).toMatchObject({ amount: usd('10') })
    expect(heldFor({ ...opus, without: ['cacheWrite1h'] })).toMatchObject({ amount: usd('6.25') })
    expect(heldFor({ ...opus, without: ['cacheWrite5m', 'cacheWrite1h'] })).toMatchObject({
      amount: usd('5'),
    })
  })

  it('where the call has no audio', () => {
    const flash = { provider: 'google', model: 'gemini-2.5-flash', ...million }
    expect(heldFor(flash)).toMatchObject({ amount: usd('1') })
    expect(heldFor({ ...flash, without: ['audioIn'] })).toMatchObject({ amount: usd('0.3') })
  })

  it('where the tier is named: a project of OpenAI may be at priority, a workspace of Anthropic in the US', () => {
    const gpt = { provider: 'openai', model: 'gpt-4o', inputTokens: 1_000_000, maxTokens: 0 }
    expect(heldFor(gpt)).toMatchObject({ amount: usd('4.25') })
    expect(heldFor({ ...gpt, serviceTier: 'auto' })).toMatchObject({ amount: usd('4.25') })
    expect(heldFor({ ...gpt, serviceTier: 'default' })).toMatchObject({ amount: usd('2.5') })
    const opus = {
      provider: 'anthropic',
      model: 'claude-opus-5',
      ...million,
      without: ['cacheWrite5m', 'cacheWrite1h'],
    } as const
    expect(heldFor({ ...opus, serviceTier: null })).toMatchObject({ amount: usd('5.5') })
    expect(heldFor(opus)).toMatchObject({ amount: usd('5') })
  })

  it('and what is left out is still bounded for a call that keeps its word', () => {
    const without = ['cacheWrite5m', 'cacheWrite1h', 'audioIn', 'audioOut'] as const
    fc.assert(
      fc.property(someRates, someBounds, someShares, (rates, bounds, shares) => {
        const worst = worstCaseOf({ ...made, ...bounds, without }, bookOf(rates), AT)
        const usage = {
          ...usageWithin(bounds, shares),
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          audioIn: 0,
          audioOut: 0,
        }
        const cost = costOf(usage, rates)
        if (worst.kind === 'priced' && cost !== null) expect(cost <= worst.amount).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a call in a cheaper tier', () => {
  it('is held at the standard rates, by which it is counted when its event leaves out the tier', () => {
    const call = { provider: 'openai', model: 'gpt-5', inputTokens: 1_000_000, maxTokens: 0 }
    const held = (serviceTier: string) => worstCaseOf({ ...call, serviceTier }, list, AT)
    expect(held('flex')).toEqual(held('default'))
    expect(held('SERVICE_TIER_PRIORITY')).toMatchObject({ amount: usd('2.5') })
  })
})

describe("an organisation's own price", () => {
  it('is what is held, and the version says so', () => {
    const price: OwnPrice = {
      ...{ id: 'prc_1', provider: 'openai', model: 'gpt-4o', serviceTier: null },
      ...{ from: new Date(0), until: null, charge: { kind: 'share_of_list', basisPoints: 8_000 } },
    }
    const book = layeredPriceBook(list, { prices: [price], aliases: [] })
    const call = {
      provider: 'openai',
      model: 'gpt-4o',
      inputTokens: 1_000_000,
      maxTokens: 0,
      serviceTier: 'default',
    }
    expect(worstCaseOf(call, book, AT)).toMatchObject({
      amount: usd('2'),
      priceVersion: expect.stringMatching(/^own:prc_1\*genai-prices@/),
    })
  })
})

/** Every usage of this many tokens, all of one class of input and all of one of output. */
function corners(tokensIn: number, tokensOut: number): TokenUsage[] {
  const inputs: Partial<TokenUsage>[] = [
    ...[{}, { cacheRead: tokensIn }, { cacheWrite5m: tokensIn }],
    ...[{ cacheWrite1h: tokensIn }, { audioIn: tokensIn }],
  ]
  const outputs: Partial<TokenUsage>[] = [{}, { reasoning: tokensOut }, { audioOut: tokensOut }]
  return inputs.flatMap((input) =>
    outputs.map((output) => ({ ...NO_TOKENS, in: tokensIn, out: tokensOut, ...input, ...output })),
  )
}

function flat(rate: bigint): RateCard {
  return cardBy(() => rate)
}

function ratesOf(base: RateCard): Rates {
  return {
    priceVersion: 'test@1:made/up',
    ...{ listedAs: null, serviceTier: null, estimatedAbove: null },
    ...{ base, tiers: [], requestFee: zeroUsd },
    ...{ borrowed: new Set(), hasUncountedClasses: false },
  }
}
