/** Builder for tests and pictures: what Home shows of two projects, with what a test cares about changed. */
import { usd } from '../../core/money.ts'
import type { ListedApiKey } from '../../db/postgres/api-key-deeds.ts'
import type { StoredDeed } from '../../db/postgres/audit-list.ts'
import { DEFAULT_CHOICE } from '../home/choice.ts'
import type { HomeFacts } from './home-facts.ts'

const PROJECTS = [
  { id: 'prj_search', name: 'search', spent: usd('1402.73'), events: 77_231, unpricedEvents: 0 },
  { id: 'prj_support-bot', name: 'support-bot', spent: usd('884.40'), events: 51_200, unpricedEvents: 0 },
]

export const aHome = (facts: Partial<HomeFacts> = {}): HomeFacts => ({
  choice: DEFAULT_CHOICE,
  projects: PROJECTS,
  sums: {
    ...{ today: usd('31.20'), sameDayLastWeek: usd('64.10') },
    ...{ week: usd('430.55'), weekBefore: usd('391.40') },
  },
  budgets: [],
  forecasts: new Map(),
  stops: [],
  keys: [],
  deeds: [],
  archive: {
    kind: 'read',
    latency: { calls: 51_200, p50Ms: 820, p95Ms: 2_410, p99Ms: 9_000, ttftP50Ms: 310, ttftP95Ms: 900 },
    unpriced: [],
    charts: null,
  },
  ingestUrl: 'https://ingest.example.com',
  asOf: new Date('2026-11-20T12:00:00Z'),
  ...facts,
})

const AT = new Date('2026-11-20T11:58:00Z')

export const aKey = (facts: Partial<ListedApiKey> = {}): ListedApiKey => ({
  ...{ id: 'key_1', orgId: 'org_1', projectId: 'prj_1', projectName: 'search', name: 'production' },
  ...{ prefix: 'lens_abc', scopes: ['ingest'], person: null, requestsPerMinute: null, createdBy: 'U1' },
  ...{ lastUsedAt: AT, expiresAt: null, revokedAt: null, replacedBy: null, createdAt: AT },
  ...facts,
})

export const aDeed = (facts: Partial<StoredDeed> = {}): StoredDeed => ({
  ...{ id: 'aud_1', orgId: 'org_1', at: AT, actor: 'U1', action: 'budget.made', subject: 'bud_1' },
  ...{ before: null, after: null, origin: 'slack' },
  ...facts,
})
