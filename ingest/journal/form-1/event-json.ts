/**
 * An event as one line of a record of form 1, which versions before wrote: JSON, money as decimal strings of
 * nano-dollars, instants as epoch milliseconds. Invariant: what is no such event is refused by field name.
 */
import {
  COST_SOURCES,
  EVENT_SOURCES,
  EVENT_STATUSES,
  type PricedEvent,
  type TokenUsage,
} from '../../../core/event/usage-event.ts'
import {
  endFields,
  type Fields,
  flagOf,
  instantOf,
  memberOf,
  moneyOrNullOf,
  nestedOf,
  numberOf,
  numberOrNullOf,
  openFields,
  textOf,
  textOrNullOf,
  textRecordOf,
} from './event-fields.ts'

/** Throws `event_unreadable`, naming the field, for a line that is not exactly an event. */
export function fromJournalLine(line: string): PricedEvent {
  const fields = openFields(line)
  const event: PricedEvent = {
    requestId: textOf(fields, 'requestId'),
    attempt: numberOf(fields, 'attempt'),
    ts: instantOf(fields, 'ts'),
    environment: textOf(fields, 'environment'),
    userId: textOrNullOf(fields, 'userId'),
    route: textOrNullOf(fields, 'route'),
    sessionId: textOrNullOf(fields, 'sessionId'),
    provider: textOf(fields, 'provider'),
    model: textOf(fields, 'model'),
    serviceTier: textOrNullOf(fields, 'serviceTier'),
    tokens: fromJournalTokens(nestedOf(fields, 'tokens')),
    tokensEstimated: flagOf(fields, 'tokensEstimated'),
    rawUsage: textOrNullOf(fields, 'rawUsage'),
    reportedCost: moneyOrNullOf(fields, 'reportedCost'),
    latencyMs: numberOf(fields, 'latencyMs'),
    ttftMs: numberOrNullOf(fields, 'ttftMs'),
    streamed: flagOf(fields, 'streamed'),
    status: memberOf(fields, 'status', EVENT_STATUSES),
    source: memberOf(fields, 'source', EVENT_SOURCES),
    providerResponseId: textOrNullOf(fields, 'providerResponseId'),
    traceId: textOrNullOf(fields, 'traceId'),
    spanId: textOrNullOf(fields, 'spanId'),
    tags: textRecordOf(fields, 'tags'),
    metadata: textOf(fields, 'metadata'),
    orgId: textOf(fields, 'orgId'),
    projectId: textOf(fields, 'projectId'),
    apiKeyId: textOf(fields, 'apiKeyId'),
    cost: moneyOrNullOf(fields, 'cost'),
    costSource: memberOf(fields, 'costSource', COST_SOURCES),
    priceVersion: textOrNullOf(fields, 'priceVersion'),
    sampled: flagOf(fields, 'sampled'),
    receivedAt: instantOf(fields, 'receivedAt'),
  }
  endFields(fields)
  return event
}

function fromJournalTokens(fields: Fields): TokenUsage {
  const tokens: TokenUsage = {
    in: numberOf(fields, 'in'),
    out: numberOf(fields, 'out'),
    cacheRead: numberOf(fields, 'cacheRead'),
    cacheWrite5m: numberOf(fields, 'cacheWrite5m'),
    cacheWrite1h: numberOf(fields, 'cacheWrite1h'),
    reasoning: numberOf(fields, 'reasoning'),
    audioIn: numberOf(fields, 'audioIn'),
    audioOut: numberOf(fields, 'audioOut'),
  }
  endFields(fields)
  return tokens
}
