/** POST /v1/traces: takes the provider calls among the spans of OpenTelemetry, so that its users need no SDK of ours. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { eventsOfSpans } from '../../core/otel/events-of-spans.ts'
import type { SpanRejection } from '../../core/otel/span-rejection.ts'
import { unreachable } from '../../core/unreachable.ts'
import { bytesOf } from '../body/read-body.ts'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { countByCode } from '../metrics/meter.ts'
import { redactedOrRefused, type TakeEventsDeps, takeEvents } from '../take-events.ts'
import { decodeJson } from './decode-json.ts'
import { decodeProtobuf } from './decode-protobuf.ts'
import { ATTRIBUTES_MAX, type DecodedSpans, SPANS_MAX } from './decoded-spans.ts'
import { jsonResponse, protobufResponse, type Refused } from './encode-answer.ts'
import { PROTOBUF_TYPES, protobufTypeOf } from './media-type.ts'

export interface PostTracesDeps extends TakeEventsDeps, AuthenticateDeps {}

/** Spans come with prompts, so they are larger than events; as sent and inflated. */
export const TRACES_BYTES_MAX = 8 * 1024 * 1024

export function registerPostTraces(app: FastifyInstance, deps: PostTracesDeps): void {
  // A scope of its own: only here is protobuf taken.
  app.register((scope, _options, done) => {
    scope.addContentTypeParser<Buffer>(PROTOBUF_TYPES, { parseAs: 'buffer' }, bytesOf)
    const onRequest = requireScope(deps, 'ingest')
    scope.post('/v1/traces', { onRequest, bodyLimit: TRACES_BYTES_MAX }, async (request, reply) => {
      const refused = await takeTraces(request, deps)
      const protobuf = protobufTypeOf(request)
      if (protobuf !== null) return reply.type(protobuf).send(protobufResponse(refused))
      return reply.send(jsonResponse(refused))
    })
    done()
  })
}

async function takeTraces(request: FastifyRequest, deps: PostTracesDeps): Promise<Refused | null> {
  const { key } = callerOf(request)
  const receivedAt = deps.now()
  const { body } = request
  const decoded = spansOf(body instanceof Uint8Array ? decodeProtobuf(body) : decodeJson(body))
  const { events, rejected } = eventsOfSpans(decoded.spans, receivedAt)
  if (events.length > 0) redactedOrRefused(await takeEvents(deps, { key, events, receivedAt }))
  const byCode = countByCode(rejected)
  if (decoded.unidentified > 0) byCode.set('span_unidentified', decoded.unidentified)
  deps.meter?.rejected(byCode)
  return refusedOf(rejected, decoded.unidentified)
}

function spansOf(decoded: DecodedSpans): Extract<DecodedSpans, { kind: 'spans' }> {
  switch (decoded.kind) {
    case 'spans':
      return decoded
    case 'malformed':
      throw new Refusal('body_not_otlp')
    case 'too_many':
      throw new Refusal(
        'body_too_large',
        `The body holds more than ${SPANS_MAX} spans, or ${ATTRIBUTES_MAX} attributes; send smaller batches.`,
      )
    default:
      return unreachable(decoded)
  }
}

const REASONS_MAX = 3

function refusedOf(rejected: readonly SpanRejection[], unidentified: number): Refused | null {
  const spans = rejected.length + unidentified
  if (spans === 0) return null
  const reasons = [...new Set(rejected.map(({ reason }) => reason))].slice(0, REASONS_MAX)
  if (unidentified > 0) reasons.push('a span has no valid trace id and span id')
  return { spans, message: `${spans} of the spans were not counted: ${reasons.join('; ')}` }
}
