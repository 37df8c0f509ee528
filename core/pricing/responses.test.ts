/**
 * Responses as providers send them, each through the whole way from its usage to its cost, to the nano-dollar what
 * was worked out by hand. The arithmetic here is the test's own, so that nothing is held to itself.
 */
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../event/parse-event.ts'
import { buildPriceBook } from './genai-prices.ts'
import { layeredPriceBook, type OwnPricing } from './own-prices.ts'
import { parseModelAlias, parseOwnPrice } from './parse-own-pricing.ts'
import { priceEvent } from './price-event.ts'
import { ANTHROPIC_MESSAGES } from './responses/anthropic.ts'
import { BEDROCK_RESPONSES } from './responses/bedrock.ts'
import { COMPATIBLE_RESPONSES } from './responses/compatible.ts'
import { GEMINI_RESPONSES } from './responses/gemini.ts'
import { OPENAI_CHAT } from './responses/openai-chat.ts'
import { OPENAI_OTHERS } from './responses/openai-others.ts'
import type { Response } from './responses/response.ts'
import { SPECIAL_RESPONSES } from './responses/special.ts'

const GROUPS = [
  ["OpenAI's chat", OPENAI_CHAT],
  ["OpenAI's other APIs and Azure", OPENAI_OTHERS],
  ['Anthropic', ANTHROPIC_MESSAGES],
  ['Gemini and Vertex', GEMINI_RESPONSES],
  ['Bedrock', BEDROCK_RESPONSES],
  ['those who copy OpenAI', COMPATIBLE_RESPONSES],
  ['an organisation with prices of its own, and what has none', SPECIAL_RESPONSES],
] as const
const ALL: readonly Response[] = GROUPS.flatMap(([, responses]) => responses)
const NOON = '2026-11-20T12:00:00Z'
const list = buildPriceBook()

describe.each(GROUPS)(
  'a response of %s costs to the nano-dollar what its provider charges:',
  (_, responses) => {
    it.each(responses)('$what', (response) => {
      if (response.nanos !== null) expect(sumOf(response.terms)).toBe(response.nanos)
      const { event, rates } = taken(response)
      const { costSource = 'computed', nanos } = response
      expect(priceEvent(event, rates)).toMatchObject({ cost: nanos, costSource })
    })
  },
)

it('there are at least sixty, none twice, each with the page that its rates are on', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(60)
  expect(new Set(ALL.map(({ what }) => what)).size).toBe(ALL.length)
  for (const { source, what } of ALL) expect(source, what).toMatch(/^https:\/\/[\w.-]+\.[a-z]+\/\S+$/)
  const priced = ALL.filter(({ terms }) => terms !== '')
  expect(priced.every(({ nanos }) => nanos !== null)).toBe(true)
})

/** Through the parser of events, so that the tier and the region come from where an event has them. */
function taken({ provider, model, usage, facts, at = NOON, own }: Response) {
  const call = { request_id: 'r1', ts: at, provider, model, latency_ms: 1, usage, ...facts }
  const parsed = parseEvent(call, { receivedAt: new Date(at) })
  if (parsed.kind === 'rejected') throw new Error(parsed.reason)
  const { event } = parsed
  const book = layeredPriceBook(list, ownOf(own))
  return { event, rates: book.ratesAt(event.provider, event.model, event.ts, event.serviceTier) }
}

function ownOf(own: Response['own']): OwnPricing {
  const taken = <T>(
    parsed: { kind: 'parsed'; value: T } | { kind: 'bad'; problems: readonly string[] },
  ): T => {
    if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
    return parsed.value
  }
  return {
    prices: (own?.prices ?? []).map((price, index) => taken(parseOwnPrice(`price_${index}`, price))),
    aliases: (own?.aliases ?? []).map((alias) => taken(parseModelAlias(alias))),
  }
}

/** The sum of the terms in nano-dollars, in whole billionths of them, rounded once, half-even. */
function sumOf(terms: string): bigint {
  const billionths = terms.split(' + ').reduce((sum, term) => sum + billionthsOf(term), 0n)
  const [whole, rest] = [billionths / BILLION, billionths % BILLION]
  const isAboveHalf = rest * 2n > BILLION || (rest * 2n === BILLION && whole % 2n === 1n)
  return isAboveHalf ? whole + 1n : whole
}

const BILLION = 10n ** 9n

function billionthsOf(term: string): bigint {
  const [, tokens, rate, fee] = /^(?:(\d+) x (\d+(?:\.\d+)?)|fee (\d+\.\d+))$/.exec(term) ?? []
  if (tokens !== undefined && rate !== undefined) return BigInt(tokens) * scaled(rate, 12)
  if (fee !== undefined) return scaled(fee, 18)
  throw new Error(`not a term: ${term}`)
}

/** A decimal as a whole number of its 10 ** -places. */
function scaled(decimal: string, places: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}
