/** The calls that the spans of one request tell, each once, as events; what cannot be counted is named. */
import { parseEvent } from '../event/parse-event.ts'
import type { UsageEvent } from '../event/usage-event.ts'
import { callOfSpan, type SpanCall } from './call-of-span.ts'
import { dropRepeated } from './drop-repeated.ts'
import { eventOfCall } from './event-of-call.ts'
import type { OtlpSpan } from './otlp-span.ts'
import type { SpanRejection } from './span-rejection.ts'

export interface SpansRead {
  readonly events: readonly UsageEvent[]
  /** Why, once for each span that was refused. Spans that are no provider call are not refused. */
  readonly rejected: readonly SpanRejection[]
}

export function eventsOfSpans(spans: readonly OtlpSpan[], receivedAt: Date): SpansRead {
  const calls: SpanCall[] = []
  const rejected: SpanRejection[] = []
  for (const span of spans) {
    const read = callOfSpan(span)
    if (read.kind === 'call') calls.push(read.call)
    if (read.kind === 'rejected') rejected.push({ code: read.code, reason: read.reason })
  }
  const events = new Map<string, UsageEvent>()
  for (const call of dropRepeated(spans, calls)) {
    const told = eventOfCall(call)
    const parsed = told.kind === 'event' ? parseEvent(told.value, { receivedAt, source: 'otlp' }) : told
    if (parsed.kind === 'rejected') rejected.push({ code: parsed.code, reason: parsed.reason })
    // Two instrumentations of one client tell one call side by side; the first counts, as it does over requests.
    else if (!events.has(parsed.event.requestId)) events.set(parsed.event.requestId, parsed.event)
  }
  return { events: [...events.values()], rejected }
}
