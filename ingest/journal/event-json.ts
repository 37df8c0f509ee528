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
import { type Fields, openFields } from './event-fields.ts'
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
    requestId: fields.text('requestId'),
    attempt: fields.number('attempt'),
    ts: fields.instant('ts'),
    environment: fields.text('environment'),
    userId: fields.textOrNull('userId'),
    route: fields.textOrNull('route'),
    sessionId: fields.textOrNull('sessionId'),
    provider: fields.text('provider'),
    model: fields.text('model'),
    serviceTier: fields.textOrNull('serviceTier'),
    tokens: fromJournalTokens(fields.nested('tokens')),
    tokensEstimated: fields.flag('tokensEstimated'),
    rawUsage: fields.textOrNull('rawUsage'),
    reportedCost: fields.moneyOrNull('reportedCost'),
    latencyMs: fields.number('latencyMs'),
    ttftMs: fields.numberOrNull('ttftMs'),
    streamed: fields.flag('streamed'),
    status: fields.oneOf('status', EVENT_STATUSES),
    source: fields.oneOf('source', EVENT_SOURCES),
    providerResponseId: fields.textOrNull('providerResponseId'),
    traceId: fields.textOrNull('traceId'),
    spanId: fields.textOrNull('spanId'),
    tags: fields.textRecord('tags'),
    metadata: fields.text('metadata'),
    orgId: fields.text('orgId'),
    projectId: fields.text('projectId'),
    apiKeyId: fields.text('apiKeyId'),
    cost: fields.moneyOrNull('cost'),
    costSource: fields.oneOf('costSource', COST_SOURCES),
    priceVersion: fields.textOrNull('priceVersion'),
    sampled: fields.flag('sampled'),
    receivedAt: fields.instant('receivedAt'),
  }
  fields.end()
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
    in: fields.number('in'),
    out: fields.number('out'),
    cacheRead: fields.number('cacheRead'),
    cacheWrite5m: fields.number('cacheWrite5m'),
    cacheWrite1h: fields.number('cacheWrite1h'),
    reasoning: fields.number('reasoning'),
    audioIn: fields.number('audioIn'),
    audioOut: fields.number('audioOut'),
  }
  fields.end()
  return tokens
}

const toJournalMoney = (amount: NanoUsd | null): string | null => (amount === null ? null : amount.toString())

/** JSON turns NaN and infinity into null, which would stay unreadable in the journal for good. */
function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value
  throw new JournalError('event_unwritable', `event field ${name} is ${value}; it must be a finite number`)
}
