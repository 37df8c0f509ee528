import { ClickHouseError } from '@clickhouse/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { DEFAULT_LADDER } from '../../core/budget/ladder.ts'
import { NO_FIGURES } from '../../core/budget/recount.ts'
import { MATCH_ALL } from '../../core/budget/scope.ts'
import { usd } from '../../core/money.ts'
import { MONTHLY_UTC } from '../../core/period/period-rule.ts'
import type { PreviewQuestion, StopPreview } from '../../db/clickhouse/queries/preview-stop.ts'
import { NOTHING_STOPPED } from '../../db/clickhouse/queries/stopped-spend.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { type IngestServer, openServer } from '../../test/ingest/a-server.ts'
import { noManaging } from '../../test/ingest/no-managing.ts'
import { deskOf, type Previewed } from './preview-desk.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined }
const of = (orgId: string): PreviewQuestion => ({
  ...{ orgId, scope: { projectId: null, match: MATCH_ALL, each: null }, limit: usd('10') },
  ...{ ladder: DEFAULT_LADDER, periodRule: MONTHLY_UTC },
})
const NOTHING: StopPreview = {
  period: { from: NOON, until: NOON },
  ...{ was: NO_FIGURES, wouldTrip: false, courses: [], countersReaching: 0, grainMs: 60_000 },
  stopped: NOTHING_STOPPED,
}

describe('previews', () => {
  it('are one of an organisation at a time, and few in all, until one ends', async () => {
    const ends: ((preview: StopPreview) => void)[] = []
    const desk = deskOf(() => new Promise((resolve) => ends.push(resolve)), QUIET)
    const first = desk.preview(of('a'))
    expect(await desk.preview(of('a'))).toEqual({ kind: 'busy' })
    const second = desk.preview(of('b'))
    expect(await desk.preview(of('c'))).toEqual({ kind: 'busy' })
    ends[0]?.(NOTHING)
    expect((await first).kind).toBe('previewed')
    expect(await desk.preview(of('b'))).toEqual({ kind: 'busy' })
    const again = desk.preview(of('a'))
    for (const end of ends) end(NOTHING)
    expect([(await second).kind, (await again).kind]).toEqual(['previewed', 'previewed'])
  })

  it.each([
    [
      'ClickHouse is down',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'away',
    ],
    ['the client waited too long', new Error('Timeout error.'), 'too_much'],
    ['a query takes too long', new ClickHouseError({ message: 'x', code: '159' }), 'too_much'],
    ['a query takes too much memory', new ClickHouseError({ message: 'x', code: '241' }), 'too_much'],
    ['the server is full of queries', new ClickHouseError({ message: 'x', code: '202' }), 'away'],
  ])('say so when %s, and the next one is looked at', async (_name, error, kind) => {
    let isFirst = true
    const desk = deskOf(async () => {
      if (!isFirst) return NOTHING
      isFirst = false
      throw error
    }, QUIET)
    expect(await desk.preview(of('a'))).toEqual({ kind })
    expect((await desk.preview(of('a'))).kind).toBe('previewed')
  })

  it('hide no mistake of ours', async () => {
    const desk = deskOf(() => Promise.reject(new ClickHouseError({ message: 'syntax', code: '62' })), QUIET)
    await expect(desk.preview(of('a'))).rejects.toThrow('syntax')
  })
})

describe('a preview that is not made', () => {
  let server: IngestServer
  let previewed: Previewed
  const key = mintApiKey().text
  beforeEach(async () => {
    server = await openServer(() => NOON, {
      manage: { ...noManaging, hasProject: async () => true, previews: { preview: async () => previewed } },
      find: async (text) => (text === key ? aKnownKey({ scopes: ['read'] }) : null),
    })
  })
  afterEach(() => server.close())

  it.each([
    ['busy', 429, 'preview_running', '5'],
    ['away', 503, 'unavailable', '10'],
    ['too_much', 503, 'unavailable', '60'],
  ] as const)('%s is answered with %d and when to come again', async (kind, status, code, retryAfter) => {
    previewed = { kind }
    const answer = await server.call({
      ...{ method: 'POST', url: '/v1/budgets/preview', body: JSON.stringify({ limit_usd: '10' }) },
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    })
    expect([answer.status, answer.headers['retry-after']]).toEqual([status, retryAfter])
    expect(JSON.parse(answer.bytes.toString()).error.code).toBe(code)
  })
})
