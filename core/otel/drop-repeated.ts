/**
 * Of spans that tell one call twice, the inner one is kept: a framework's span around an instrumented client's repeats
 * it, and both look like a provider call.
 * Invariant: what is dropped is told by what stays, so no call is lost.
 */
import type { SpanCall } from './call-of-span.ts'
import type { OtlpSpan } from './otlp-span.ts'

/** Deeper nesting is not looked through: the work stays in proportion to the spans, whatever the request. */
const DEPTH_MAX = 64

export function dropRepeated(spans: readonly OtlpSpan[], calls: readonly SpanCall[]): readonly SpanCall[] {
  const spanOf = new Map(spans.map((span) => [keyOf(span), span]))
  const callOf = new Map(calls.map((call) => [keyOf(call.span), call]))
  const wrappers = new Set<SpanCall>()
  const inside = new Map<SpanCall, SpanCall[]>()
  for (const call of calls) {
    const around = nearestWithUsage(call)
    if (around) listOf(inside, around).push(call)
  }
  return calls.filter((call) => !wrappers.has(call) && !repeats(call, inside.get(call) ?? []))

  /** The nearest call around this one that has usage; those without on the way only wrap it. */
  function nearestWithUsage(call: SpanCall): SpanCall | null {
    let span: OtlpSpan | undefined = call.span
    for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
      if (span.parentSpanId === null) return null
      span = spanOf.get(`${span.traceId}-${span.parentSpanId}`)
      if (!span || span === call.span) return null
      const around = callOf.get(keyOf(span))
      if (around?.usage) return around
      if (around) wrappers.add(around)
    }
    return null
  }
}

function repeats(call: SpanCall, inside: readonly SpanCall[]): boolean {
  if (inside.length === 0) return false
  if (call.responseId !== null && inside.some(({ responseId }) => responseId === call.responseId)) return true
  const sum = (part: 'in' | 'out') => inside.reduce((total, { usage }) => total + (usage?.[part] ?? 0), 0)
  return call.usage?.in === sum('in') && call.usage.out === sum('out')
}

function listOf(lists: Map<SpanCall, SpanCall[]>, call: SpanCall): SpanCall[] {
  const list = lists.get(call) ?? []
  lists.set(call, list)
  return list
}

const keyOf = ({ traceId, spanId }: OtlpSpan): string => `${traceId}-${spanId}`
