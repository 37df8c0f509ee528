import { readFileSync } from 'node:fs'
import { calcPrice, waitForUpdate } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { costOf } from './cost.ts'
import { buildPriceBook } from './genai-prices.ts'
import { PRICE_LIST } from './price-list.ts'
import { nameOnDay } from './provider-aliases.ts'
import { nanosPerMillion } from './rates.ts'

const AT = new Date('2026-11-20T12:00:00Z')

describe('the price list', () => {
  it('is named by the version that is installed and pinned', () => {
    const read = (url: string): { version?: string; dependencies?: Record<string, string> } =>
      JSON.parse(readFileSync(new URL(url, import.meta.url), 'utf8'))
    const installed = read('../../node_modules/@pydantic/genai-prices/package.json').version
    expect(PRICE_LIST).toBe(`genai-prices@${installed}`)
    expect(read('../../package.json').dependencies?.['@pydantic/genai-prices']).toBe(installed)
  })

  it('is converted without drift: every text rate of every model prices as the list itself does', async () => {
    const providers = (await waitForUpdate()) ?? []
    const prices = buildPriceBook()
    const tokens = { ...NO_TOKENS, in: 250_000, cacheRead: 120_000, cacheWrite5m: 30_000, out: 70_000 }
    let compared = 0
    for (const provider of providers) {
      for (const { id } of provider.models) {
        const theirs = calcPrice(
          {
            input_tokens: 250_000,
            cache_read_tokens: 120_000,
            cache_write_tokens: 30_000,
            output_tokens: 70_000,
          },
          id,
          { providerId: provider.id, timestamp: AT },
        )
        const rates = prices.ratesAt(provider.id, id, AT)
        const ours = rates && costOf(tokens, rates)
        // A name that the list has not followed is another model's (provider-aliases.ts).
        const hasMoved = nameOnDay(provider.id, id, '2026-11-20') !== id
        if (ours === null || theirs === null || hasMoved) continue
        compared += 1
        // A float of dollars is good to about 1e-15 of itself; a nano-dollar covers the roundings of both sides.
        expect(Math.abs(Number(ours) / 1e9 - theirs.total_price), `${provider.id}/${id}`).toBeLessThan(2e-9)
      }
    }
    expect(compared).toBeGreaterThan(1400)
  })

  it('knows no price for a model that it does not list, and none by the second or the page', () => {
    const prices = buildPriceBook()
    for (const [provider, model] of [
      ['openai', 'no-such-model'],
      ['no-such-provider', 'gpt-4o'],
      ['azure', 'my-deployment'],
      ['openai', 'whisper-1'],
      ['mistral', 'mistral-ocr-latest'],
    ] as const) {
      expect(prices.ratesAt(provider, model, AT)).toBeNull()
    }
  })

  it('prices a model at nothing only where the list calls it free', () => {
    const free = buildPriceBook().ratesAt('openrouter', 'deepseek/deepseek-r1:free', AT)
    expect(free && costOf({ ...NO_TOKENS, in: 1000, out: 1000 }, free)).toBe(0n)
  })

  it('takes Azure by any name for Azure, and Bedrock for Bedrock', () => {
    const prices = buildPriceBook()
    const versionOf = (provider: string, model: string) => prices.ratesAt(provider, model, AT)?.priceVersion
    for (const name of ['azure', 'azure_openai', 'azure.ai.openai', 'az.ai.openai', 'azure.ai.inference']) {
      expect(versionOf(name, 'gpt-4o')).toBe(`${PRICE_LIST}:azure/gpt-4o`)
    }
    for (const name of ['aws', 'aws.bedrock', 'bedrock', 'amazon-bedrock']) {
      expect(versionOf(name, 'amazon.nova-lite-v1:0')).toBe(`${PRICE_LIST}:aws/amazon.nova-lite-v1:0`)
    }
    expect(versionOf('x_ai', 'grok-4')).toBe(`${PRICE_LIST}:x-ai/grok-4-0709`)
    expect(versionOf('fireworks_ai', 'accounts/fireworks/models/gpt-oss-120b')).toContain(':fireworks/')
  })

  it('goes by the day of the call: a price that changed holds from its date', () => {
    const prices = buildPriceBook()
    const longPrompt = { ...NO_TOKENS, in: 250_000 }
    const costAt = (day: string) => {
      const rates = prices.ratesAt('anthropic', 'claude-sonnet-4-6', new Date(day))
      return rates && costOf(longPrompt, rates)
    }
    // Until 2026-03-12 above 200,000 tokens $6 per million, since then $3 at any length.
    expect(costAt('2026-03-12T23:59:59.999Z')).toBe(1_500_000_000n)
    expect(costAt('2026-03-13T00:00:00.000Z')).toBe(750_000_000n)
  })

  it('answers the same with a full memory as with an empty one', () => {
    const small = buildPriceBook({ entriesMax: 2 })
    const models = ['gpt-4o', 'gpt-4o-mini', 'no-such-model', 'gpt-5', 'o3']
    const calls = fc.array(fc.constantFrom(...models), { maxLength: 20 })
    fc.assert(
      fc.property(calls, (sequence) => {
        for (const model of sequence) {
          expect(small.ratesAt('openai', model, AT)).toEqual(buildPriceBook().ratesAt('openai', model, AT))
        }
      }),
      { numRuns: 20 },
    )
  })

  it('forgets the oldest model when its memory is full', () => {
    const small = buildPriceBook({ entriesMax: 2 })
    const [first, second] = [small.ratesAt('openai', 'gpt-4o', AT), small.ratesAt('openai', 'gpt-5', AT)]
    small.ratesAt('openai', 'o3', AT)
    expect(small.ratesAt('openai', 'gpt-5', AT)).toBe(second)
    expect(small.ratesAt('openai', 'gpt-4o', AT)).not.toBe(first)
  })

  it('resolves a model and day once', () => {
    const prices = buildPriceBook()
    const first = prices.ratesAt('openai', 'gpt-4o', AT)
    expect(prices.ratesAt('openai', 'gpt-4o', new Date('2026-11-20T23:00:00Z'))).toBe(first)
    expect(prices.ratesAt('openai', 'gpt-4o', new Date('2026-11-21T00:00:00Z'))).not.toBe(first)
  })
})

describe('a price as a number', () => {
  it.each([
    [2.5, 2_500_000_000n],
    [0.1 + 0.2, 300_000_000n],
    [1e-7, 100n],
    [4e21, 4_000_000_000_000_000_000_000_000_000_000n],
    [0.08333333333333334, 83_333_333n],
    [0, 0n],
  ])('%d dollars per million is read as it was typed', (usdPerMillion, nanos) => {
    expect(nanosPerMillion(usdPerMillion)).toBe(nanos)
  })

  it('of up to nine places is exact', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999 }), fc.nat({ max: 999_999_999 }), (whole, nanos) => {
        const text = `${whole}.${String(nanos).padStart(9, '0')}`
        expect(nanosPerMillion(Number(text))).toBe(BigInt(whole) * 1_000_000_000n + BigInt(nanos))
      }),
    )
  })

  it('that is none throws', () => {
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => nanosPerMillion(value)).toThrow(RangeError)
    }
  })
})
