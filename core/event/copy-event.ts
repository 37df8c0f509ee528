/**
 * A copy of an event with its price, field by field. A spread of so many fields makes an object that the engine keeps
 * as a dictionary, and each read of it afterwards costs several times as much (docs/performance.md).
 */
import type { EventCost, EventOwner, PricedEvent, UsageEvent } from './usage-event.ts'

type Priced = EventOwner & EventCost & Pick<PricedEvent, 'sampled' | 'receivedAt'>

export const withPrice = (event: UsageEvent, facts: Priced): PricedEvent => ({
  requestId: event.requestId,
  attempt: event.attempt,
  ts: event.ts,
  environment: event.environment,
  userId: event.userId,
  route: event.route,
  sessionId: event.sessionId,
  provider: event.provider,
  model: event.model,
  serviceTier: event.serviceTier,
  tokens: event.tokens,
  tokensEstimated: event.tokensEstimated,
  rawUsage: event.rawUsage,
  reportedCost: event.reportedCost,
  latencyMs: event.latencyMs,
  ttftMs: event.ttftMs,
  streamed: event.streamed,
  status: event.status,
  source: event.source,
  providerResponseId: event.providerResponseId,
  traceId: event.traceId,
  spanId: event.spanId,
  tags: event.tags,
  metadata: event.metadata,
  orgId: facts.orgId,
  projectId: facts.projectId,
  apiKeyId: facts.apiKeyId,
  cost: facts.cost,
  costSource: facts.costSource,
  priceVersion: facts.priceVersion,
  sampled: facts.sampled,
  receivedAt: facts.receivedAt,
})
