import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aPayload, aRefusedPayload, chatUsage, SECRET } from '../../test/litellm/a-payload.ts'
import { parseEvent } from '../event/parse-event.ts'
import type { UsageEvent } from '../event/usage-event.ts'
import { usd } from '../money.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { eventOfPayload } from './event-of-payload.ts'

const RECEIVED_AT = new Date('2026-11-24T05:30:00Z')
const parse = (payload: unknown) =>
  parseEvent(eventOfPayload(payload), { receivedAt: RECEIVED_AT, source: 'litellm' })

function eventOf(payload: unknown): UsageEvent {
  const parsed = parse(payload)
  if (parsed.kind === 'rejected') throw new Error(parsed.reason)
  return parsed.event
}

describe('a call through LiteLLM', () => {
  it('is the event that the call was, with the model that answered and the usage that it reported', () => {
    expect(eventOf(aPayload())).toMatchObject({
      requestId: '4a967186-f8b4-4a1d-9f1b-770d340edd1f:chatcmpl-8ba5b965026845cc8b54d6b8f3edb',
      providerResponseId: 'chatcmpl-8ba5b965026845cc8b54d6b8f3edb',
      ts: new Date('2026-11-24T05:25:03.163Z'),
      provider: 'openai',
      model: 'gpt-4o-2024-08-06',
      tokens: { ...NO_TOKENS, in: 5, out: 5, cacheRead: 3, reasoning: 2 },
      serviceTier: 'default',
      reportedCost: usd('0.0000625'),
      latencyMs: 409,
      ttftMs: null,
      streamed: false,
      status: 'ok',
      source: 'litellm',
      traceId: 'd2be8b18-27f9-40d2-bfc6-838c36556436',
      sessionId: null,
      userId: null,
    })
  })

  it('knows the time to its first token when it was streamed', () => {
    const streamed = aPayload({ stream: true, completionStartTime: 1795497903.262692 })
    expect(eventOf(streamed)).toMatchObject({ streamed: true, ttftMs: 100 })
  })

  it('is named by the model without the provider before it, and never by a name of the proxy', () => {
    const facts = { model: 'azure/gpt-4o', custom_llm_provider: 'azure', model_group: 'cheap' }
    const restamped = aPayload({ ...facts, response: { model: 'cheap' } })
    expect(eventOf(restamped)).toMatchObject({ provider: 'azure', model: 'gpt-4o' })
    const unnamed = aPayload({ model: 'groq/llama-3.3-70b', custom_llm_provider: null, response: 'redacted' })
    expect(eventOf(unnamed)).toMatchObject({ provider: 'groq', model: 'llama-3.3-70b' })
  })

  it('is counted as unknown, and so seen as unpriced, when nothing names its model', () => {
    const nameless = aPayload({ model: '', custom_llm_provider: '', response: {} })
    expect(eventOf(nameless)).toMatchObject({ provider: 'unknown', model: 'unknown', tokens: { in: 5 } })
  })

  it('is none when no model was reached and nothing was used', () => {
    const listed = { model: '', response: {}, total_tokens: 0, prompt_tokens: 0, completion_tokens: 0 }
    const nothing = aPayload({ ...listed, metadata: { usage_object: {} }, response_cost: 0 })
    expect(parse(nothing)).toMatchObject({ kind: 'rejected', code: 'field_missing' })
  })

  it('is not counted again when its answer is read again', () => {
    const read = { total_tokens: 0, prompt_tokens: 0, completion_tokens: 0, response_cost: 0 }
    const answer = { model: 'gpt-4.1', usage: chatUsage() }
    const payload = aPayload({ ...read, metadata: { usage_object: {} }, response: answer })
    expect(eventOf(payload).tokens).toEqual(NO_TOKENS)
  })

  it("counts Anthropic's writes to the cache by how long they live, inside the prompt", () => {
    const usage = chatUsage({
      prompt_tokens: 82,
      completion_tokens: 6,
      total_tokens: 88,
      prompt_tokens_details: {
        cached_tokens: 40,
        cache_write_tokens: 30,
        cache_creation_tokens: 30,
        cache_creation_token_details: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
      completion_tokens_details: { reasoning_tokens: 0, text_tokens: 6 },
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 40,
      service_tier: 'standard',
    })
    const anthropic = aPayload({
      custom_llm_provider: 'anthropic',
      metadata: { usage_object: usage },
      response: { model: 'claude-sonnet-4-5' },
    })
    const tokens = { ...NO_TOKENS, in: 82, out: 6, cacheRead: 40, cacheWrite5m: 10, cacheWrite1h: 20 }
    expect(eventOf(anthropic)).toMatchObject({ tokens, serviceTier: 'standard' })
    const fast = { ...usage, speed: 'fast', inference_geo: 'us' }
    expect(eventOf(aPayload({ metadata: { usage_object: fast } })).serviceTier).toBe('fast+us')
    const beside = aPayload({ metadata: { usage_object: { ...usage, prompt_tokens: 12 } } })
    expect(eventOf(beside).tokens).toEqual(tokens)
  })

  it("is counted by LiteLLM's own counts when no usage can be read", () => {
    for (const usage_object of [null, {}, 'redacted', chatUsage({ prompt_tokens: -1 })]) {
      const payload = aPayload({ metadata: { usage_object }, response: 'redacted-by-litellm' })
      expect(eventOf(payload).tokens).toEqual({ ...NO_TOKENS, in: 5, out: 5 })
    }
  })

  it('costs nothing when it was answered from a cache, and is tagged so', () => {
    const hit = aPayload({ cache_hit: true, id: 'chatcmpl-8ba5_cache_hit1795497903.16' })
    expect(eventOf(hit)).toMatchObject({
      tokens: NO_TOKENS,
      rawUsage: null,
      reportedCost: null,
      providerResponseId: null,
      tags: { cache_hit: 'true' },
    })
  })

  it.each([
    ['429', 'RateLimitError', 'rate_limited'],
    ['', 'RateLimitError', 'rate_limited'],
    ['401', 'AuthenticationError', 'error'],
    ['500', 'InternalServerError', 'error'],
    ['499', 'ClientDisconnected', 'aborted'],
  ])('that failed with %s %s is %s and used nothing', (error_code, error_class, status) => {
    const failed = aRefusedPayload({ error_information: { error_code, error_class } })
    expect(eventOf(failed)).toMatchObject({ status, tokens: NO_TOKENS, reportedCost: null })
  })

  it('that failed is another call than its retry, which shares the call id', () => {
    const embedding = aPayload({ id: '4a967186-f8b4-4a1d-9f1b-770d340edd1f', response: { model: 'm' } })
    const ids = [aRefusedPayload(), aRefusedPayload({ startTime: 1795497902 }), embedding, aPayload()]
    expect(new Set(ids.map((payload) => eventOf(payload).requestId)).size).toBe(4)
  })

  it('is told from others by a server that answers every call with one id', () => {
    const other = aPayload({ litellm_call_id: '00000000-f8b4-4a1d-9f1b-770d340edd1f' })
    expect(eventOf(other).requestId).not.toBe(eventOf(aPayload()).requestId)
  })

  it('is told from others that have no id', () => {
    const nameless = { id: 'None', litellm_call_id: null, response: {} }
    const [one, other] = [aPayload(nameless), aPayload({ ...nameless, startTime: 1795497902 })]
    expect(eventOf(one).requestId).not.toBe(eventOf(other).requestId)
  })

  it('is taken however long its response id is', () => {
    const wrapped = `resp_${'x'.repeat(150)}`
    const event = eventOf(aPayload({ id: wrapped, response: { id: wrapped, model: 'gpt-4.1' } }))
    expect(event.requestId).toMatch(/^[\da-f]{64}$/)
    expect(event.providerResponseId).toBe(wrapped)
  })

  it('keeps its response id when its messages were turned off', () => {
    expect(eventOf(aPayload({ response: { text: 'redacted-by-litellm' } })).providerResponseId).toBe(
      'chatcmpl-8ba5b965026845cc8b54d6b8f3edb',
    )
  })

  it('belongs to the end user before it belongs to the owner of a key', () => {
    const metadata = { usage_object: chatUsage(), user_api_key_user_id: 'owner' }
    expect(eventOf(aPayload({ metadata })).userId).toBe('owner')
    expect(eventOf(aPayload({ metadata, model_parameters: { user: 'u-7' } })).userId).toBe('u-7')
    const master = { usage_object: chatUsage(), user_api_key_user_id: 'default_user_id' }
    expect(eventOf(aPayload({ metadata: master })).userId).toBeNull()
    const known = { ...metadata, user_api_key_end_user_id: 'u-8' }
    expect(eventOf(aPayload({ metadata: known, model_parameters: { user: 'u-7' } })).userId).toBe('u-8')
    expect(eventOf(aPayload({ metadata: known, end_user: 'u-9' })).userId).toBe('u-9')
  })

  it('is tagged by its request tags, its team, its key and its group of models', () => {
    const metadata = {
      usage_object: chatUsage(),
      user_api_key_team_alias: 'support',
      user_api_key_alias: 'bot',
    }
    const request_tags = ['team:growth', 'beta', 'User-Agent: curl', 7, '', `${'k'.repeat(65)}:v`, 'a:b:c']
    expect(eventOf(aPayload({ metadata, request_tags, model_group: 'cheap' })).tags).toEqual({
      team: 'growth',
      litellm_key: 'bot',
      litellm_model_group: 'cheap',
      beta: 'true',
      a: 'b:c',
    })
  })

  it('keeps no more tags than an event may have', () => {
    const request_tags = Array.from({ length: 100 }, (_, index) => `k${index}:v`)
    expect(Object.keys(eventOf(aPayload({ request_tags })).tags)).toHaveLength(32)
  })

  it('says nothing of its cost when LiteLLM says 0, which it also says of what it has no price for', () => {
    expect(eventOf(aPayload({ response_cost: 0 })).reportedCost).toBeNull()
    expect(eventOf(aPayload({ response_cost: 6.000000000000001e-8 })).reportedCost).toBe(usd('0.00000006'))
  })
})

describe('whatever a payload holds', () => {
  const keys = [...Object.keys(aPayload()), 'metadata', 'error_information', 'hidden_params']

  it('no prompt, answer or error text is in the event', () => {
    const spoken = fc.oneof(
      fc.constant(SECRET),
      fc.constant([SECRET]),
      fc.constant({ [SECRET]: SECRET, text: SECRET, deep: [{ content: SECRET }] }),
    )
    const speaking = ['messages', 'response', 'error_str', 'error_information', 'hidden_params', 'metadata']
    const anywhere = fc.dictionary(fc.constantFrom(...speaking, 'guardrail_information', 'prompt'), spoken)
    fc.assert(
      fc.property(anywhere, fc.boolean(), (facts, refused) => {
        const payload = refused ? aRefusedPayload(facts) : aPayload(facts)
        expect(JSON.stringify(eventOfPayload(payload))).not.toContain(SECRET)
      }),
    )
  })

  it('no usage object carries words', () => {
    const usage = chatUsage({ note: SECRET, prompt_tokens_details: { cached_tokens: 1, of: [SECRET] } })
    const { rawUsage } = eventOf(aPayload({ metadata: { usage_object: usage } }))
    expect(rawUsage).toContain('cached_tokens')
    expect(rawUsage).not.toContain(SECRET)
  })

  it('it is an event or a reason, and never an exception', () => {
    const anyPayload = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()).map((facts) => aPayload(facts)),
    )
    fc.assert(fc.property(anyPayload, (payload) => ['event', 'rejected'].includes(parse(payload).kind)))
  })

  it('names, users and tags that cannot be stored never cost it its place', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.constant('x'.repeat(5000)),
      fc.jsonValue(),
    )
    const described = fc.record({
      end_user: odd,
      trace_id: odd,
      session_id: odd,
      call_type: odd,
      model_group: odd,
      model_id: odd,
      model: odd,
      custom_llm_provider: odd,
      id: odd,
      request_tags: fc.oneof(odd, fc.array(odd)),
    })
    fc.assert(
      fc.property(described, (facts) => {
        expect(parse(aPayload({ ...facts, response: {} })).kind).toBe('event')
      }),
    )
  })
})
