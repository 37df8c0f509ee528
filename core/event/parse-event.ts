/**
 * The one way from `unknown` to a UsageEvent, by the field table of docs/api.md.
 * Invariant: what comes out satisfies every limit of that table, so nothing inside checks again.
 */
import { usd } from '../money.ts'
import { withRegion } from '../usage/service-tier.ts'
import { NO_TOKENS } from '../usage/token-laws.ts'
import { isJsonObject, type JsonObject, readFields } from './field-reader.ts'
import { outsideHorizon } from './horizon.ts'
import { parseTokens } from './parse-tokens.ts'
import type { Rejection, RejectionCode } from './rejection.ts'
import { showName, showValue } from './show-value.ts'
import { EVENT_STATUSES, type EventSource, type UsageEvent } from './usage-event.ts'

export interface ParseContext {
  readonly receivedAt: Date
  /** Which way the events came; 'sdk' when not said. */
  readonly source?: EventSource
}

export type ParsedEvent =
  | { readonly kind: 'event'; readonly event: UsageEvent }
  | { readonly kind: 'rejected'; readonly code: RejectionCode; readonly reason: string }

const ATTEMPT = { from: 1, to: 100 }
const DURATION_MS = { from: 0, to: 24 * 60 * 60 * 1000 }
const TAGS = { tagsMax: 32, keyCharsMax: 64, valueCharsMax: 256 }
const METADATA = { bytesMax: 8 * 1024, depthMax: 8 }
/** Far above any call, far below where a sum leaves the 64 bits of the stores. */
const REPORTED_COST_MAX = usd('1000000')
const NAME_CHARS_MAX = 256

const FIELDS: ReadonlySet<string> = new Set([
  ...['request_id', 'attempt', 'ts', 'provider', 'model', 'usage', 'tokens_in', 'tokens_out'],
  ...['tokens_cache_read', 'tokens_cache_write_5m', 'tokens_cache_write_1h', 'tokens_audio_in'],
  ...['tokens_reasoning', 'tokens_audio_out', 'tokens_estimated', 'latency_ms', 'ttft_ms', 'streamed'],
  ...['status', 'environment', 'user_id', 'route', 'session_id', 'service_tier', 'provider_response_id'],
  ...['trace_id', 'span_id', 'reported_cost_usd', 'tags', 'metadata'],
])

/** Never throws. The provider is lower-cased, so that one provider is one line in every report. */
export function parseEvent(value: unknown, context: ParseContext): ParsedEvent {
  if (!isJsonObject(value)) {
    return rejected({
      code: 'event_not_object',
      reason: `the event is ${showValue(value)}; it must be an object`,
    })
  }
  const unknown = unknownIn(value)
  if (unknown !== undefined) {
    return rejected({
      code: 'field_unknown',
      reason: `"${showName(unknown)}" is no field of an event; free data belongs in metadata`,
    })
  }
  const fields = readFields(value)
  const provider = fields.text('provider', 64).toLowerCase()
  const serviceTier = fields.textOrNull('service_tier', NAME_CHARS_MAX)
  const counted = parseTokens(value, provider)
  const isCounted = counted.kind === 'counted'
  // One literal, not a spread of parts: those become dictionaries, and all that reads them slow.
  const event: UsageEvent = {
    requestId: fields.text('request_id', 128),
    attempt: fields.integer('attempt', ATTEMPT, 1),
    ts: fields.instant('ts'),
    environment: fields.text('environment', 64, 'production'),
    userId: fields.textOrNull('user_id', NAME_CHARS_MAX),
    route: fields.textOrNull('route', NAME_CHARS_MAX),
    sessionId: fields.textOrNull('session_id', NAME_CHARS_MAX),
    provider,
    model: fields.text('model', 128),
    serviceTier: isCounted ? withRegion(serviceTier ?? counted.said.tier, counted.said.region) : serviceTier,
    tokens: isCounted ? counted.tokens : NO_TOKENS,
    tokensEstimated: fields.flag('tokens_estimated'),
    rawUsage: isCounted ? counted.rawUsage : null,
    reportedCost: fields.amountOrNull('reported_cost_usd', REPORTED_COST_MAX),
    latencyMs: fields.integer('latency_ms', DURATION_MS),
    ttftMs: fields.integerOrNull('ttft_ms', DURATION_MS),
    streamed: fields.flag('streamed'),
    status: fields.choice('status', EVENT_STATUSES, 'ok'),
    source: context.source ?? 'sdk',
    providerResponseId: fields.textOrNull('provider_response_id', NAME_CHARS_MAX),
    traceId: fields.textOrNull('trace_id', NAME_CHARS_MAX),
    spanId: fields.textOrNull('span_id', NAME_CHARS_MAX),
    tags: fields.tags('tags', TAGS),
    metadata: fields.json('metadata', METADATA),
  }
  const problem = fields.problem() ?? outsideHorizon(event.ts, context.receivedAt)
  if (problem) return rejected(problem)
  return isCounted ? { kind: 'event', event } : counted
}

function unknownIn(value: JsonObject): string | undefined {
  for (const name of Object.keys(value)) if (!FIELDS.has(name)) return name
  return undefined
}

const rejected = ({ code, reason }: Rejection): ParsedEvent => ({ kind: 'rejected', code, reason })
