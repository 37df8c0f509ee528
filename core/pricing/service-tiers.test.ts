import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenUsage } from '../event/usage-event.ts'
import { divideHalfEven, usd } from '../money.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { costOf, tokensByClass } from './cost.ts'
import { buildPriceBook, modelsOfList } from './genai-prices.ts'
import { priceEvent } from './price-event.ts'
import { cardFor, RATE_CLASSES, type Rates } from './rates.ts'
import { canonicalTier, TIER_FACTS } from './service-tiers.ts'

const AT = new Date('2026-11-25T12:00:00Z')
const book = buildPriceBook()
const models = await modelsOfList()
const TIERS = [...new Set(TIER_FACTS.flatMap(({ tiers }) => tiers))]

interface Tiered {
  readonly name: string
  readonly tier: string
  readonly standard: Rates
  readonly rates: Rates
}
/** Every model of the list in every tier that is known of it. */
const tiered: readonly Tiered[] = models.flatMap(({ provider, model }) => {
  const standard = book.ratesAt(provider, model, AT)
  if (standard === null) return []
  return TIERS.flatMap((tier) => {
    const rates = book.ratesAt(provider, model, AT, tier)
    if (rates === null || rates === standard) return []
    return [{ name: `${provider}/${model} ${tier}`, tier, standard, rates }]
  })
})
const inTiers = (...names: string[]) => tiered.filter(({ tier }) => names.includes(tier))

const ratesOf = (provider: string, model: string, tier: string | null, at = AT): Rates => {
  const rates = book.ratesAt(provider, model, at, tier)
  if (rates === null) throw new Error(`the list has lost ${provider}/${model}`)
  return rates
}
const sourceOf = (tokens: Partial<TokenUsage>, provider: string, model: string, tier: string, at = AT) => {
  const event = { tokens: { ...NO_TOKENS, ...tokens }, tokensEstimated: false, serviceTier: tier } as const
  return priceEvent({ ...event, status: 'ok' }, ratesOf(provider, model, tier, at)).costSource
}

const someTokens: fc.Arbitrary<TokenUsage> = fc
  .record({
    plain: fc.nat({ max: 400_000 }),
    cacheRead: fc.nat({ max: 100_000 }),
    out: fc.nat({ max: 90_000 }),
  })
  .map(({ plain, cacheRead, out }) => ({ ...NO_TOKENS, in: plain + cacheRead, cacheRead, out }))

describe('standard rates', () => {
  it('pass through untouched, however the standard tier is spelled', () => {
    for (const { provider, model } of models) {
      const rates = book.ratesAt(provider, model, AT)
      if (rates?.priceVersion.match(/deepseek/)) continue
      for (const name of [null, 'default', 'Standard', 'AUTO', 'on_demand', 'SERVICE_TIER_STANDARD']) {
        expect(book.ratesAt(provider, model, AT, name)).toBe(rates)
      }
    }
  })

  it('are used for a tier that nothing is known of, and the cost is an estimate', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (name) => {
        fc.pre(canonicalTier(name) !== null && canonicalTier(name) !== '')
        fc.pre(!TIERS.some((tier) => canonicalTier(name)?.split('+').includes(tier)))
        expect(book.ratesAt('openai', 'gpt-5', AT, name)).toBe(book.ratesAt('openai', 'gpt-5', AT))
        expect(sourceOf({ in: 1 }, 'openai', 'gpt-5', name)).toBe('estimated')
      }),
    )
    for (const name of [
      'flex+flex',
      'batch+flex',
      'us+flex',
      'fast+us+us',
      'us+us',
      'flex+mars',
      'mars+us',
    ]) {
      expect(book.ratesAt('openai', 'gpt-5.6', AT, name)).toBe(book.ratesAt('openai', 'gpt-5.6', AT))
    }
  })
})

describe('in a tier', () => {
  it('no batch and no flex call costs more than a standard one, and no priority or fast call less', () => {
    const cheaper = inTiers('batch', 'flex')
    const dearer = inTiers('priority', 'fast', 'us', 'eu', 'regional')
    expect([cheaper.length > 150, dearer.length > 60]).toEqual([true, true])
    fc.assert(
      fc.property(
        someTokens,
        fc.constantFrom(...cheaper),
        fc.constantFrom(...dearer),
        (tokens, low, high) => {
          const [less, more] = [costOf(tokens, low.rates), costOf(tokens, low.standard)]
          if (less !== null && more !== null) expect(less <= more, low.name).toBe(true)
          const [dear, usual] = [costOf(tokens, high.rates), costOf(tokens, high.standard)]
          if (dear !== null && usual !== null) expect(dear >= usual, high.name).toBe(true)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('at half the price, the same tokens cost exactly half, rounded once, half-even', () => {
    const halves = inTiers('batch', 'flex').filter(({ rates, standard }) =>
      RATE_CLASSES.every(
        (name) => rates.borrowed.has(name) || (rates.base[name] ?? 0n) * 2n === (standard.base[name] ?? 0n),
      ),
    )
    expect(halves.length).toBeGreaterThan(120)
    fc.assert(
      fc.property(someTokens, fc.constantFrom(...halves), (tokens, { name, rates, standard }) => {
        const counts = tokensByClass(tokens)
        if (RATE_CLASSES.some((each) => counts[each] > 0 && rates.borrowed.has(each))) return
        const card = cardFor(standard, tokens.in)
        const exact = RATE_CLASSES.reduce((sum, each) => sum + BigInt(counts[each]) * (card[each] ?? 0n), 0n)
        expect(costOf(tokens, rates), name).toBe(divideHalfEven(exact, 2_000_000n))
      }),
      { numRuns: 2_000 },
    )
  })

  it('the version of the price says the tier, and when its share was read', () => {
    expect(ratesOf('openai', 'o3', 'flex').priceVersion).toBe(
      'genai-prices@0.1.8:openai/o3+tier:flex@2026-10-12',
    )
    expect(ratesOf('anthropic', 'claude-opus-5', 'fast+us').priceVersion).toMatch(
      /:anthropic\/claude-opus-5\+tier:fast@[\d-]+\+tier:us@[\d-]+$/,
    )
  })

  it('a fast call that is held to a region costs both multipliers', () => {
    const tokens = { ...NO_TOKENS, in: 1_000_000 }
    expect(costOf(tokens, ratesOf('anthropic', 'claude-opus-5', 'fast+us'))).toBe(usd('11'))
    expect(costOf(tokens, ratesOf('anthropic', 'claude-opus-5', 'standard+us'))).toBe(usd('5.50'))
    expect(costOf(tokens, ratesOf('anthropic', 'claude-opus-5', 'batch+us'))).toBe(usd('2.75'))
  })

  it('a call before the tier had this price is an estimate', () => {
    const opus = ['anthropic', 'claude-opus-4-6', 'fast'] as const
    expect(sourceOf({ in: 1 }, ...opus, new Date('2026-02-16T23:59:59Z'))).toBe('estimated')
    expect(sourceOf({ in: 1 }, ...opus, new Date('2026-02-17T00:00:00Z'))).toBe('computed')
  })

  it('a class of which nothing is published makes an estimate, never below what is published', () => {
    expect(sourceOf({ in: 100 }, 'openai', 'gpt-4.1', 'batch')).toBe('computed')
    expect(sourceOf({ in: 100, cacheRead: 50 }, 'openai', 'gpt-4.1', 'batch')).toBe('estimated')
    const cached = { ...NO_TOKENS, in: 1_000_000, cacheRead: 1_000_000 }
    expect(costOf(cached, ratesOf('openai', 'gpt-4.1', 'batch'))).toBe(usd('0.50'))
  })

  it('a prompt longer than what is published makes an estimate', () => {
    expect(sourceOf({ in: 200_000 }, 'openai', 'gpt-5.4', 'priority')).toBe('computed')
    expect(sourceOf({ in: 300_000 }, 'openai', 'gpt-5.4', 'priority')).toBe('estimated')
    expect(sourceOf({ in: 300_000 }, 'openai', 'gpt-5.6', 'priority')).toBe('computed')
  })

  it("Anthropic's priority, which is bought beforehand, stays an estimate", () => {
    expect(sourceOf({ in: 1 }, 'anthropic', 'claude-sonnet-4-5', 'priority')).toBe('estimated')
  })

  it('a model, day and tier is resolved once', () => {
    expect(ratesOf('openai', 'o3', 'flex')).toBe(ratesOf('openai', 'o3', 'SERVICE_TIER_FLEX'))
  })
})

describe('what is published of tiers', () => {
  it('says where and when it was read, and is of models that the list has', () => {
    const listed = models.map(({ provider, model }) => `${provider}/${model}`)
    for (const fact of TIER_FACTS) {
      expect(fact.source).toMatch(/^https:\/\/(?:[\w-]+\.)*[\w-]+\/./)
      expect([fact.from, fact.readOn].every((day) => /^20\d\d-\d\d-\d\d$/.test(day))).toBe(true)
      expect(fact.from <= fact.readOn, fact.source).toBe(true)
      expect(fact.tiers.map(canonicalTier)).toEqual(fact.tiers)
      for (const model of fact.models) {
        const name = `${fact.provider}/${model}`
        const fits = name.endsWith('*')
          ? listed.some((each) => each.startsWith(name.slice(0, -1)))
          : // Azure's are those of OpenAI by another provider, and not listed twice.
            listed.includes(name) || book.ratesAt(fact.provider, model, AT)?.listedAs === name
        expect(fits, name).toBe(true)
      }
    }
  })

  // As their pages print them, in dollars per million tokens: input, cached input (or null), output.
  const FAST_MODE = 'https://openai.com/api-fast-mode/'
  const BATCHES = 'https://platform.claude.com/docs/en/build-with-claude/batch-processing'
  it.each([
    ['gpt-5.5', 'priority', '12.5', '1.25', '75', FAST_MODE],
    ['gpt-5.4', 'fast', '5', '0.5', '30', FAST_MODE],
    ['gpt-5.4-mini', 'fast', '1.5', '0.15', '9', FAST_MODE],
    ['gpt-5.6-luna', 'fast', '0.4', '0.04', '2.4', FAST_MODE],
    ['gpt-5.6-terra', 'fast', '4', '0.4', '24', FAST_MODE],
    ['gpt-5.2', 'fast', '3.5', '0.35', '28', FAST_MODE],
    ['gpt-5.1', 'priority', '2.5', '0.25', '20', FAST_MODE],
    ['gpt-5', 'priority', '2.5', '0.25', '20', FAST_MODE],
    ['gpt-5-mini', 'priority', '0.45', '0.045', '3.6', FAST_MODE],
    ['gpt-4.1', 'priority', '3.5', '0.875', '14', FAST_MODE],
    ['gpt-4o', 'priority', '4.25', '2.125', '17', 'https://developers.openai.com/api/docs/pricing'],
    ['gpt-4o-mini', 'priority', '0.25', '0.125', '1', 'https://developers.openai.com/api/docs/pricing'],
    ['o4-mini', 'priority', '2', '0.5', '8', 'https://developers.openai.com/api/docs/pricing'],
    ['gpt-5.4', 'flex', '1.25', '0.13', '7.5', 'https://developers.openai.com/api/docs/pricing'],
    ['claude-opus-4-1', 'batch', '7.5', null, '37.5', BATCHES],
    ['claude-sonnet-4-0', 'batch', '1.5', null, '7.5', BATCHES],
    ['claude-3-5-haiku-latest', 'batch', '0.4', null, '2', BATCHES],
    ['claude-3-haiku', 'batch', '0.125', null, '0.625', BATCHES],
    ['claude-opus-4-6', 'fast', '30', null, '150', 'https://code.claude.com/docs/en/fast-mode'],
    ['claude-opus-5', 'fast', '10', null, '50', 'https://code.claude.com/docs/en/fast-mode'],
  ])('%s in %s costs %s, %s cached, and %s', (model, tier, input, cached, output, _source) => {
    const { base, serviceTier } = ratesOf(model.startsWith('claude') ? 'anthropic' : 'openai', model, tier)
    expect(serviceTier).toBe(tier)
    expect([base.input, base.output]).toEqual([usd(input), usd(output)])
    if (cached !== null) expect(base.cacheRead).toBe(usd(cached))
  })
})
