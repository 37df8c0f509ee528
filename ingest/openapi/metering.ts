/** What clients send: events, spans, payloads of LiteLLM. */
import {
  type Answer,
  answers,
  JSON_TYPE,
  keyWith,
  list,
  named,
  type Operation,
  object,
  type Paths,
  refusals,
  type Schema,
  takes,
  text,
  USD_SAID,
  whole,
} from './schema.ts'

const TOKENS = whole(0, 1_000_000_000)
const textOrNull: Schema = { type: ['string', 'null'], minLength: 1, maxLength: 256 }

const EVENT: Schema = {
  ...{ type: 'object', additionalProperties: false },
  required: ['request_id', 'ts', 'provider', 'model', 'latency_ms'],
  properties: {
    request_id: text(128),
    attempt: whole(1, 100),
    ts: { type: 'string', format: 'date-time' },
    provider: text(64),
    model: text(128),
    usage: { type: 'object', description: "The provider's own usage object, unchanged." },
    ...Object.fromEntries(
      [
        ...['tokens_in', 'tokens_out', 'tokens_cache_read', 'tokens_cache_write_5m', 'tokens_cache_write_1h'],
        ...['tokens_audio_in', 'tokens_reasoning', 'tokens_audio_out'],
      ].map((name) => [name, TOKENS]),
    ),
    tokens_estimated: { type: 'boolean' },
    latency_ms: whole(0, 86_400_000),
    ttft_ms: { type: ['integer', 'null'], minimum: 0, maximum: 86_400_000 },
    streamed: { type: 'boolean' },
    status: { type: 'string', enum: ['ok', 'rate_limited', 'error', 'aborted', 'blocked'] },
    environment: text(64),
    user_id: textOrNull,
    route: textOrNull,
    session_id: textOrNull,
    provider_response_id: textOrNull,
    trace_id: textOrNull,
    span_id: textOrNull,
    service_tier: textOrNull,
    reported_cost_usd: USD_SAID,
    tags: { type: 'object', maxProperties: 32, additionalProperties: { type: 'string', maxLength: 256 } },
    metadata: { type: 'object' },
  },
}

export const METERING_SCHEMAS: Readonly<Record<string, Schema>> = {
  Event: EVENT,
  BatchTaken: object(
    {
      accepted: whole(0),
      rejected: list(object({ index: whole(0), code: { type: 'string' }, reason: { type: 'string' } })),
      redacted: { type: 'object', additionalProperties: whole(1) },
    },
    ['redacted'],
  ),
}

const TAKEN: Answer = answers('What was accepted is on disk.', named('BatchTaken'))
const ingests = { tags: ['Metering'], security: keyWith('ingest') } as const
const anyJson: Schema = {}
const OTLP = {
  [JSON_TYPE]: { schema: anyJson },
  'application/x-protobuf': { schema: { type: 'string', contentEncoding: 'binary' } },
} as const

const ignored = (operationId: string, what: string): Operation => ({
  ...ingests,
  operationId,
  summary: `Takes OTLP ${what} and stores nothing, so that an exporter of all signals does not fail`,
  requestBody: { required: true, content: OTLP },
  responses: { '200': { description: 'An empty message.', content: OTLP }, ...refusals(413, 415) },
})

export const METERING: Paths = {
  '/v1/events': {
    post: {
      ...ingests,
      operationId: 'sendEvents',
      summary: 'Sends calls that were made; each is counted once, however often it is sent',
      requestBody: takes({
        ...{ type: 'object', required: ['events'] },
        properties: { events: list(named('Event'), { minItems: 1, maxItems: 1000 }) },
      }),
      responses: { '202': TAKEN, ...refusals(413, 415) },
    },
  },
  '/v1/traces': {
    post: {
      ...ingests,
      operationId: 'sendTraces',
      summary: 'Takes the spans of OpenTelemetry as an ExportTraceServiceRequest of OTLP/HTTP',
      requestBody: { required: true, content: OTLP },
      responses: {
        '200': { description: 'An ExportTraceServiceResponse; the calls are on disk.', content: OTLP },
        ...refusals(413, 415),
      },
    },
  },
  '/v1/litellm': {
    post: {
      ...ingests,
      operationId: 'sendLiteLlm',
      summary: "Takes what LiteLLM's generic API callback sends: a payload, a list, or one a line",
      requestBody: {
        required: true,
        content: { [JSON_TYPE]: { schema: anyJson }, 'application/x-ndjson': { schema: { type: 'string' } } },
      },
      responses: { '202': TAKEN, ...refusals(413, 415) },
    },
  },
  '/v1/metrics': { post: ignored('sendMetrics', 'metrics') },
  '/v1/logs': { post: ignored('sendLogs', 'logs') },
}
