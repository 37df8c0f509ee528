/** What a budget would have stopped, over HTTP, on a real Postgres and a real ClickHouse. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import { previewStop } from '../../db/clickhouse/queries/preview-stop.ts'
import { readOneBudget } from '../../db/postgres/budget-lists.ts'
import { auditLog, budgets } from '../../db/postgres/schema.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { seedEvents } from '../../test/events/seed-events.ts'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { toPreviewJson } from './preview-json.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const october = (day: number) => new Date(Date.UTC(2026, 9, day, 12))
let analytics: FreshClickHouse
let clickhouse: ClickHouse
let ground: Managed
beforeEach(async () => {
  analytics = await freshClickHouse()
  clickhouse = openClickHouse(analytics.url)
  ground = await layManaged(() => NOON, { clickhouseUrl: analytics.url })
  const own = { orgId: ground.orgId, projectId: ground.project.id, route: '/chat' }
  const sibling = { orgId: ground.orgId, projectId: 'prj_sibling', route: '/other' }
  await seedEvents(
    clickhouse,
    [
      aPricedEvent({ ...own, requestId: 'a', ts: october(2), cost: usd('6') }),
      aPricedEvent({ ...own, requestId: 'b', ts: october(3), cost: usd('5') }),
      aPricedEvent({ ...own, requestId: 'c', ts: october(4), cost: usd('2'), userId: 'ann' }),
      aPricedEvent({ ...sibling, requestId: 'd', ts: october(5), cost: usd('7') }),
      aPricedEvent({ ...own, orgId: 'org_other', requestId: 'e', ts: october(5), cost: usd('90') }),
    ].map((event, index) => ({ ...event, journalId: 'j-1', journalOffset: index })),
  )
})
afterEach(async () => {
  await ground.close()
  await clickhouse.close()
  await analytics.drop()
})

const preview = (sent: object, key = ground.reader) => ground.post('/v1/budgets/preview', sent, key)

describe('a preview', () => {
  it('says what the budget would have stopped last month, when and whose, and makes nothing', async () => {
    const { status, body } = await preview({ limit_usd: '10' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...{ period: 'October 2026', spent_usd: '13.000000000', events: 3, would_stop: true },
      steps: [{ counter: '', spent_usd: '11.000000000', rung: { percent: 100, action: 'stop' } }],
      refused: {
        ...{ calls: 1, cost_usd: '2.000000000' },
        routes: [{ value: '/chat', calls: 1, cost_usd: '2.000000000' }],
        users: [{ value: 'ann', calls: 1 }],
      },
    })
    expect(await ground.postgres.tables.select().from(budgets)).toEqual([])
    expect(await ground.postgres.tables.select().from(auditLog)).toEqual([])
  })

  it('is that of the budget as it is then made, which is what Slack shows', async () => {
    const said = { limit_usd: '3', scope: { route: ['/chat'], each: 'user' } }
    const { body } = await preview(said)
    const reach = { orgId: ground.orgId, projectId: ground.project.id }
    const made = await readOneBudget(ground.postgres.tables, reach, await ground.made(said), NOON)
    if (made === null) throw new Error('the budget is gone')
    const { scope, limit, ladder, periodRule } = made.budget
    const asked = { orgId: ground.orgId, scope, limit, ladder, periodRule }
    expect(body).toEqual(toPreviewJson(await previewStop(clickhouse, asked, NOON), periodRule))
    expect(body).toMatchObject({ would_stop: true, counters_reaching: 1 })
  })

  it('says that it would have stopped nobody', async () => {
    const { body } = await preview({ limit_usd: '100' })
    expect(body).toMatchObject({ would_stop: false, steps: [], refused: { calls: 0, routes: [] } })
  })

  it('of the whole organisation takes a key that reaches it, and sees no other organisation', async () => {
    expect((await preview({ limit_usd: '10', project_id: null })).code).toBe('scope_missing')
    expect((await preview({ limit_usd: '10', project_id: 'prj_sibling' })).code).toBe('project_unknown')
    expect((await preview({ limit_usd: '10', project_id: 'prj_sibling' }, ground.ben)).code).toBe(
      'project_unknown',
    )
    const { body } = await preview({ limit_usd: '10', project_id: null }, ground.ben)
    expect(body).toMatchObject({ spent_usd: '20.000000000', refused: { calls: 2 } })
  })

  it('is refused for what is no budget, as where one is made', async () => {
    expect((await preview({})).code).toBe('fields_invalid')
    expect((await preview({ limit_usd: '10', scope: { modle: 'x' } })).code).toBe('fields_invalid')
  })
})
