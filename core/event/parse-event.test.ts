import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usd } from '../money.ts'
import { TS_AGE_MAX_MS, TS_AHEAD_MAX_MS } from './horizon.ts'
import { parseEvent } from './parse-event.ts'

const receivedAt = new Date('2026-11-23T02:10:00.000Z')
const context = { receivedAt }

const wire = (facts: Record<string, unknown> = {}): Record<string, unknown> => ({
  request_id: 'req-1',
  ts: '2026-11-23T02:09:58.120Z',
  provider: 'openai',
  model: 'gpt-4o',
  tokens_in: 100,
  tokens_out: 10,
  latency_ms: 800,
  ...facts,
})

const without = (name: string, event = wire()): Record<string, unknown> =>
  Object.fromEntries(Object.entries(event).filter(([key]) => key !== name))

const refusalOf = (value: unknown): { code: string; reason: string } => {
  const parsed = parseEvent(value, context)
  if (parsed.kind === 'event') throw new Error('this event was taken')
  return { code: parsed.code, reason: parsed.reason }
}

describe('an event', () => {
  it('with the required fields alone is taken, with the defaults of the table', () => {
    expect(parseEvent(wire(), context)).toEqual({
      kind: 'event',
      event: {
        requestId: 'req-1',
        attempt: 1,
        ts: new Date('2026-11-23T02:09:58.120Z'),
        environment: 'production',
        userId: null,
        route: null,
        sessionId: null,
        provider: 'openai',
        model: 'gpt-4o',
        serviceTier: null,
        tokens: {
          in: 100,
          out: 10,
          cacheRead: 0,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          reasoning: 0,
          audioIn: 0,
          audioOut: 0,
        },
        tokensEstimated: false,
        rawUsage: null,
        reportedCost: null,
        latencyMs: 800,
        ttftMs: null,
        streamed: false,
        status: 'ok',
        source: 'sdk',
        providerResponseId: null,
        traceId: null,
        spanId: null,
        tags: {},
        metadata: '{}',
      },
    })
  })

  it('with every field keeps every field', () => {
    const parsed = parseEvent(
      wire({
        attempt: 2,
        provider: 'OpenAI',
        tokens_cache_read: 20,
        tokens_cache_write_5m: 3,
        tokens_cache_write_1h: 4,
        tokens_audio_in: 5,
        tokens_reasoning: 6,
        tokens_audio_out: 1,
        tokens_estimated: true,
        ttft_ms: 120,
        streamed: true,
        status: 'aborted',
        environment: 'staging',
        user_id: 'u-🦊',
        route: '/chat',
        session_id: 's',
        service_tier: 'flex',
        provider_response_id: 'chatcmpl-1',
        trace_id: 't',
        span_id: null,
        reported_cost_usd: '0.000000001',
        tags: { team: 'growth', empty: '' },
        metadata: { plan: { seats: 3 } },
      }),
      { receivedAt, source: 'litellm' },
    )
    expect(parsed).toMatchObject({
      kind: 'event',
      event: {
        attempt: 2,
        provider: 'openai',
        tokens: { cacheRead: 20, cacheWrite5m: 3, cacheWrite1h: 4, audioIn: 5, reasoning: 6, audioOut: 1 },
        tokensEstimated: true,
        ttftMs: 120,
        streamed: true,
        status: 'aborted',
        environment: 'staging',
        userId: 'u-🦊',
        route: '/chat',
        sessionId: 's',
        serviceTier: 'flex',
        source: 'litellm',
        providerResponseId: 'chatcmpl-1',
        traceId: 't',
        spanId: null,
        reportedCost: usd('0.000000001'),
        tags: { team: 'growth', empty: '' },
        metadata: '{"plan":{"seats":3}}',
      },
    })
  })

  it('is named by field when one that is required is missing', () => {
    for (const name of ['request_id', 'ts', 'provider', 'model', 'tokens_in', 'tokens_out', 'latency_ms']) {
      expect(refusalOf(without(name))).toEqual({
        code: 'field_missing',
        reason: `${name} is missing; it is required`,
      })
    }
  })

  it('is refused by the very words of the documentation for negative tokens', () => {
    expect(refusalOf(wire({ tokens_in: -4 }))).toEqual({
      code: 'tokens_negative',
      reason: 'tokens_in is -4; it must be a whole number from 0 to 1000000000',
    })
  })

  it.each([
    ['request_id', ''],
    ['request_id', 'x'.repeat(129)],
    ['request_id', 7],
    ['request_id', null],
    ['request_id', 'a\u0000b'],
    ['model', 'gpt\n4o'],
    ['model', 'gpt\u009b4o'],
    ['model', 'gpt\ud83e'],
    ['provider', 'x'.repeat(65)],
    ['attempt', 0],
    ['attempt', 101],
    ['attempt', 1.5],
    ['attempt', '1'],
    ['tokens_in', 1_000_000_001],
    ['tokens_in', 0.5],
    ['tokens_in', '100'],
    ['tokens_in', null],
    ['tokens_estimated', 1],
    ['latency_ms', -1],
    ['latency_ms', 86_400_001],
    ['ttft_ms', '3'],
    ['streamed', 'true'],
    ['status', 'fine'],
    ['environment', ''],
    ['user_id', 'x'.repeat(257)],
    ['user_id', 12],
    ['reported_cost_usd', 0.25],
    ['reported_cost_usd', '-1'],
    ['reported_cost_usd', '$1'],
    ['reported_cost_usd', '1000000.000000001'],
    ['reported_cost_usd', '0.0000000001'],
    ['tags', ['a']],
    ['tags', { a: 1 }],
    ['tags', { '': 'a' }],
    ['tags', { ['k'.repeat(65)]: 'a' }],
    ['tags', { a: 'v'.repeat(257) }],
    ['tags', { a: 'v\u0000' }],
    ['tags', Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, 'v']))],
    ['metadata', 'text'],
    ['metadata', { a: 'x'.repeat(8 * 1024 - 7) }],
    ['metadata', { a: 'a\u0000' }],
    ['metadata', { '\ud800': 1 }],
    ['metadata', { a: [[[[[[[[1]]]]]]]] }],
    ['ts', '2026-11-23 02:10:00'],
    ['ts', 1_795_399_800],
    ['ts', '2026-02-30T00:00:00Z'],
  ])('is refused for %s = %j, by name', (name, value) => {
    const { code, reason } = refusalOf(wire({ [name]: value }))
    expect(code).toBe('field_invalid')
    expect(reason.startsWith(`${name} `)).toBe(true)
  })

  it.each([
    ['request_id', 'x'.repeat(128)],
    ['user_id', '🦊'.repeat(256)],
    ['user_id', null],
    ['attempt', 100],
    ['tokens_in', 1_000_000_000],
    ['ttft_ms', null],
    ['latency_ms', 0],
    ['reported_cost_usd', '1000000'],
    ['tags', { ['k'.repeat(64)]: 'v'.repeat(256) }],
    ['metadata', { a: 'x'.repeat(8 * 1024 - 8) }],
    ['metadata', { a: [[[[[[1]]]]]] }],
    ['ts', '2026-11-23T03:09:58.120999+01:00'],
  ])('is taken at the limit: %s', (name, value) => {
    expect(parseEvent(wire({ [name]: value }), context).kind).toBe('event')
  })

  it('is refused for a field that is not in the table, by name', () => {
    expect(refusalOf(wire({ prompt: 'hello' }))).toEqual({
      code: 'field_unknown',
      reason: '"prompt" is no field of an event; free data belongs in metadata',
    })
    expect(refusalOf(JSON.parse('{"__proto__": 1}')).code).toBe('field_unknown')
  })

  it('with several problems is refused for one that it has', () => {
    const event = without('model', wire({ latency_ms: -1, tags: 1 }))
    expect(refusalOf(event)).toEqual({ code: 'field_missing', reason: 'model is missing; it is required' })
  })

  it('that is no object is refused', () => {
    for (const value of [null, 1, 'x', [], undefined]) expect(refusalOf(value).code).toBe('event_not_object')
  })

  it('keeps a tag by any name, that of the prototype too', () => {
    const parsed = parseEvent(wire({ tags: JSON.parse('{"__proto__": "x"}') }), context)
    if (parsed.kind !== 'event') throw new Error(parsed.reason)
    expect(Object.entries(parsed.event.tags)).toEqual([['__proto__', 'x']])
  })

  it('is refused when the parts exceed the whole', () => {
    expect(refusalOf(wire({ tokens_cache_read: 60, tokens_cache_write_5m: 41 }))).toMatchObject({
      code: 'tokens_inconsistent',
      reason: expect.stringContaining('tokens_in is 100'),
    })
    expect(refusalOf(wire({ tokens_reasoning: 11 })).code).toBe('tokens_inconsistent')
  })

  it('is refused with usage and tokens, whichever of the two would be right', () => {
    const usage = { prompt_tokens: 100, completion_tokens: 10 }
    expect(refusalOf(wire({ usage })).code).toBe('usage_and_tokens')
  })
})

describe('the usage of the provider', () => {
  const withUsage = (usage: unknown, facts: Record<string, unknown> = {}) =>
    without('tokens_in', without('tokens_out', wire({ usage, ...facts })))

  it('is counted and kept as it came', () => {
    const usage = { prompt_tokens: 100, completion_tokens: 10, prompt_tokens_details: { cached_tokens: 64 } }
    const parsed = parseEvent(withUsage(usage), context)
    expect(parsed).toMatchObject({
      event: { tokens: { in: 100, cacheRead: 64, out: 10 }, rawUsage: JSON.stringify(usage) },
    })
  })

  it('names the service tier when the event does not', () => {
    const usage = { input_tokens: 1, output_tokens: 1, service_tier: 'priority' }
    const tierOf = (facts: Record<string, unknown>) => {
      const parsed = parseEvent(withUsage({ ...usage, ...facts }, { provider: 'anthropic' }), context)
      return parsed.kind === 'event' ? parsed.event.serviceTier : parsed.code
    }
    expect(tierOf({})).toBe('priority')
    expect(tierOf({ speed: 'fast' })).toBe('fast')
  })

  it('adds the region that is charged apart to the tier, whoever names the tier', () => {
    const tierOf = (usage: Record<string, unknown>, facts: Record<string, unknown> = {}) => {
      const counts = { input_tokens: 1, output_tokens: 1, ...usage }
      const parsed = parseEvent(withUsage(counts, { provider: 'anthropic', ...facts }), context)
      return parsed.kind === 'event' ? parsed.event.serviceTier : parsed.code
    }
    const us = { inference_geo: 'us' }
    expect(tierOf(us)).toBe('standard+us')
    expect(tierOf({ ...us, service_tier: 'batch' })).toBe('batch+us')
    expect(tierOf({ ...us, speed: 'fast', service_tier: 'standard' })).toBe('fast+us')
    expect(tierOf(us, { service_tier: 'batch' })).toBe('batch+us')
    expect(tierOf(us, { service_tier: 'batch+us' })).toBe('batch+us')
    expect(tierOf({ inference_geo: 'global', service_tier: 'standard' })).toBe('standard')
    expect(tierOf({ inference_geo: 'not_available' })).toBeNull()
  })

  it.each([
    ['ON_DEMAND_FLEX', 'flex'],
    ['ON_DEMAND_PRIORITY', 'priority'],
    ['PROVISIONED_THROUGHPUT', 'provisioned'],
    ['ON_DEMAND', null],
  ])('of Vertex with the traffic %s is in the tier %s', (trafficType, tier) => {
    const usage = { promptTokenCount: 5, candidatesTokenCount: 1, trafficType }
    const parsed = parseEvent(withUsage(usage, { provider: 'vertex_ai' }), context)
    expect(parsed).toMatchObject({ event: { serviceTier: tier } })
  })

  it.each([
    [null],
    ['100 tokens'],
    [{}],
    [{ tokens: 5 }],
    [{ prompt_tokens: -1 }],
    [{ prompt_tokens: 1.5 }],
    [{ prompt_tokens: 1, completion_tokens: 1, junk: 'x'.repeat(9000) }],
    [{ prompt_tokens: 1, junk: '\u0000' }],
  ])('that cannot be read is refused: %j', (usage) => {
    expect(refusalOf(withUsage(usage)).code).toBe('usage_unreadable')
  })
})

describe('the horizon', () => {
  const at = (ms: number) => wire({ ts: new Date(receivedAt.getTime() + ms).toISOString() })

  it('holds its own ends, and nothing one millisecond past them', () => {
    expect(parseEvent(at(-TS_AGE_MAX_MS), context).kind).toBe('event')
    expect(parseEvent(at(TS_AHEAD_MAX_MS), context).kind).toBe('event')
    expect(refusalOf(at(-TS_AGE_MAX_MS - 1)).code).toBe('ts_too_old')
    expect(refusalOf(at(TS_AHEAD_MAX_MS + 1)).code).toBe('ts_in_future')
  })

  it('refuses a time of next year with the time that it expected', () => {
    const { code, reason } = refusalOf(wire({ ts: '2027-11-23T02:10:00Z' }))
    expect(code).toBe('ts_in_future')
    expect(reason).toContain('2026-11-23T02:10:00.000Z')
  })
})

describe('whatever is sent', () => {
  const names = Object.keys(wire({ usage: 0, tags: 0, metadata: 0, user_id: 0, reported_cost_usd: 0 }))
  const anything = fc.anything({ maxDepth: 4, withBigInt: false })
  const nearlyAnEvent = fc
    .tuple(fc.constantFrom(...names), fc.oneof(anything, fc.string({ unit: 'binary', maxLength: 300 })))
    .map(([name, value]) => wire({ [name]: value }))

  it('is answered with a value, never an exception, and no more than 64 characters of what was sent', () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearlyAnEvent), (value) => {
        const parsed = parseEvent(value, context)
        if (parsed.kind === 'event') return
        expect(parsed.reason.length).toBeLessThan(300)
        expect(parsed.reason).not.toMatch(/\p{Cc}|\p{Surrogate}/u)
      }),
      { numRuns: 500 },
    )
  })

  it('is never echoed with a control character, which could forge a line of a log', () => {
    for (const text of ['a\nb', 'a\u001bb', 'a\u007fb', 'a\u009bb']) {
      expect(refusalOf(wire({ [text]: 1 })).reason).not.toMatch(/\p{Cc}/u)
      expect(refusalOf(wire({ model: text })).reason).not.toMatch(/\p{Cc}/u)
    }
  })

  it('is echoed only in part when it is long', () => {
    const secret = 'x'.repeat(2000)
    for (const name of ['request_id', 'status', 'ts', 'reported_cost_usd', secret]) {
      expect(refusalOf(wire({ [name]: secret })).reason).not.toContain('x'.repeat(65))
    }
  })
})
