/** What the store tests of budgets start from: an organisation, a project and events of a known cost. */
import type { PricedEvent } from '../../core/event/usage-event.ts'
import type { NanoUsd } from '../../core/money.ts'
import { countBatch, type LedgerOutcome } from './ledger.ts'
import { openPostgres, type Postgres } from './open.ts'
import { ensureOrganisation, ensureProject, type Project } from './projects.ts'

export interface Ground {
  readonly postgres: Postgres
  readonly orgId: string
  readonly project: Project
  /** Counts one event of each cost, as the ledger of one journal does. */
  spend(costs: readonly (NanoUsd | null)[], at: Date): Promise<LedgerOutcome>
}

export async function layGround(url: string, now: Date): Promise<Ground> {
  const postgres = openPostgres(url)
  const { id: orgId } = await ensureOrganisation(postgres.tables, 'Test organisation', now)
  const project = await ensureProject(postgres.tables, { orgId, name: 'support-bot' }, now)
  let nextOffset = 0
  return {
    postgres,
    orgId,
    project,
    spend: (costs, at) => {
      const fromOffset = nextOffset
      nextOffset += costs.length
      const events = costs.map((cost, index) => ({
        offset: fromOffset + index,
        event: anEvent({ orgId, projectId: project.id, requestId: `r${fromOffset + index}`, ts: at, cost }),
      }))
      return countBatch(postgres, { journalId: 'journal-1', fromOffset, nextOffset, events }, at)
    },
  }
}

export function anEvent(given: Partial<PricedEvent>): PricedEvent {
  const ts = given.ts ?? new Date('2026-11-10T12:00:00Z')
  const cost = given.cost === undefined ? null : given.cost
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
    tokens: {
      in: 1,
      out: 1,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      reasoning: 0,
      audioIn: 0,
      audioOut: 0,
    },
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
    receivedAt: ts,
    ...given,
    ts,
    cost,
    costSource: cost === null ? 'unpriced' : 'computed',
    priceVersion: cost === null ? null : 'test',
  }
}
