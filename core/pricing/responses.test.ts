/**
 * The cost of a response is what its provider charges, to the nano-dollar. The rows hold the work done by hand; the
 * arithmetic here adds it up by itself and shares nothing with the code that is tested.
 */
import { describe, expect, it } from 'vitest'
import { normaliseUsage } from '../usage/normalise.ts'
import { tierInUsage, withRegion } from '../usage/service-tier.ts'
import { buildPriceBook } from './genai-prices.ts'
import { layeredPriceBook } from './own-prices.ts'
import { priceEvent } from './price-event.ts'
import type { RateClass } from './rates.ts'
import { ANTHROPIC } from './responses/anthropic.ts'
import { AZURE } from './responses/azure.ts'
import { BEDROCK } from './responses/bedrock.ts'
import { GOOGLE } from './responses/google.ts'
import { OPENAI } from './responses/openai.ts'
import { OTHERS } from './responses/others.ts'
import { OWN } from './responses/own.ts'
import { NOON, type ResponseRow, type Term } from './responses/response-row.ts'
import { TIERS_OF_OPENAI } from './responses/tiers-openai.ts'
import { TIERS_OF_OTHERS } from './responses/tiers-others.ts'

const GROUPS: readonly (readonly [name: string, rows: readonly ResponseRow[]])[] = [
  ['OpenAI', OPENAI],
  ['Azure', AZURE],
  ['Anthropic', ANTHROPIC],
  ['Gemini', GOOGLE],
  ['Bedrock', BEDROCK],
  ['others', OTHERS],
  ["an organisation's own terms", OWN],
  ["OpenAI's service tiers", TIERS_OF_OPENAI],
  ["the others' service tiers", TIERS_OF_OTHERS],
]
const ROWS = GROUPS.flatMap(([, rows]) => rows)

it('at least sixty responses are held to what they cost, each named once', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(60)
  const calls = ROWS.map(({ what, provider, model }) => `${what} ${provider} ${model}`)
  expect(new Set(calls).size).toBe(ROWS.length)
})

describe.each(GROUPS)('a response of %s', (_name, rows) => {
  const list = buildPriceBook()

  it.each(rows)('costs to the nano-dollar what was worked out by hand: $what', (row) => {
    const { provider, model, own = { prices: [], aliases: [] }, costSource = 'computed' } = row
    const said = tierInUsage(row.usage)
    const serviceTier = withRegion(row.serviceTier ?? said.tier, said.region)
    const event = { tokens: tokensOf(row), tokensEstimated: false, serviceTier, status: row.status ?? 'ok' }
    const book = layeredPriceBook(list, own)
    const rates = book.ratesAt(provider, model, new Date(row.at ?? NOON), serviceTier)
    expect(priceEvent(event, rates)).toMatchObject({ cost: row.nanos, costSource })
  })

  it.each(rows)('was added up by hand, at rates of a public page: $what', (row) => {
    expect(new URL(row.source).protocol).toBe('https:')
    const terms = Object.values(row.terms)
    if (row.nanos === null) {
      expect(terms.every(([, rate]) => rate === null)).toBe(true)
      return
    }
    const exact = terms.reduce((sum, term) => sum + chargeOf(term), nanosOf(row.feeUsd ?? '0') * 1_000_000n)
    expect(roundedByHand(exact)).toBe(row.nanos)
  })

  it.each(rows)('has each of its tokens in one class: $what', (row) => {
    const tokens = tokensOf(row)
    const { input, output, ...parts } = row.terms
    for (const name of PARTS) expect([name, parts[name]?.[0] ?? 0]).toEqual([name, tokens[name]])
    const sums = Object.values(row.terms).reduce((sum, [count]) => sum + count, 0)
    expect(sums).toBe(tokens.in + tokens.out)
    const heard = [input, ...IN_PARTS.map((name) => row.terms[name])]
    expect(heard.reduce((sum, term) => sum + (term?.[0] ?? 0), 0)).toBe(tokens.in)
  })
})

const IN_PARTS = ['cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'audioIn'] as const
const PARTS = [...IN_PARTS, 'reasoning', 'audioOut'] as const satisfies readonly RateClass[]

function tokensOf({ provider, usage }: ResponseRow) {
  const normalised = normaliseUsage(provider, usage)
  if (normalised.kind === 'unreadable') throw new Error(normalised.reason)
  return normalised.tokens
}

/** Millionths of nano-dollars: tokens times nano-dollars per million tokens. */
function chargeOf([tokens, usdPerMillion]: Term): bigint {
  if (usdPerMillion === null) throw new Error('a row with a cost has a rate for every term')
  return BigInt(tokens) * nanosOf(usdPerMillion)
}

function nanosOf(usdText: string): bigint {
  const [whole = '', fraction = '', ...rest] = usdText.split('.')
  if (rest.length > 0 || !/^\d+$/.test(whole + fraction) || fraction.length > 9) {
    throw new Error(`not an amount of dollars: ${usdText}`)
  }
  return BigInt(whole + fraction.padEnd(9, '0'))
}

/** To whole nano-dollars, a half to the even neighbour. */
function roundedByHand(millionths: bigint): bigint {
  const down = millionths / 1_000_000n
  const rest = millionths - down * 1_000_000n
  if (rest < 500_000n) return down
  if (rest > 500_000n) return down + 1n
  return down % 2n === 0n ? down : down + 1n
}
