/** What today's emitters write for one call, attribute by attribute, and the event that it must become. */
import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import type { TokenUsage, UsageEvent } from '../../core/event/usage-event.ts'
import { eventsOfSpans, type SpansRead } from '../../core/otel/events-of-spans.ts'
import { NO_TOKENS } from '../../core/usage/token-laws.ts'
import { EMITTED_AT, type Emitted, type EmittedRequest, emit, toProtobuf } from '../../test/otlp/emitted.ts'
import { decodeProtobuf } from './decode-protobuf.ts'

const RECEIVED_AT = new Date('2026-11-10T12:00:00Z')

function read(request: EmittedRequest): SpansRead {
  const decoded = decodeProtobuf(toProtobuf(emit(request)))
  if (decoded.kind !== 'spans') throw new Error(decoded.kind)
  return eventsOfSpans(decoded.spans, RECEIVED_AT)
}

const readSpans = (...spans: Emitted[]): SpansRead => read({ spans })
const tokens = (given: Partial<TokenUsage>): TokenUsage => ({ ...NO_TOKENS, ...given })

/** The one event that the spans must give, with nothing refused. */
function only(...spans: Emitted[]): UsageEvent {
  const { events, rejected } = readSpans(...spans)
  expect(rejected).toEqual([])
  expect(events).toHaveLength(1)
  const [event] = events
  if (!event) throw new Error('no event')
  return event
}

interface Emitter {
  readonly name: string
  readonly attributes: Attributes
  readonly scope?: string
  readonly event: Partial<UsageEvent>
}

const EMITTERS: readonly Emitter[] = [
  {
    // open-telemetry/semantic-conventions-genai, docs/registry/attributes/gen-ai.md
    name: 'OpenTelemetry GenAI today',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.response.id': 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.4321,
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 300,
      'gen_ai.usage.cache_read.input_tokens': 600,
      'gen_ai.usage.cache_creation.input_tokens': 100,
      'gen_ai.usage.reasoning.output_tokens': 200,
      'gen_ai.usage.audio.input_tokens': 50,
      'gen_ai.usage.audio.output_tokens': 20,
      'gen_ai.conversation.id': 'conv_5j66UpCpwteGg4YSxUnt7lPY',
      'openai.response.service_tier': 'flex',
      'user.id': 'u-17',
      'http.route': '/chat/:id',
      'deployment.environment.name': 'staging',
    },
    event: {
      requestId: 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l',
      providerResponseId: 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l',
      provider: 'openai',
      model: 'gpt-4o-2024-08-06',
      streamed: true,
      ttftMs: 432,
      tokens: {
        ...{ in: 1000, out: 300, cacheRead: 600, cacheWrite5m: 100, cacheWrite1h: 0 },
        ...{ reasoning: 200, audioIn: 50, audioOut: 20 },
      },
      sessionId: 'conv_5j66UpCpwteGg4YSxUnt7lPY',
      serviceTier: 'flex',
      userId: 'u-17',
      route: '/chat/:id',
      environment: 'staging',
    },
  },
  {
    // open-telemetry/semantic-conventions 1.27, as opentelemetry-instrumentation-openai-v2 writes it by default.
    name: 'OpenTelemetry GenAI before 1.37',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'az.ai.openai',
      'gen_ai.request.model': 'my-deployment',
      'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
      'gen_ai.usage.prompt_tokens': 12,
      'gen_ai.usage.completion_tokens': 3,
      'gen_ai.openai.response.service_tier': 'default',
    },
    event: {
      provider: 'azure',
      model: 'gpt-4o-mini-2024-07-18',
      tokens: tokens({ in: 12, out: 3 }),
      serviceTier: 'default',
    },
  },
  {
    // traceloop/openllmetry 0.62, instrumentation-anthropic/__init__.py: input is the sum of all.
    name: 'OpenLLMetry, Anthropic',
    scope: 'opentelemetry.instrumentation.anthropic',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
      'gen_ai.response.id': 'msg_01XFDUDYJgAACzvnptvVoYEL',
      'gen_ai.usage.input_tokens': 2100,
      'gen_ai.usage.output_tokens': 40,
      'gen_ai.usage.total_tokens': 2140,
      'gen_ai.usage.cache_read.input_tokens': 2000,
      'gen_ai.usage.cache_creation.input_tokens': 0,
      'traceloop.association.properties.user_id': 'u-4',
      'traceloop.association.properties.session_id': 's-9',
    },
    event: {
      provider: 'anthropic',
      tokens: tokens({ in: 2100, out: 40, cacheRead: 2000 }),
      tags: {},
      userId: 'u-4',
      sessionId: 's-9',
      route: 'checkout',
    },
  },
  {
    // openllmetry before 0.48, semconv_ai SpanAttributes.LLM_*: no operation name yet.
    name: 'OpenLLMetry before operation names',
    attributes: {
      'llm.request.type': 'chat',
      'gen_ai.system': 'OpenAI',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.prompt_tokens': 100,
      'gen_ai.usage.completion_tokens': 10,
      'llm.usage.total_tokens': 110,
      'gen_ai.usage.cache_read_input_tokens': 64,
      'llm.usage.reasoning_tokens': 5,
      'llm.is_streaming': true,
    },
    event: {
      provider: 'openai',
      tokens: tokens({ in: 100, out: 10, cacheRead: 64, reasoning: 5 }),
      streamed: true,
    },
  },
  {
    // openllmetry, instrumentation-bedrock/span_utils.py converse_usage_record: the cache stands beside the input.
    name: 'OpenLLMetry, Bedrock Converse',
    scope: 'opentelemetry.instrumentation.bedrock',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'aws.bedrock',
      'gen_ai.request.model': 'anthropic.claude-3-5-sonnet-20241022-v2:0',
      'gen_ai.usage.input_tokens': 500,
      'gen_ai.usage.output_tokens': 50,
      'gen_ai.usage.total_tokens': 550,
      'gen_ai.usage.cache_read.input_tokens': 300,
      'gen_ai.usage.cache_creation.input_tokens': 0,
    },
    event: {
      provider: 'aws',
      tokens: tokens({ in: 800, out: 50, cacheRead: 300 }),
      tags: { usage_normalised: 'additive' },
    },
  },
  {
    // @traceloop/instrumentation-anthropic 0.27.0, as its exporter sent it: Anthropic's own counts.
    name: 'OpenLLMetry for Node, Anthropic',
    scope: '@traceloop/instrumentation-anthropic',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.response.model': 'claude-sonnet-4-5',
      'gen_ai.usage.input_tokens': 120,
      'gen_ai.usage.output_tokens': 6,
      'gen_ai.usage.total_tokens': 126,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.cache_creation.input_tokens': 30,
    },
    event: { tokens: tokens({ in: 190, out: 6, cacheRead: 40, cacheWrite5m: 30 }) },
  },
  {
    // anthropic 2.12 for Python, as its exporter sent it: the SDK's own spans, with the provider's path for a route.
    name: 'the SDK of Anthropic itself',
    scope: 'com.anthropic.sdk.python',
    attributes: {
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.stream': true,
      'http.route': '/v1/messages',
      'url.path': '/v1/messages',
      'http.response.status_code': 200,
      'gen_ai.response.time_to_first_chunk': 0.013521694,
      'gen_ai.response.id': 'msg_b4e5889b-c22c-4546-b18d-0c004529e7f8',
      'gen_ai.response.model': 'claude-sonnet-4-5',
      'gen_ai.usage.cache_write.input_tokens': 30,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 20,
      'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 10,
      'anthropic.response.service_tier': 'standard',
      'gen_ai.usage.output_tokens': 6,
      'gen_ai.usage.input_tokens': 82,
    },
    event: {
      tokens: tokens({ in: 82, out: 6, cacheRead: 40, cacheWrite5m: 20, cacheWrite1h: 10 }),
      serviceTier: 'standard',
      route: 'checkout',
      ttftMs: 14,
    },
  },
  {
    // openllmetry, instrumentation-google-generativeai/span_utils.py: only the total has the thoughts.
    name: 'OpenLLMetry, Gemini',
    attributes: {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gcp.gen_ai',
      'gen_ai.response.model': 'gemini-2.5-pro',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.total_tokens': 520,
    },
    event: {
      provider: 'google',
      tokens: tokens({ in: 100, out: 420, reasoning: 400 }),
      tags: { usage_normalised: 'additive' },
    },
  },
  {
    // vercel/ai, packages/otel/src/legacy-open-telemetry.ts; provider as in openinference-vercel's recorded spans.
    name: 'AI SDK 4 to 6, streamText',
    scope: 'ai',
    attributes: {
      'operation.name': 'ai.streamText.doStream support',
      'ai.operationId': 'ai.streamText.doStream',
      'ai.telemetry.functionId': 'support',
      'ai.telemetry.metadata.userId': 'u-8',
      'ai.model.provider': 'openai.responses',
      'ai.model.id': 'gpt-4o-mini',
      'gen_ai.system': 'openai.responses',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
      'gen_ai.response.id': 'resp_07aff6ffa00269d50069821220f35c819dbbabe49b6cc82791',
      'gen_ai.usage.input_tokens': 15,
      'gen_ai.usage.output_tokens': 112,
      'ai.usage.inputTokens': 15,
      'ai.usage.outputTokens': 112,
      'ai.usage.totalTokens': 127,
      'ai.usage.reasoningTokens': 60,
      'ai.usage.cachedInputTokens': 4,
      'ai.response.msToFirstChunk': 426.8535,
    },
    event: {
      requestId: 'resp_07aff6ffa00269d50069821220f35c819dbbabe49b6cc82791',
      provider: 'openai',
      model: 'gpt-4o-mini-2024-07-18',
      tokens: tokens({ in: 15, out: 112, reasoning: 60, cacheRead: 4 }),
      ttftMs: 427,
      streamed: true,
      route: 'support',
      userId: 'u-8',
    },
  },
  {
    // vercel/ai, legacy-open-telemetry.ts onEmbedStart.
    name: 'AI SDK 4 to 6, embed',
    attributes: {
      'ai.operationId': 'ai.embed.doEmbed',
      'ai.model.provider': 'openai.embedding',
      'ai.model.id': 'text-embedding-3-small',
      'ai.usage.tokens': 9,
    },
    event: { provider: 'openai', model: 'text-embedding-3-small', tokens: tokens({ in: 9 }) },
  },
  {
    // vercel/ai, packages/otel/src/open-telemetry.ts onLanguageModelCallEnd; providers by gen-ai-format-messages.ts.
    name: 'AI SDK 7',
    scope: 'gen_ai',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': 'gemini-2.5-flash',
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 7,
      'gen_ai.client.operation.time_to_first_chunk': 0.25,
    },
    event: { provider: 'google', model: 'gemini-2.5-flash', ttftMs: 250, tokens: tokens({ in: 30, out: 7 }) },
  },
  {
    // Arize-ai/openinference, spec/semantic_conventions.md
    name: 'OpenInference LLM',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.system': 'anthropic',
      'llm.provider': 'aws',
      'llm.model_name': 'claude-3-5-sonnet-20241022',
      'llm.token_count.prompt': 100,
      'llm.token_count.completion': 50,
      'llm.token_count.total': 150,
      'llm.token_count.prompt_details.cache_read': 20,
      'llm.token_count.prompt_details.cache_write': 30,
      'llm.token_count.completion_details.reasoning': 10,
      'llm.cost.total': 0.0066,
      'session.id': 's-1',
      'user.id': 'u-1',
    },
    event: {
      provider: 'aws',
      tokens: tokens({ in: 100, out: 50, cacheRead: 20, cacheWrite5m: 30, reasoning: 10 }),
      reportedCost: 6_600_000n as UsageEvent['reportedCost'],
      sessionId: 's-1',
      userId: 'u-1',
    },
  },
  {
    // openinference, spec/embedding_spans.md: no provider, no system.
    name: 'OpenInference EMBEDDING',
    attributes: {
      'openinference.span.kind': 'EMBEDDING',
      'embedding.model_name': 'text-embedding-3-small',
      'llm.token_count.prompt': 8,
    },
    event: { provider: 'openai', model: 'text-embedding-3-small', tokens: tokens({ in: 8 }) },
  },
  {
    // pydantic/pydantic-ai, usage.py opentelemetry_attributes and _instrumentation.py response_attributes.
    name: 'Pydantic AI',
    scope: 'pydantic-ai',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'anthropic',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-4-5',
      'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
      'gen_ai.response.id': 'msg_01XFDUDYJgAACzvnptvVoYEM',
      'gen_ai.usage.input_tokens': 3000,
      'gen_ai.usage.output_tokens': 80,
      'gen_ai.usage.details.cache_read_tokens': 1000,
      'gen_ai.usage.details.cache_write_tokens': 500,
      'gen_ai.usage.details.input_audio_tokens': 90,
      'gen_ai.usage.details.cache_audio_read_tokens': 60,
      'operation.cost': 0.0123456789,
      'gen_ai.client.operation.time_to_first_chunk': 1.5,
    },
    event: {
      provider: 'anthropic',
      tokens: tokens({ in: 3000, out: 80, cacheRead: 1000, cacheWrite5m: 500, audioIn: 30 }),
      reportedCost: 12_345_679n as UsageEvent['reportedCost'],
      ttftMs: 1500,
    },
  },
]

describe('a call as an emitter tells it', () => {
  it.each(EMITTERS.map((emitter) => [emitter.name, emitter] as const))(
    'is the event that it was: %s',
    (_name, { attributes, scope = 'test', event }) => {
      const given = only({ attributes, scope })
      expect(given).toMatchObject(event)
      expect(given).toMatchObject({
        source: 'otlp',
        status: 'ok',
        attempt: 1,
        ts: EMITTED_AT,
        latencyMs: 1200,
      })
      expect(given.traceId).toMatch(/^[0-9a-f]{32}$/)
      expect(given.spanId).toMatch(/^[0-9a-f]{16}$/)
    },
  )
})

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
}
const used = (tokensIn: number, tokensOut: number) => ({
  'gen_ai.usage.input_tokens': tokensIn,
  'gen_ai.usage.output_tokens': tokensOut,
})

describe('a span that repeats the usage of the calls inside it', () => {
  it.each<[string, Attributes]>([
    ['an agent of Pydantic AI', { 'gen_ai.operation.name': 'invoke_agent' }],
    ['a step of the AI SDK 7', { 'gen_ai.operation.name': 'agent_step' }],
    ['a workflow', { 'gen_ai.operation.name': 'invoke_workflow' }],
    ['a tool', { 'gen_ai.operation.name': 'execute_tool' }],
    ['generateText of the AI SDK', { 'ai.operationId': 'ai.generateText' }],
    ['a chain of OpenInference', { 'openinference.span.kind': 'CHAIN' }],
    ['an agent of OpenInference', { 'openinference.span.kind': 'AGENT' }],
    ['a task of OpenLLMetry', { 'traceloop.span.kind': 'task' }],
    ['the agent run of an older Pydantic AI', { model_name: 'gpt-4o' }],
  ])('is not billed and not refused: %s', (_name, kind) => {
    const around = { attributes: { 'gen_ai.request.model': 'gpt-4o', ...used(30, 12), ...kind } }
    const call = { attributes: { ...CHAT, ...used(30, 12) } }
    expect(only({ ...around, inside: [call] }).tokens).toEqual(tokens({ in: 30, out: 12 }))
    expect(readSpans(around)).toEqual({ events: [], rejected: [] })
  })

  it('is not billed when it looks like a call too and has the same response id', () => {
    const id = { 'gen_ai.response.id': 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3m' }
    const outer = {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.model.id': 'gpt-4o',
      'ai.usage.inputTokens': 31,
    }
    const call = { attributes: { ...CHAT, ...used(30, 12), ...id } }
    expect(only({ attributes: { ...outer, ...id }, inside: [call] }).tokens.in).toBe(30)
  })

  it('is not billed when it looks like a call too and has the sum of what is inside it', () => {
    const calls = [{ attributes: { ...CHAT, ...used(10, 4) } }, { attributes: { ...CHAT, ...used(20, 8) } }]
    const { events } = readSpans({ attributes: { ...CHAT, ...used(30, 12) }, inside: [{ inside: calls }] })
    expect(events.map((event) => event.tokens.in)).toEqual([10, 20])
  })

  it('is not billed when it looks like a call too and has no usage of its own', () => {
    expect(only({ attributes: CHAT, inside: [{ attributes: { ...CHAT, ...used(1, 1) } }] }).tokens.in).toBe(1)
  })

  it('is billed when it used something else than what is inside it', () => {
    const { events } = readSpans({
      attributes: { ...CHAT, ...used(30, 12) },
      inside: [{ attributes: { ...CHAT, ...used(5, 1) } }],
    })
    expect(events.map((event) => event.tokens.in).sort()).toEqual([30, 5])
  })

  it('is not billed in a request of its own, for what the AI SDK 7 puts around an embedding', () => {
    const embed = { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'text-embedding-3-small' }
    expect(readSpans({ scope: 'gen_ai', attributes: embed })).toEqual({ events: [], rejected: [] })
  })

  it('is billed once, as it was told first, when two instrumentations of one client tell it side by side', () => {
    const call = { ...CHAT, 'gen_ai.response.id': 'chatcmpl-9J3uIL87gldCFtiIbya' }
    const [first, second] = [
      { ...call, ...used(30, 12) },
      { ...call, ...used(30, 13) },
    ]
    expect(only({ attributes: first }, { attributes: second }).tokens.out).toBe(12)
  })
})

describe('a call that failed', () => {
  it.each<[string, Emitted, UsageEvent['status']]>([
    ['a status', { failed: true }, 'error'],
    ['the class of an exception', { attributes: { 'error.type': 'APIConnectionError' } }, 'error'],
    ['HTTP 429', { attributes: { 'error.type': '429' } }, 'rate_limited'],
    [
      'HTTP 429 as a number',
      { failed: true, attributes: { 'http.response.status_code': 429 } },
      'rate_limited',
    ],
    ['a rate limit of OpenAI', { attributes: { 'error.type': 'RateLimitError' } }, 'rate_limited'],
    ['a rate limit of Bedrock', { attributes: { 'error.type': 'ThrottlingException' } }, 'rate_limited'],
    [
      'a rate limit that only an exception tells',
      { failed: true, events: { exception: { 'exception.type': 'openai.RateLimitError' } } },
      'rate_limited',
    ],
    ['a cancellation', { attributes: { 'error.type': 'CancelledError' } }, 'aborted'],
    ['an abort', { attributes: { 'error.type': 'AbortError' } }, 'aborted'],
    ['our own stop', { attributes: { 'error.type': 'lensai.BudgetExceeded' } }, 'blocked'],
  ])('counts as a call of no tokens: %s', (_name, emitted, status) => {
    const event = only({ ...emitted, attributes: { ...CHAT, ...emitted.attributes } })
    expect(event).toMatchObject({ status, tokens: NO_TOKENS, tokensEstimated: status === 'aborted' })
  })

  it('counts without a model too, as what OpenInference tells of a refused call', () => {
    const event = only({
      failed: true,
      attributes: { 'openinference.span.kind': 'LLM', 'llm.system': 'openai' },
    })
    expect(event).toMatchObject({ model: 'unknown', provider: 'openai', status: 'error' })
  })

  it('did not fail when an exception was dealt with', () => {
    const events = { exception: { 'exception.type': 'openai.RateLimitError' } }
    expect(only({ events, attributes: { ...CHAT, ...used(1, 1) } }).status).toBe('ok')
  })

  it('keeps what it used before it failed', () => {
    const event = only({ failed: true, attributes: { ...CHAT, ...used(30, 2) } })
    expect(event).toMatchObject({ status: 'error', tokens: tokens({ in: 30, out: 2 }) })
  })
})

describe('a call that cannot be counted', () => {
  it.each<[string, Emitted, string, RegExp]>([
    ['no token counts', { attributes: CHAT }, 'usage_missing', /no token counts/],
    [
      'an unheard-of operation',
      { attributes: { ...CHAT, ...used(1, 1), 'gen_ai.operation.name': 'dream' } },
      'operation_unknown',
      /"dream"/,
    ],
    ['a negative count', { attributes: { ...CHAT, ...used(-1, 1) } }, 'tokens_negative', /tokens_in is -1/],
    ['half a token', { attributes: { ...CHAT, ...used(0.5, 1) } }, 'field_invalid', /whole number/],
    [
      'too long ago',
      { attributes: { ...CHAT, ...used(1, 1) }, startAt: new Date('2026-10-01T00:00:00Z') },
      'ts_too_old',
      /7 days/,
    ],
  ])('is refused with its code and reason: %s', (_name, emitted, code, reason) => {
    const { events, rejected } = readSpans(emitted)
    expect(events).toEqual([])
    expect(rejected).toEqual([{ code, reason: expect.stringMatching(reason) }])
  })

  it('is no call at all when it has neither usage nor a name that we know', () => {
    const spans = [
      { attributes: { 'http.route': '/x' } },
      { attributes: { 'gen_ai.operation.name': 'dream' } },
    ]
    expect(readSpans(...spans)).toEqual({ events: [], rejected: [] })
    expect(readSpans({ attributes: { ...CHAT, 'gen_ai.operation.name': 'rerank' } }).rejected).toEqual([])
  })
})

describe('what an emitter writes in its own way', () => {
  it('is additive when the cache exceeds the input, or when a total says so', () => {
    const cache = { 'gen_ai.usage.cache_read.input_tokens': 2000 }
    const small = only({ attributes: { ...CHAT, ...used(100, 10), ...cache } })
    expect(small).toMatchObject({
      tokens: { in: 2100, cacheRead: 2000 },
      tags: { usage_normalised: 'additive' },
    })
    const total = { 'gen_ai.usage.total_tokens': 5010 }
    const large = only({ attributes: { ...CHAT, ...used(3000, 10), ...cache, ...total } })
    expect(large).toMatchObject({
      tokens: { in: 5000, cacheRead: 2000 },
      tags: { usage_normalised: 'additive' },
    })
  })

  it('is additive from the AI SDK up to 5 for Anthropic, and not from 6 on, which tells the parts', () => {
    const call = {
      'ai.operationId': 'ai.streamText.doStream',
      'ai.model.provider': 'anthropic.messages',
      'ai.model.id': 'claude-sonnet-4-5',
      'ai.usage.inputTokens': 3000,
      'ai.usage.outputTokens': 10,
      'ai.usage.cachedInputTokens': 2000,
    }
    expect(only({ attributes: call }).tokens).toMatchObject({ in: 5000, cacheRead: 2000 })
    const parts = { 'ai.usage.inputTokenDetails.noCacheTokens': 1000 }
    expect(only({ attributes: { ...call, ...parts } }).tokens).toMatchObject({ in: 3000, cacheRead: 2000 })
    const openai = { ...call, 'ai.model.provider': 'openai.chat', 'ai.model.id': 'gpt-4o' }
    expect(only({ attributes: openai }).tokens).toMatchObject({ in: 3000, cacheRead: 2000 })
  })

  it('reads counts that are doubles or texts, and passes over what is no number', () => {
    const event = only({
      attributes: {
        ...CHAT,
        'gen_ai.usage.input_tokens': Number.NaN,
        'llm.token_count.prompt': '12',
        'gen_ai.usage.output_tokens': 3.0,
      },
    })
    expect(event.tokens).toEqual(tokens({ in: 12, out: 3 }))
  })

  it('keeps labels that are too long or hold control characters, cut and cleaned', () => {
    const event = only({
      attributes: {
        ...CHAT,
        ...used(1, 1),
        'user.id': `a\u0000b${'\u{1F600}'.repeat(300)}`,
        'session.id': '\n\n',
      },
    })
    expect(event.userId?.startsWith('a b\u{1F600}')).toBe(true)
    expect(event.userId?.length).toBeLessThanOrEqual(256)
    expect(event.sessionId).toBeNull()
  })

  it('takes the service for the route unless the SDK made its name up', () => {
    const spans = [{ attributes: { ...CHAT, ...used(1, 1) } }]
    expect(read({ spans, resource: { 'service.name': 'unknown_service:node' } }).events[0]?.route).toBeNull()
    expect(read({ spans, resource: { 'service.name': 'api' } }).events[0]?.route).toBe('api')
    expect(read({ spans, resource: { 'deployment.environment': 'qa' } }).events[0]?.environment).toBe('qa')
  })

  it('is identified by its span when its response id is one that a local server gives to every answer', () => {
    const attributes = { ...CHAT, ...used(1, 1), 'gen_ai.response.id': 'chatcmpl-123' }
    const { events } = readSpans({ attributes }, { attributes })
    expect(new Set(events.map((event) => event.requestId)).size).toBe(2)
    expect(events[0]?.requestId).toBe(`${events[0]?.traceId}-${events[0]?.spanId}`)
    expect(events[0]?.providerResponseId).toBe('chatcmpl-123')
  })
})
