import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usd } from '../money.ts'
import { buildPriceBook, modelsOfList } from './genai-prices.ts'
import { estimateUnpriced, HIGH_PER_CALL, highEstimate } from './high-estimate.ts'
import { HIGH_BY_PROVIDER, HIGH_OF_ALL, HIGH_OF_MOST, type HighRates, LEFT_OUT } from './high-rates.ts'
import listed from './listed-rates.json' with { type: 'json' }
import { PRICE_LIST } from './price-list.ts'

const AT = new Date(listed.at)
const HOW = 'the list has changed: put core/pricing/high-rates.ts right'
const book = buildPriceBook()

interface Priced {
  readonly provider: string
  readonly model: string
  /** The dearest of the model's rates for text, at any length of the prompt. */
  readonly text: HighRates
}
const priced: readonly Priced[] = (await modelsOfList()).flatMap(({ provider, model }) => {
  const rates = book.ratesAt(provider, model, AT)
  if (rates === null) return []
  const cards = [rates.base, ...rates.tiers.map(({ card }) => card)]
  const text = {
    input: maxOf(cards.map(({ input }) => input ?? 0n)),
    output: maxOf(cards.map(({ output }) => output ?? 0n)),
  }
  return [{ provider, model, text }]
})
const isLeftOut = ({ model }: Priced): boolean =>
  LEFT_OUT.some((name) => model === name || model.endsWith(`/${name}`))
const usual = priced.filter((each) => !isLeftOut(each))

describe('the high rates', () => {
  it('of each provider are the dearest that the list has of it, and no less than those of most', () => {
    const providers = [...new Set(usual.map(({ provider }) => provider))].sort()
    const above = providers.flatMap((provider) => {
      const own = dearest(usual.filter((each) => each.provider === provider))
      const most = { input: max(own.input, HIGH_OF_MOST.input), output: max(own.output, HIGH_OF_MOST.output) }
      return most.input > HIGH_OF_MOST.input || most.output > HIGH_OF_MOST.output ? [[provider, most]] : []
    })
    expect(above, HOW).toEqual([...HIGH_BY_PROVIDER])
  })

  it('of a provider that is not in the list are the dearest of all', () => {
    expect(dearest(usual), HOW).toEqual(HIGH_OF_ALL)
  })

  it('are at least what 95 of 100 models cost, and of an unknown provider 99 of 100, the ones left out included', () => {
    for (const name of ['input', 'output'] as const) {
      const rates = priced.map(({ text }) => text[name])
      expect(percentile(rates, 95), HOW).toBe(HIGH_OF_MOST[name])
      expect(percentile(rates, 99) <= HIGH_OF_ALL[name], HOW).toBe(true)
    }
  })

  it('cover 99 of 100 models of the list by the rates of their own provider', () => {
    const covered = priced.filter(({ provider, text }) => {
      const high = HIGH_BY_PROVIDER.get(provider) ?? HIGH_OF_MOST
      return text.input <= high.input && text.output <= high.output
    })
    expect(priced.length).toBeGreaterThan(1_500)
    expect(covered.length / priced.length).toBeGreaterThan(0.99)
  })

  it('leave out nothing but models that are dearer than all others', () => {
    const out = priced.filter(isLeftOut)
    expect(out.length).toBeGreaterThanOrEqual(LEFT_OUT.length)
    for (const { text } of out) expect(text.input > HIGH_OF_ALL.input, HOW).toBe(true)
  })
})

describe('a high estimate', () => {
  const aCall = fc.record({
    provider: fc.constantFrom('openai', 'bedrock', 'groq', 'a-gateway', ''),
    inputTokens: fc.nat({ max: 2_000_000 }),
    maxTokens: fc.nat({ max: 200_000 }),
    n: fc.integer({ min: 1, max: 8 }),
  })

  it('of what was made is never above the one that was held for it', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(aCall, share, share, (call, ofInput, ofOutput) => {
        const held = highEstimate({ ...call, model: 'a-new-one' })
        const made = estimateUnpriced(
          {
            in: Math.floor(call.inputTokens * ofInput),
            out: Math.floor(call.maxTokens * call.n * ofOutput),
          },
          call.provider,
        )
        expect(made.amount <= held.amount).toBe(true)
        expect(made.priceVersion).toBe(held.priceVersion)
      }),
    )
  })

  it('is never nothing, though no tokens were counted: an image has none', () => {
    expect(estimateUnpriced({ in: 0, out: 0 }, 'openai').amount).toBe(HIGH_PER_CALL)
    expect(highEstimate({ provider: 'groq', model: 'x', inputTokens: 0, maxTokens: 0 }).amount).toBe(
      usd('0.25'),
    )
  })

  it('says by whose rates it is', () => {
    const tokens = { in: 1_000_000, out: 1_000_000 }
    const said = (provider: string) => estimateUnpriced(tokens, provider)
    expect(said('azure_openai')).toEqual({ amount: usd('75'), priceVersion: `${PRICE_LIST}:high:azure` })
    expect(said('bedrock')).toEqual({ amount: usd('90'), priceVersion: `${PRICE_LIST}:high:aws` })
    expect(said('groq')).toEqual({ amount: usd('31'), priceVersion: `${PRICE_LIST}:high:groq` })
    expect(said('a-gateway')).toEqual({ amount: usd('330'), priceVersion: `${PRICE_LIST}:high:any` })
  })
})

function maxOf(rates: readonly bigint[]): bigint {
  return rates.reduce(max, 0n)
}
function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
const dearest = (models: readonly Priced[]): HighRates => ({
  input: maxOf(models.map(({ text }) => text.input)),
  output: maxOf(models.map(({ text }) => text.output)),
})
/** The least rate that so many of a hundred do not exceed. */
function percentile(rates: readonly bigint[], percent: number): bigint {
  const sorted = [...rates].sort((a, b) => (a < b ? -1 : Number(a > b)))
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0n
}
