import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mutatedJson } from '../../test/fuzz/mutated-json.ts'
import { isId } from '../ids.ts'
import { usd } from '../money.ts'
import { buildPriceBook } from '../pricing/genai-prices.ts'
import { holdIdOf } from './hold-id.ts'
import { HOLD_AMOUNT_MAX, type HoldRequest, parseHold, parseSettlement, TTL_S } from './parse-hold.ts'
import { wantedOf } from './wanted.ts'

const GOOD = {
  ...{
    request_id: 'r1',
    attempt: 2,
    provider: 'OpenAI',
    model: 'gpt-4o',
    max_tokens: 512,
    input_tokens: 1_000,
  },
  ...{
    n: 2,
    service_tier: 'default',
    route: '/chat',
    user_id: 'u1',
    environment: 'dev',
    tags: { team: 'a' },
  },
}
const NOON = new Date('2026-11-10T12:00:00Z')

const requestIn = (value: unknown): HoldRequest => {
  const parsed = parseHold(value)
  if (parsed.kind === 'bad') throw new Error(parsed.problem)
  return parsed.request
}

describe('a request for a hold', () => {
  it('is read whole, with what it leaves out', () => {
    expect(requestIn(GOOD)).toEqual({
      ...{ requestId: 'r1', attempt: 2, provider: 'openai', model: 'gpt-4o', serviceTier: 'default' },
      ...{ route: '/chat', userId: 'u1', environment: 'dev', tags: { team: 'a' }, ttlS: 600 },
      bound: { kind: 'size', size: { maxTokens: 512, n: 2, inputTokens: 1_000 } },
    })
    const { input_tokens: _, ...rest } = GOOD
    expect(requestIn({ ...rest, input_bytes: 10 }).bound).toMatchObject({
      size: { inputBytes: 10, tools: true },
    })
    expect(requestIn({ ...rest, input_bytes: 10, tools: false }).bound).toMatchObject({
      size: { tools: false },
    })
    expect(requestIn({ request_id: 'r', provider: 'p', model: 'm', max_usd: '1.5' }).bound).toEqual({
      ...{ kind: 'amount', amount: usd('1.5') },
    })
  })

  it('is never taken past its limits, whatever is sent, and what is wrong is a sentence', () => {
    fc.assert(
      fc.property(mutatedJson({ ...GOOD, max_usd: '2', ttl_s: 60, tools: true }), (text) => {
        const parsed = parseHold(jsonIn(text))
        if (parsed.kind === 'bad') expect(parsed.problem.length).toBeGreaterThan(10)
        else {
          const { ttlS, bound, requestId } = parsed.request
          expect(ttlS >= TTL_S.from && ttlS <= TTL_S.to).toBe(true)
          // In characters, as the parser counts them: an emoji is one and takes two units.
          expect([...requestId].length).toBeLessThanOrEqual(128)
          if (bound.kind === 'amount') expect(bound.amount <= HOLD_AMOUNT_MAX).toBe(true)
        }
      }),
    )
  })

  it('settles by a decimal string alone', () => {
    expect(parseSettlement({ cost_usd: '0.5' })).toEqual({ kind: 'cost', cost: usd('0.5') })
    for (const body of [null, [], {}, { cost_usd: 0.5 }, { cost_usd: '-1' }, { cost_usd: '1', x: 1 }]) {
      expect(parseSettlement(body).kind).toBe('bad')
    }
  })
})

describe('what is held for a call', () => {
  const book = buildPriceBook()

  it('is its worst case, or what its caller says at most', () => {
    const size = wantedOf(requestIn(GOOD), book, NOON)
    // 1,000 in at $2.50 and twice 512 out at $10 a million.
    expect(size).toMatchObject({ kind: 'known', amount: usd('0.01274') })
    const said = wantedOf(requestIn({ ...GOOD, max_usd: '3' }), book, NOON)
    expect(said).toEqual({ kind: 'known', amount: usd('3'), priceVersion: null })
  })

  it('is an estimate for a model without a price, which says so', () => {
    const unknown = { ...GOOD, model: 'nobody-knows-this' }
    expect(wantedOf(requestIn(unknown), book, NOON)).toMatchObject({
      ...{ kind: 'unpriced', priceVersion: expect.stringContaining('high') },
    })
    const said = wantedOf(requestIn({ ...unknown, max_usd: '3' }), book, NOON)
    expect(said).toEqual({ kind: 'unpriced', amount: usd('3'), priceVersion: null })
  })
})

it('a hold has the name of its call, in the form of an id', () => {
  const identity = fc.stringMatching(/^[0-9a-f]{32}$/)
  fc.assert(
    fc.property(identity, identity, (a, b) => {
      expect(isId('hld', holdIdOf(a))).toBe(true)
      expect(holdIdOf(a) === holdIdOf(b)).toBe(a === b)
    }),
  )
})

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
