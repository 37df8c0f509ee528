/** An event as the journal and the ledger take it: valid unless told otherwise, unpriced until given a cost. */
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { NO_TOKENS } from '../../core/usage/token-laws.ts'

export function aPricedEvent(given: Partial<PricedEvent> = {}): PricedEvent {
  const { ts = new Date('2026-11-10T12:00:00Z'), cost = null } = given
  return {
    orgId: 'org_1',
    projectId: 'prj_1',
    apiKeyId: 'key_1',
    requestId: 'r1',
    attempt: 1,
    environment: 'production',
    userId: null,
    route: null,
    sessionId: null,
    provider: 'openai',
    model: 'gpt-4o',
    serviceTier: null,
    tokens: { ...NO_TOKENS, in: 1, out: 1 },
    tokensEstimated: false,
    rawUsage: null,
    reportedCost: null,
    latencyMs: 100,
    ttftMs: null,
    streamed: false,
    status: 'ok',
    source: 'sdk',
    providerResponseId: null,
    traceId: null,
    spanId: null,
    tags: {},
    metadata: '{}',
    sampled: true,
    ts,
    receivedAt: ts,
    cost,
    costSource: cost === null ? 'unpriced' : 'computed',
    priceVersion: cost === null ? null : 'test',
    ...given,
  }
}
