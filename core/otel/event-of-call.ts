/**
 * A call of a span in the words of POST /v1/events, whose parser is the only way to an event.
 * Texts that are only labels are cut to their limits; what identifies or costs is never altered.
 */
import { showName } from '../event/show-value.ts'
import type { SpanCall } from './call-of-span.ts'
import type { OtlpSpan } from './otlp-span.ts'
import { flagOf, numberOf, textOf } from './read-fact.ts'
import type { SpanRejection } from './span-rejection.ts'
import type { SpanUsage } from './span-usage.ts'

export type EventOfCall =
  | { readonly kind: 'event'; readonly value: Readonly<Record<string, unknown>> }
  | ({ readonly kind: 'rejected' } & SpanRejection)

const LABEL_CHARS_MAX = 256
const ENVIRONMENT_CHARS_MAX = 64
const REQUEST_ID_CHARS_MAX = 128
/** Providers make ids longer than this; what is shorter is a local server's, which may give it to every answer. */
const UNIQUE_ID_CHARS_MIN = 16
const REPORTED_COST_MAX = 1_000_000
/** The most that an event may say. */
const LATENCY_MS_MAX = 24 * 60 * 60 * 1000

export function eventOfCall(call: SpanCall): EventOfCall {
  const { span, model, usage, status, responseId } = call
  if (usage === null && status === 'ok') {
    return { kind: 'rejected', code: 'usage_missing', reason: withoutUsage(span) }
  }
  const ttftMs = ttftOf(span)
  const label = (fact: Parameters<typeof textOf>[1]) => textOf(span.attributes, fact, LABEL_CHARS_MAX)
  return {
    kind: 'event',
    value: {
      request_id: requestIdOf(call),
      ts: new Date(Number(span.startUnixNano / NANOS_PER_MS)).toISOString(),
      provider: call.provider,
      model: model ?? MODEL_UNKNOWN,
      ...tokensOf(usage),
      // The counts of a call that was cut off are what had come, at best.
      tokens_estimated: status === 'aborted',
      latency_ms: latencyOf(span),
      ttft_ms: ttftMs,
      streamed: ttftMs !== null || isStream(span),
      status,
      environment: environmentOf(span),
      user_id: label('userId'),
      route: routeOf(span) ?? serviceOf(span),
      session_id: label('sessionId'),
      service_tier: label('serviceTier'),
      provider_response_id: responseId,
      trace_id: span.traceId,
      span_id: span.spanId,
      ...reportedCostOf(span),
      ...(usage?.wasAdditive ? { tags: { usage_normalised: 'additive' } } : {}),
    },
  }
}

/** Counted as unpriced, which is seen, where a refusal would be lost; failed calls often name no model. */
const MODEL_UNKNOWN = 'unknown'

const withoutUsage = ({ scopeName }: OtlpSpan): string =>
  `a successful call has no token counts: its instrumentation "${showName(scopeName)}" leaves them out, or its client` +
  ' did not ask for them (OpenAI: stream_options.include_usage)'

const NANOS_PER_MS = 1_000_000n

/** The provider's own id makes the call one with every other span that tells it; else the span is the call. */
function requestIdOf({ responseId, span }: SpanCall): string {
  const chars = responseId?.length ?? 0
  const isUnique = chars >= UNIQUE_ID_CHARS_MIN && chars <= REQUEST_ID_CHARS_MAX
  return responseId !== null && isUnique ? responseId : `${span.traceId}-${span.spanId}`
}

function tokensOf(usage: SpanUsage | null): Readonly<Record<string, number>> {
  if (usage === null) return { tokens_in: 0, tokens_out: 0 }
  return {
    tokens_in: usage.in,
    tokens_out: usage.out,
    tokens_cache_read: usage.cacheRead,
    tokens_cache_write_5m: usage.cacheWrite5m,
    tokens_cache_write_1h: usage.cacheWrite1h,
    tokens_reasoning: usage.reasoning,
    tokens_audio_in: usage.audioIn,
    tokens_audio_out: usage.audioOut,
  }
}

function latencyOf({ startUnixNano, endUnixNano }: OtlpSpan): number {
  if (endUnixNano <= startUnixNano) return 0
  // Rounded, as a duration of 0.9 ms is nearer to 1 than to 0.
  const ms = (endUnixNano - startUnixNano + NANOS_PER_MS / 2n) / NANOS_PER_MS
  return Math.min(Number(ms), LATENCY_MS_MAX)
}

function ttftOf({ attributes }: OtlpSpan): number | null {
  const seconds = numberOf(attributes, 'ttftS')
  const ms = seconds === null ? numberOf(attributes, 'ttftMs') : seconds * 1000
  return ms === null || ms < 0 ? null : Math.min(Math.round(ms), LATENCY_MS_MAX)
}

const isStream = ({ attributes }: OtlpSpan): boolean =>
  flagOf(attributes, 'streamed') || /\.doStream$/.test(String(attributes.get('ai.operationId') ?? ''))

const environmentOf = ({ attributes, resourceAttributes }: OtlpSpan): string =>
  textOf(attributes, 'environment', ENVIRONMENT_CHARS_MAX) ??
  textOf(resourceAttributes, 'environment', ENVIRONMENT_CHARS_MAX) ??
  'production'

function routeOf({ attributes }: OtlpSpan): string | null {
  const route = textOf(attributes, 'route', LABEL_CHARS_MAX)
  return route === textOf(attributes, 'ownPath', LABEL_CHARS_MAX) ? null : route
}

/** Without a name from the user, SDKs of OpenTelemetry say "unknown_service" and the name of the executable. */
function serviceOf({ resourceAttributes }: OtlpSpan): string | null {
  const service = textOf(resourceAttributes, 'service', LABEL_CHARS_MAX)
  return service?.startsWith('unknown_service') ? null : service
}

/** A float of the emitter, kept to the nano-dollar and not trusted. */
function reportedCostOf({ attributes }: OtlpSpan): { reported_cost_usd?: string } {
  const cost = numberOf(attributes, 'reportedCost')
  if (cost === null || cost < 0 || cost > REPORTED_COST_MAX) return {}
  return { reported_cost_usd: cost.toFixed(9) }
}
