/** A call of a known worst case, as ingest asks for it. */
import type { CallFacts } from '../../core/budget/scope.ts'
import { identityOf } from '../../core/event/identity.ts'
import { usd } from '../../core/money.ts'
import type { AskedHold } from '../../db/postgres/grant-holds.ts'

export const FACTS: Omit<CallFacts, 'projectId'> = {
  provider: 'openai',
  model: 'gpt-4o',
  route: null,
  userId: null,
  apiKeyId: 'key_1',
  environment: 'production',
  tags: {},
}

export interface AskGiven {
  readonly orgId: string
  readonly projectId: string
  readonly requestId: string
  /** In dollars. */
  readonly amount: string
}

export const askOf = ({ orgId, projectId, requestId, amount }: AskGiven): AskedHold => ({
  facts: { ...FACTS, orgId, projectId },
  ...{ requestId, attempt: 1, identity: identityOf({ projectId, requestId, attempt: 1 }), ttlS: 600 },
  wanted: { kind: 'known', amount: usd(amount), priceVersion: 'test' },
})
