/**
 * A request for a hold as the budgets see it: whose it is, as the key says; its facts as its event will be stored, so that
 * it is held by the counters that will count it; and what it can cost.
 */
import { callFactsOf } from '../../core/event/call-facts.ts'
import { identityOf } from '../../core/event/identity.ts'
import type { UsageEvent } from '../../core/event/usage-event.ts'
import type { HoldRequest } from '../../core/hold/parse-hold.ts'
import { wantedOf } from '../../core/hold/wanted.ts'
import { redactEvent } from '../../core/redact/redact-event.ts'
import { NO_TOKENS } from '../../core/usage/token-laws.ts'
import type { AskedHold } from '../../db/postgres/grant-holds.ts'
import type { KnownApiKey } from '../keys/known-keys.ts'

export function askOfRequest(request: HoldRequest, key: KnownApiKey, now: Date): AskedHold {
  const { id: apiKeyId, orgId, projectId } = key
  const { redaction, redactionKey, prices } = key.rules
  const { event } = redactEvent(eventAhead(request, now), redaction, redactionKey)
  const { requestId, attempt } = event
  return {
    facts: { ...callFactsOf({ ...event, projectId, apiKeyId }), orgId },
    ...{ requestId, attempt, identity: identityOf({ projectId, requestId, attempt }) },
    wanted: wantedOf(request, prices, now),
    ttlS: request.ttlS,
  }
}

/** The event that will report the call, as far as it is known. */
const eventAhead = (request: HoldRequest, now: Date): UsageEvent => ({
  requestId: request.requestId,
  attempt: request.attempt,
  ts: now,
  environment: request.environment,
  userId: request.userId,
  route: request.route,
  sessionId: null,
  provider: request.provider,
  model: request.model,
  serviceTier: request.serviceTier,
  tokens: NO_TOKENS,
  tokensEstimated: false,
  rawUsage: null,
  reportedCost: null,
  latencyMs: 0,
  ttftMs: null,
  streamed: false,
  status: 'ok',
  source: 'sdk',
  providerResponseId: null,
  traceId: null,
  spanId: null,
  tags: request.tags,
  metadata: '{}',
})
