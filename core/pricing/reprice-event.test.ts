import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Adjustment, callsOf, unpricedCallsOf } from '../event/adjustment.ts'
import { identityOf } from '../event/identity.ts'
import type { PricedEvent, TokenUsage } from '../event/usage-event.ts'
import { addUsd, type NanoUsd, nanoUsd, usd, zeroUsd } from '../money.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { buildPriceBook } from './genai-prices.ts'
import type { PriceBook, RateCard, Rates } from './rates.ts'
import { type CallSoFar, type Repriced, repriceEvent } from './reprice-event.ts'

const AT = new Date('2026-11-20T12:00:00Z')
const NOTHING: RateCard = {
  ...{ input: null, output: null, cacheRead: null, cacheWrite5m: null },
  ...{ cacheWrite1h: null, reasoning: null, audioIn: null, audioOut: null },
}
const ratesOf = (card: Partial<RateCard>): Rates => ({
  priceVersion: 'test@1:made/up',
  ...{ listedAs: null, serviceTier: null, estimatedAbove: null },
  base: { ...NOTHING, ...card },
  tiers: [],
  requestFee: zeroUsd,
  borrowed: new Set(),
  hasUncountedClasses: false,
})
const bookOf = (rates: Rates | null): PriceBook => ({ ratesAt: () => rates })
/** So many dollars per million tokens, in and out. */
const flat = (dollars: string) => bookOf(ratesOf({ input: usd(dollars), output: usd(dollars) }))

/** What the stores hold of one call, added up as ClickHouse adds it up. */
const soFarOf = (call: PricedEvent, adjustments: readonly Adjustment[]): CallSoFar => {
  const rows: readonly (PricedEvent & { adjusts?: Adjustment['adjusts'] })[] = [call, ...adjustments]
  const unpriced = rows.reduce((sum, row) => sum + unpricedCallsOf(row), 0)
  const cost = rows.reduce<NanoUsd>((sum, row) => addUsd(sum, row.cost ?? zeroUsd), zeroUsd)
  expect(rows.reduce((sum, row) => sum + callsOf(row), 0)).toBe(1)
  expect([0, 1]).toContain(unpriced)
  const total = (name: keyof TokenUsage) => rows.reduce((sum, { tokens }) => sum + tokens[name], 0)
  return {
    call,
    cost: unpriced === 1 ? null : cost,
    tokens: {
      ...{ in: total('in'), out: total('out'), cacheRead: total('cacheRead') },
      ...{ cacheWrite5m: total('cacheWrite5m'), cacheWrite1h: total('cacheWrite1h') },
      ...{ reasoning: total('reasoning'), audioIn: total('audioIn'), audioOut: total('audioOut') },
    },
    adjustments: adjustments.length,
  }
}

const repriceAll = (call: PricedEvent, books: readonly PriceBook[]): Adjustment[] => {
  const made: Adjustment[] = []
  for (const book of books) {
    const outcome = repriceEvent(soFarOf(call, made), book, AT)
    if (outcome.kind === 'adjusted') made.push(outcome.adjustment)
  }
  return made
}

const aCall = fc
  .record({
    in: fc.nat({ max: 10_000_000 }),
    out: fc.nat({ max: 10_000_000 }),
    cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }).map(nanoUsd)),
    attempt: fc.integer({ min: 1, max: 5 }),
    requestId: fc.string({ minLength: 1, maxLength: 128 }),
  })
  .map(({ in: tokensIn, out, ...facts }) =>
    aPricedEvent({ ...facts, tokens: { ...NO_TOKENS, in: tokensIn, out } }),
  )
const aBook = fc.bigInt({ min: 0n, max: 10n ** 11n }).map((rate) => ({
  rate,
  book: bookOf(ratesOf({ input: rate, output: rate })),
}))

const adjusted = (outcome: Repriced): Adjustment => {
  if (outcome.kind !== 'adjusted') throw new Error(`not adjusted: ${outcome.kind}`)
  return outcome.adjustment
}

describe('repricing', () => {
  it('makes a call and its adjustments sum to the price by the book that came last, whichever came before', () => {
    fc.assert(
      fc.property(aCall, fc.array(aBook, { maxLength: 4 }), aBook, (call, earlier, last) => {
        const made = repriceAll(
          call,
          [...earlier, last].map(({ book }) => book),
        )
        const { cost } = soFarOf(call, made)
        const [fresh] = [repriceEvent(soFarOf({ ...call, cost: null }, []), last.book, AT)]
        expect(cost).toBe(fresh.kind === 'adjusted' ? fresh.cost : null)
      }),
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(aCall, aBook, (call, { book }) => {
        const once = repriceAll(call, [book])
        expect(repriceAll(call, [book, book, book])).toEqual(once)
      }),
    )
  })

  it('never gives two adjustments of a call one identity, and gives it again to who saw the same past', () => {
    fc.assert(
      fc.property(aCall, fc.array(aBook, { maxLength: 6 }), (call, books) => {
        const made = repriceAll(
          call,
          books.map(({ book }) => book),
        )
        expect(new Set([call, ...made].map(identityOf)).size).toBe(made.length + 1)
        expect(made.every(({ requestId }) => requestId.length <= 128)).toBe(true)
        const again = repriceAll(
          call,
          books.map(({ book }) => book),
        )
        expect(again).toEqual(made)
      }),
    )
  })

  it('takes no price back that a book has forgotten', () => {
    const made = repriceAll(aPricedEvent({ cost: null }), [flat('3'), bookOf(null)])
    expect(made).toHaveLength(1)
    expect(repriceAll(aPricedEvent({ cost: usd('1') }), [bookOf(null), bookOf(ratesOf({}))])).toEqual([])
  })

  it('prices a free model at zero, which is a price', () => {
    const call = aPricedEvent({ cost: null })
    const made = repriceAll(call, [flat('0')])
    expect(made).toMatchObject([{ cost: 0n, adjusts: { unpricedCalls: -1 } }])
    expect(soFarOf(call, made).cost).toBe(0n)
  })
})

describe('a call in a service tier', () => {
  const book = buildPriceBook()
  const flex = aPricedEvent({
    ...{ provider: 'openai', model: 'o3', serviceTier: 'flex', tokens: { ...NO_TOKENS, in: 1_000_000 } },
    ...{ ts: new Date('2026-11-10T12:00:00Z'), cost: usd('2'), costSource: 'estimated' },
  })

  it('that was estimated by the standard rate is put right to what the tier costs', () => {
    const made = repriceAll(flex, [book, book])
    expect(made).toMatchObject([{ cost: -1_000_000_000n, costSource: 'computed' }])
    expect(made[0]?.priceVersion).toMatch(/openai\/o3\+tier:flex@/)
    expect(soFarOf(flex, made).cost).toBe(usd('1'))
  })

  it('whose region only its usage tells is charged for it', () => {
    const rawUsage = '{"input_tokens":1000000,"output_tokens":0,"service_tier":"batch","inference_geo":"us"}'
    const call = { ...flex, provider: 'anthropic', model: 'claude-opus-5', serviceTier: 'batch', rawUsage }
    expect(soFarOf(call, repriceAll(call, [book])).cost).toBe(usd('2.75'))
  })
})

describe('what is still unpriced', () => {
  it('says whether the model or a rate is unknown', () => {
    const soFar = soFarOf(aPricedEvent({ cost: null }), [])
    expect(repriceEvent(soFar, bookOf(null), AT)).toEqual({ kind: 'unpriced', why: 'model_unknown' })
    expect(repriceEvent(soFar, bookOf(ratesOf({ input: 1n })), AT)).toEqual({
      kind: 'unpriced',
      why: 'rate_missing',
    })
  })
})

describe('an adjustment', () => {
  const call = aPricedEvent({
    ...{ requestId: 'r7', attempt: 2, cost: usd('2'), userId: 'u1', route: '/chat', tags: { team: 'a' } },
    ...{ latencyMs: 900, ttftMs: 90, providerResponseId: 'resp_1', reportedCost: usd('1') },
    ...{ rawUsage: '{"input_tokens":1000000,"output_tokens":0,"cache_read_input_tokens":1000000}' },
    ...{ provider: 'anthropic', model: 'claude', metadata: '{"a":1}' },
    // As if the cached tokens had been taken for a part of the input.
    tokens: { ...NO_TOKENS, in: 1_000_000, cacheRead: 1_000_000 },
  })
  const rates = ratesOf({ input: usd('3'), output: usd('15'), cacheRead: usd('0.30') })
  const adjustment = adjusted(repriceEvent(soFarOf(call, []), bookOf(rates), AT))

  it('puts a wrong normalisation right, in cost and in tokens', () => {
    expect(adjustment.cost).toBe(usd('1.30'))
    expect(adjustment.tokens).toEqual({ ...NO_TOKENS, in: 1_000_000 })
    expect(repriceAll(call, [bookOf(rates), bookOf(rates)])).toHaveLength(1)
  })

  it('groups with its call, and repeats nothing that would count or match the call twice', () => {
    const { orgId, projectId, attempt, ts, userId, route, provider, model, status, apiKeyId, tags } = call
    const same = { orgId, projectId, attempt, ts, userId, route, provider, model, status, apiKeyId, tags }
    expect(adjustment).toMatchObject(same)
    expect(adjustment).toMatchObject({
      ...{ source: 'reprice', adjusts: { requestId: 'r7', unpricedCalls: 0 }, receivedAt: AT },
      ...{ latencyMs: 0, ttftMs: null, rawUsage: null, providerResponseId: null, reportedCost: null },
      ...{ priceVersion: 'test@1:made/up', costSource: 'computed' },
    })
  })
})
