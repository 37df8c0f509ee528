import { calcPrice } from '@pydantic/genai-prices'
import { expect, it } from 'vitest'
import { usd } from '../money.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { costOf } from './cost.ts'
import { buildPriceBook } from './genai-prices.ts'
import { CORRECTIONS } from './list-corrections.ts'

const AT = new Date('2026-11-25T12:00:00Z')
const book = buildPriceBook()
const ratesOf = (provider: string, model: string) => {
  const rates = book.ratesAt(provider, model, AT)
  if (rates === null) throw new Error(`the list has lost ${provider}/${model}`)
  return rates
}

it('an hour in the cache costs twice the input on Bedrock and Vertex, above a long prompt too', () => {
  const written = { ...NO_TOKENS, in: 100_000, cacheWrite1h: 100_000 }
  const long = { ...NO_TOKENS, in: 300_000, cacheWrite1h: 300_000 }
  const bedrock = ratesOf('aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0')
  const vertex = ratesOf('vertex_ai', 'claude-sonnet-4-5@20250929')
  expect(costOf(written, bedrock)).toBe(usd('0.66'))
  expect([costOf(written, vertex), costOf(long, vertex)]).toEqual([usd('0.60'), usd('3.60')])
  expect([bedrock, vertex].some(({ borrowed }) => borrowed.has('cacheWrite1h'))).toBe(false)
  expect(bedrock.priceVersion).toMatch(/\+fixed:hour_writes@2026-11-25$/)
})

it('a prompt of exactly 272,000 tokens is not a long one yet', () => {
  const rates = ratesOf('openai', 'gpt-5.5')
  expect(costOf({ ...NO_TOKENS, in: 272_000 }, rates)).toBe(usd('1.36'))
  expect(costOf({ ...NO_TOKENS, in: 272_001 }, rates)).toBe(usd('2.72001'))
})

it('the second Titan of embeddings is not priced as the first', () => {
  const tokens = { ...NO_TOKENS, in: 1_000_000 }
  expect(costOf(tokens, ratesOf('bedrock', 'amazon.titan-embed-text-v2:0'))).toBe(usd('0.02'))
  expect(costOf(tokens, ratesOf('bedrock', 'amazon.titan-embed-text-v1'))).toBe(usd('0.10'))
})

it('a name that moved is priced as the model behind it, from the day it moved', () => {
  const versionOn = (day: string) =>
    book.ratesAt('mistral_ai', 'mistral-small-latest', new Date(`${day}T12:00:00Z`))?.priceVersion
  expect(versionOn('2026-03-15')).toMatch(/mistral-small-latest$/)
  expect(versionOn('2026-03-16')).toMatch(/mistral-small-2603$/)
})

it('other models are left as the list has them', () => {
  expect(ratesOf('openai', 'gpt-4o').priceVersion).toBe('genai-prices@0.1.8:openai/gpt-4o')
})

it('nothing is corrected any more that the list has right: take out what fails here', () => {
  const listed = (provider: string, model: string) =>
    calcPrice({}, model, { providerId: provider, timestamp: AT })?.model_price
  const inputOf = (model: string) => listed('openai', model)?.input_mtok
  expect(listed('aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0')?.cache_write_1h_mtok).toBeUndefined()
  expect(listed('google', 'claude-sonnet-4-5')?.cache_write_1h_mtok).toBeUndefined()
  expect(inputOf('gpt-5.5')).toMatchObject({ tiers: [{ start: 271_999 }] })
  expect(listed('aws', 'amazon.titan-embed-text-v2:0')?.input_mtok).toBe(0.1)
  expect(listed('mistral', 'mistral-small-latest')?.output_mtok).toBe(0.3)
  expect(listed('openai', 'gpt-4o-audio-preview')?.input_audio_mtok).toBeUndefined()
  expect(listed('openai', 'gpt-4o-mini-audio-preview')?.input_audio_mtok).toBeUndefined()
  expect(listed('mistral', 'mistral-large-latest')?.output_mtok).toBe(6)
  expect(CORRECTIONS).toHaveLength(6)
  for (const { source } of CORRECTIONS) expect(source).toMatch(/^https:\/\//)
})
