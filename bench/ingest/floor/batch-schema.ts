/** The field table of docs/api.md as a JSON schema, for the floor alone: ingest has a parser of its own. */
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength })
const whole = (maximum: number) => ({ type: 'integer', minimum: 0, maximum })
const name = text(256)
const duration = whole(86_400_000)
const count = whole(1_000_000_000)

const COUNTS = [
  ...['tokens_in', 'tokens_out', 'tokens_cache_read', 'tokens_cache_write_5m', 'tokens_cache_write_1h'],
  ...['tokens_reasoning', 'tokens_audio_in', 'tokens_audio_out'],
]

const EVENT_SCHEMA = {
  type: 'object',
  required: ['request_id', 'ts', 'provider', 'model', 'latency_ms'],
  additionalProperties: false,
  properties: {
    request_id: text(128),
    attempt: { type: 'integer', minimum: 1, maximum: 100 },
    ts: { type: 'string', format: 'date-time' },
    provider: text(64),
    model: text(128),
    usage: { type: 'object' },
    ...Object.fromEntries(COUNTS.map((field) => [field, count])),
    tokens_estimated: { type: 'boolean' },
    latency_ms: duration,
    ttft_ms: duration,
    streamed: { type: 'boolean' },
    status: { enum: ['ok', 'rate_limited', 'error', 'aborted', 'blocked'] },
    environment: text(64),
    user_id: name,
    route: name,
    session_id: name,
    service_tier: name,
    provider_response_id: name,
    trace_id: name,
    span_id: name,
    reported_cost_usd: { type: 'string', pattern: '^\\d{1,7}(\\.\\d{1,9})?$' },
    tags: { type: 'object', maxProperties: 32, additionalProperties: { type: 'string', maxLength: 256 } },
    metadata: {},
  },
} as const

export const BATCH_SCHEMA = {
  type: 'object',
  required: ['events'],
  additionalProperties: false,
  properties: { events: { type: 'array', minItems: 1, maxItems: 1000, items: EVENT_SCHEMA } },
} as const
