/**
 * Spans as a program with OpenTelemetry makes them, encoded by OpenTelemetry's own exporters' serializers.
 */
import { type Attributes, type Context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'

export interface Emitted {
  readonly name?: string
  readonly attributes?: Attributes
  readonly failed?: boolean
  /** Prompts, as OpenLLMetry and the conventions before 1.36 put them. */
  readonly events?: Readonly<Record<string, Attributes>>
  readonly startAt?: Date
  readonly durationMs?: number
  readonly scope?: string
  readonly inside?: readonly Emitted[]
}

export interface EmittedRequest {
  readonly spans: readonly Emitted[]
  readonly resource?: Attributes
}

export const EMITTED_AT = new Date('2026-11-10T11:59:00.000Z')

/** In the order in which they end, children first, as exporters get them. */
export function emit({ spans, resource = { 'service.name': 'checkout' } }: EmittedRequest): ReadableSpan[] {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes(resource),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  })
  const emitOne = (emitted: Emitted, around: Context): void => {
    const { startAt = EMITTED_AT, durationMs = 1200 } = emitted
    const span = provider
      .getTracer(emitted.scope ?? 'test')
      .startSpan(emitted.name ?? 'call', { startTime: startAt, attributes: emitted.attributes ?? {} }, around)
    for (const [name, attributes] of Object.entries(emitted.events ?? {}))
      span.addEvent(name, attributes, startAt)
    for (const child of emitted.inside ?? []) emitOne(child, trace.setSpan(around, span))
    if (emitted.failed) span.setStatus({ code: SpanStatusCode.ERROR, message: 'it failed' })
    span.end(new Date(startAt.getTime() + durationMs))
  }
  for (const span of spans) emitOne(span, ROOT_CONTEXT)
  return exporter.getFinishedSpans()
}

export function toProtobuf(spans: readonly ReadableSpan[]): Buffer {
  return bytesOf(ProtobufTraceSerializer.serializeRequest([...spans]))
}

export function toJson(spans: readonly ReadableSpan[]): string {
  return bytesOf(JsonTraceSerializer.serializeRequest([...spans])).toString('utf8')
}

function bytesOf(bytes: Uint8Array | undefined): Buffer {
  if (!bytes) throw new Error('the serializer gave nothing')
  return Buffer.from(bytes)
}
