/** A batch of events: what cannot be counted is named by its index, and the rest is taken. */
import { isJsonObject } from './field-reader.ts'
import { type ParseContext, parseEvent } from './parse-event.ts'
import type { Rejection } from './rejection.ts'
import { showName, showValue } from './show-value.ts'
import type { UsageEvent } from './usage-event.ts'

export const BATCH_EVENTS_MAX = 1000

export interface AcceptedEvent {
  readonly index: number
  readonly event: UsageEvent
}

export interface RejectedEvent extends Rejection {
  readonly index: number
}

export type ParsedBatch =
  | {
      readonly kind: 'batch'
      readonly events: readonly AcceptedEvent[]
      readonly rejected: readonly RejectedEvent[]
    }
  | { readonly kind: 'refused'; readonly code: 'body_not_batch'; readonly reason: string }

/** Never throws. Of one identity (request_id, attempt) within the batch the first that can be counted is taken. */
export function parseBatch(body: unknown, context: ParseContext): ParsedBatch {
  const list = eventsOf(body)
  if (typeof list === 'string') return { kind: 'refused', code: 'body_not_batch', reason: list }
  const events: AcceptedEvent[] = []
  const rejected: RejectedEvent[] = []
  const indexOfIdentity = new Map<string, number>()
  for (const [index, value] of list.entries()) {
    const parsed = parseEvent(value, context)
    if (parsed.kind === 'rejected') {
      rejected.push({ index, code: parsed.code, reason: parsed.reason })
      continue
    }
    const { event } = parsed
    // No text of an event holds a control character, so no two identities share a key.
    const identity = `${event.requestId}\n${event.attempt}`
    const first = indexOfIdentity.get(identity)
    if (first === undefined) {
      indexOfIdentity.set(identity, index)
      events.push({ index, event })
    } else {
      rejected.push({ index, code: 'duplicate_in_batch', reason: repeats(event, first) })
    }
  }
  return { kind: 'batch', events, rejected }
}

function eventsOf(body: unknown): readonly unknown[] | string {
  if (!isJsonObject(body)) return `the body is ${showValue(body)}; it must be {"events": [...]}`
  const other = Object.keys(body).find((name) => name !== 'events')
  if (other !== undefined)
    return `the body has "${showName(other)}"; it must be {"events": [...]} and nothing else`
  const { events } = body
  if (!Array.isArray(events)) return `events is ${showValue(events)}; it must be a list of events`
  if (events.length < 1 || events.length > BATCH_EVENTS_MAX) {
    return `events holds ${events.length} events; it must hold 1 to ${BATCH_EVENTS_MAX}`
  }
  return events
}

const repeats = (event: UsageEvent, first: number): string =>
  `request_id "${showName(event.requestId)}" with attempt ${event.attempt} is already at index ${first} of this batch`
