/**
 * An event as one line of the journal: JSON, money as decimal strings of nano-dollars, instants as epoch
 * milliseconds. Invariant: what is written can be read back and is equal; anything else is refused by field name.
 */
import {
  COST_SOURCES,
  EVENT_SOURCES,
  EVENT_STATUSES,
  type PricedEvent,
  type TokenUsage,
} from '../../core/event/usage-event.ts'
import type { NanoUsd } from '../../core/money.ts'
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
import { JournalError } from './journal-error.ts'

export function toJournalLine(event: PricedEvent): string {
  return JSON.stringify({
    requestId: event.requestId,
    attempt: finite('attempt', event.attempt),
    ts: finite('ts', event.ts.getTime()),
    environment: event.environment,
    userId: event.userId,
    route: event.route,
    sessionId: event.sessionId,
    provider: event.provider,
    model: event.model,
    serviceTier: event.serviceTier,
    tokens: toJournalTokens(event.tokens),
    tokensEstimated: event.tokensEstimated,
    rawUsage: event.rawUsage,
    reportedCost: toJournalMoney(event.reportedCost),
    latencyMs: finite('latencyMs', event.latencyMs),
    ttftMs: event.ttftMs === null ? null : finite('ttftMs', event.ttftMs),
    streamed: event.streamed,
    status: event.status,
    source: event.source,
    providerResponseId: event.providerResponseId,
    traceId: event.traceId,
    spanId: event.spanId,
    tags: event.tags,
    metadata: event.metadata,
    orgId: event.orgId,
    projectId: event.projectId,
    apiKeyId: event.apiKeyId,
    cost: toJournalMoney(event.cost),
    costSource: event.costSource,
    priceVersion: event.priceVersion,
    sampled: event.sampled,
    receivedAt: finite('receivedAt', event.receivedAt.getTime()),
  })
}

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

function toJournalTokens(tokens: TokenUsage): TokenUsage {
  return {
    in: finite('tokens.in', tokens.in),
    out: finite('tokens.out', tokens.out),
    cacheRead: finite('tokens.cacheRead', tokens.cacheRead),
    cacheWrite5m: finite('tokens.cacheWrite5m', tokens.cacheWrite5m),
    cacheWrite1h: finite('tokens.cacheWrite1h', tokens.cacheWrite1h),
    reasoning: finite('tokens.reasoning', tokens.reasoning),
    audioIn: finite('tokens.audioIn', tokens.audioIn),
    audioOut: finite('tokens.audioOut', tokens.audioOut),
  }
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

const toJournalMoney = (amount: NanoUsd | null): string | null => (amount === null ? null : amount.toString())

/** JSON turns NaN and infinity into null, which would stay unreadable in the journal for good. */
function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value
  throw new JournalError('event_unwritable', `event field ${name} is ${value}; it must be a finite number`)
}
