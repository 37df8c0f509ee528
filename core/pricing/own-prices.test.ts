import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usd } from '../money.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { costOf } from './cost.ts'
import { buildPriceBook } from './genai-prices.ts'
import { layeredPriceBook, type OwnPricing } from './own-prices.ts'
import { parseModelAlias, parseOwnPrice } from './parse-own-pricing.ts'
import { priceEvent } from './price-event.ts'

const list = buildPriceBook()
const NOON = new Date('2026-11-10T12:00:00Z')
const BEGIN = '2026-11-01T00:00:00Z'

function ownOf(prices: Record<string, unknown>[], aliases: Record<string, unknown>[] = []): OwnPricing {
  return {
    prices: prices.map((given, index) => {
      const parsed = parseOwnPrice(`price_${index}`, { provider: 'openai', from: BEGIN, ...given })
      if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
      return parsed.value
    }),
    aliases: aliases.map((given) => {
      const parsed = parseModelAlias(given)
      if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
      return parsed.value
    }),
  }
}
const rates = (input: string, output = '1') => ({ usd_per_million: { input, output } })
const versionAt = (own: OwnPricing, model: string, at = NOON, provider = 'openai') =>
  layeredPriceBook(list, own).ratesAt(provider, model, at)?.priceVersion
const MILLION_IN = { ...NO_TOKENS, in: 1_000_000 }

describe("a price of one's own", () => {
  it('goes before the list from its beginning to its end, to the millisecond', () => {
    const own = ownOf([{ model: 'gpt-4o', until: '2026-11-11T00:00:00Z', ...rates('2') }])
    const at = (text: string) => versionAt(own, 'gpt-4o', new Date(text))
    expect(at('2026-10-31T23:59:59.999Z')).toMatch(/^genai-prices/)
    expect(at('2026-11-01T00:00:00.000Z')).toBe('own:price_0')
    expect(at('2026-11-10T23:59:59.999Z')).toBe('own:price_0')
    expect(at('2026-11-11T00:00:00.000Z')).toMatch(/^genai-prices/)
  })

  it('that began last holds; an exact name goes before a pattern, a longer pattern before a shorter', () => {
    const own = ownOf([
      { model: '*', ...rates('1') },
      { model: 'gpt-4*', ...rates('2') },
      { model: 'gpt-4o', ...rates('3') },
      { model: 'gpt-4o', from: '2026-11-05T00:00:00Z', ...rates('4') },
    ])
    expect(['gpt-4o', 'gpt-4.1', 'o3'].map((model) => versionAt(own, model))).toEqual([
      'own:price_3',
      'own:price_1',
      'own:price_0',
    ])
    expect(versionAt(own, 'gpt-4o', new Date('2026-11-02T00:00:00Z'))).toBe('own:price_2')
  })

  it('prices a million tokens at exactly what was agreed, and a class that it leaves out as its whole', () => {
    const own = ownOf([{ model: 'gpt-4o', ...rates('1.234567891'), request_fee_usd: '0.005' }])
    const found = layeredPriceBook(list, own).ratesAt('openai', 'gpt-4o', NOON)
    expect(found && costOf(MILLION_IN, found)).toBe(usd('1.239567891'))
    expect(found && costOf({ ...MILLION_IN, cacheRead: 400_000 }, found)).toBe(usd('1.239567891'))
    expect(found?.borrowed.has('cacheRead')).toBe(true)
  })

  it('as a share of the list is that share of every class and tier, and unknown where the list is', () => {
    const own = ownOf([{ provider: 'google', model: '*', percent_of_list: '85' }])
    const book = layeredPriceBook(list, own)
    const [listed, found] = [list, book].map((each) => each.ratesAt('google', 'gemini-2.5-pro', NOON))
    if (!listed || !found) throw new Error('the list has lost gemini-2.5-pro')
    expect(listed.tiers.length).toBeGreaterThan(0)
    for (const tokens of [MILLION_IN, { ...NO_TOKENS, in: 1000, out: 1000, cacheRead: 500 }]) {
      const whole = costOf(tokens, listed) ?? 0n
      expect((costOf(tokens, found) ?? 0n) * 100n).toBe(whole * 85n)
    }
    expect(book.ratesAt('google', 'no-such-model', NOON)).toBeNull()
  })

  it('of another provider changes nothing', () => {
    expect(versionAt(ownOf([{ provider: 'azure', model: '*', ...rates('1') }]), 'gpt-4o')).toMatch(/^genai/)
  })
})

describe("a price of one's own and a service tier", () => {
  const priced = (own: OwnPricing, serviceTier: string | null, provider = 'openai', model = 'o3') => {
    const rates = layeredPriceBook(list, own).ratesAt(provider, model, NOON, serviceTier)
    const event = { tokens: MILLION_IN, tokensEstimated: false, serviceTier, status: 'ok' } as const
    return priceEvent(event, rates)
  }
  const standard = { model: 'o3', ...rates('1.80') }

  it('holds for standard calls alone unless it names the tier, and then for those of that tier', () => {
    const own = ownOf([standard, { model: '*', service_tier: 'Batch', ...rates('0.70') }])
    expect(priced(own, 'default')).toMatchObject({ cost: usd('1.80'), priceVersion: 'own:price_0' })
    expect(priced(own, 'batch')).toEqual({
      ...{ cost: usd('0.70'), costSource: 'computed', priceVersion: 'own:price_1' },
    })
    expect(priced(own, 'batch', 'openai', 'gpt-5')).toMatchObject({ cost: usd('0.70') })
    expect(priced(own, null, 'openai', 'gpt-5').priceVersion).toMatch(/^genai-prices/)
  })

  it('is, in a tier that the organisation wrote nothing for, an estimate by what the provider publishes', () => {
    const own = ownOf([standard])
    expect(priced(own, 'flex')).toEqual({
      ...{ cost: usd('0.90'), costSource: 'estimated', priceVersion: 'own:price_0+tier:flex@2026-10-12' },
    })
    expect(priced(own, 'mystery')).toMatchObject({ cost: usd('1.80'), costSource: 'estimated' })
    const book = layeredPriceBook(list, ownOf([standard, { model: 'gpt-5.4', ...rates('2') }]))
    const flex = (model: string) => book.ratesAt('openai', model, NOON, 'flex')
    expect(flex('o3')).toBe(flex('o3'))
    expect(flex('gpt-5.4')?.base.cacheRead).toBe(usd('1'))
  })

  it('as a share of the list is that share of what the list says of the tier', () => {
    const own = ownOf([{ model: '*', percent_of_list: '90' }])
    expect(priced(own, 'flex')).toMatchObject({ cost: usd('0.90'), costSource: 'computed' })
    expect(priced(own, 'priority')).toMatchObject({ cost: usd('3.15'), costSource: 'computed' })
    expect(priced(own, 'mystery')).toMatchObject({ cost: usd('1.80'), costSource: 'estimated' })
  })

  it("of a deployment's name is that of the model behind it", () => {
    const alias = { provider: 'azure', alias: 'prod-chat', to_provider: 'azure', to_model: 'gpt-4o' }
    const own = ownOf([], [alias])
    expect(priced(own, 'batch', 'azure', 'prod-chat')).toMatchObject({
      ...{ cost: usd('1.25'), costSource: 'computed' },
    })
  })
})

describe("a name of one's own for a model", () => {
  const alias = { provider: 'azure', alias: 'prod-chat', to_provider: 'azure', to_model: 'gpt-4o' }

  it("is priced as the model behind it, by the list and by prices of one's own", () => {
    expect(list.ratesAt('azure', 'prod-chat', NOON)).toBeNull()
    expect(versionAt(ownOf([], [alias]), 'prod-chat', NOON, 'azure')).toMatch(/azure\/gpt-4o$/)
    const own = ownOf([{ provider: 'azure', model: 'gpt-4o', ...rates('2') }], [alias])
    expect(versionAt(own, 'prod-chat', NOON, 'azure')).toBe('own:price_0')
  })

  it('is for its provider alone, and other names stay what they were', () => {
    expect(versionAt(ownOf([], [alias]), 'prod-chat')).toBeUndefined()
    expect(versionAt(ownOf([], [alias]), 'gpt-4o', NOON, 'azure')).toMatch(/azure\/gpt-4o$/)
  })
})

it('a pattern fits exactly what a regular expression of the same meaning fits', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), maxLength: 4 })
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 2, maxLength: 4 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), minLength: 1, maxLength: 12 }),
      (parts, model) => {
        const own = ownOf([{ model: parts.join('*'), ...rates('1') }])
        const expression = new RegExp(
          `^${parts.map((text) => text.replace(/[.\-\\^$*+?()[\]{}|]/g, '\\$&')).join('.*')}$`,
        )
        expect(versionAt(own, model) === 'own:price_0').toBe(expression.test(model))
      },
    ),
  )
})

it('what is wrong with a price or an alias is told in full, and nothing of it is taken', () => {
  const bad = (value: unknown) => {
    const parsed = parseOwnPrice('p', value)
    return parsed.kind === 'bad' ? parsed.problems.join('; ') : 'taken'
  }
  const good = { provider: 'openai', model: 'x', from: BEGIN }
  expect(bad({ ...good, ...rates('2') })).toBe('taken')
  expect(bad(null)).toContain('must be an object')
  expect(bad({ ...good })).toContain('either usd_per_million or percent_of_list')
  expect(bad({ ...good, ...rates('2'), percent_of_list: '85' })).toContain('either')
  expect(bad({ ...good, usd_per_million: { input: 2, output: '1', imput: '1' } })).toMatch(
    /input must be dollars.*no "imput"/,
  )
  expect(bad({ ...good, percent_of_list: '-5' })).toContain('percentage')
  expect(bad({ ...good, from: 'yesterday', ...rates('2') })).toContain('RFC 3339')
  expect(bad({ ...good, until: '2026-10-01T00:00:00Z', ...rates('2') })).toContain('after from')
  expect(bad({ ...good, ...rates('2'), service_tier: 5 })).toContain('service_tier must be a text')
  expect(bad({ ...good, modle: 'y', ...rates('2') })).toContain('"modle" is unknown')
  expect(parseModelAlias({ provider: 'azure', alias: '', to_provider: 'azure' })).toMatchObject({
    kind: 'bad',
    problems: [expect.stringContaining('alias'), expect.stringContaining('to_model')],
  })
})
