import { asc } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nanoUsd, usd } from '../core/money.ts'
import { type ClickHouse, openClickHouse } from '../db/clickhouse/open.ts'
import { readCourse, readForecasts } from '../db/postgres/forecast-watches.ts'
import { forecastWatches, outbox } from '../db/postgres/schema.ts'
import { aPricedEvent } from '../test/events/priced-event.ts'
import { seedEvents } from '../test/events/seed-events.ts'
import { freshClickHouse } from '../test/stores/clickhouse.ts'
import { type Ground, layGround } from '../test/stores/ground.ts'
import { freshDatabase } from '../test/stores/postgres.ts'
import { spendForecast } from './spend-forecast.ts'

const HOUR_MS = 60 * 60 * 1000
const NOW = new Date('2026-11-16T12:00:00.000Z')
const later = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR_MS)

let database: Awaited<ReturnType<typeof freshDatabase>>
let analytics: Awaited<ReturnType<typeof freshClickHouse>>
let ground: Ground
let clickhouse: ClickHouse
beforeEach(async () => {
  database = await freshDatabase()
  analytics = await freshClickHouse()
  ground = await layGround(database.url, NOW)
  clickhouse = openClickHouse(analytics.url)
})
afterEach(async () => {
  await clickhouse.close()
  await ground.postgres.close()
  await database.drop()
  await analytics.drop()
})

/** A dollar an hour for the last `weeks`, in the archive; in the ledger what of it lies in November. */
async function spendEvenly(weeks: number): Promise<void> {
  const hours = Array.from({ length: weeks * 168 }, (_, index) => later(-index - 1))
  const own = { orgId: ground.orgId, projectId: ground.project.id, cost: usd('1') }
  await seedEvents(
    clickhouse,
    hours.map((ts, index) => ({
      ...aPricedEvent({ ...own, ts, requestId: `h${index}` }),
      ...{ journalId: 'j', journalOffset: index },
    })),
  )
  const inNovember = hours.filter((ts) => ts >= new Date('2026-11-01T00:00:00Z')).length
  await ground.spend([nanoUsd(usd('1') * BigInt(inNovember))], new Date('2026-11-15T12:00:00Z'))
}

const run = (at: Date) => spendForecast.run(at, { postgres: ground.postgres, clickhouse, now: () => at })
const forecasts = async () => {
  const rows = await ground.postgres.tables.select().from(outbox).orderBy(asc(outbox.id))
  return rows.flatMap(({ notice }) =>
    typeof notice === 'object' && notice && 'kind' in notice && notice.kind === 'forecast' ? [notice] : [],
  )
}

describe('the forecast of a budget', () => {
  it('is told once when it first says that the limit is reached, and again for another limit', async () => {
    await spendEvenly(4)
    // 372 of them in November so far, and a dollar an hour from here on.
    await ground.setBudget('500', NOW)
    expect(await run(NOW)).toBe('1 budgets forecast, 1 told')
    expect(await run(later(1))).toBe('1 budgets forecast, 0 told')
    const [first] = await forecasts()
    const at = JSON.parse(JSON.stringify(first)).at.at
    const hoursAhead = (new Date(at).getTime() - NOW.getTime()) / HOUR_MS
    expect(hoursAhead).toBeGreaterThan(128 * 0.9)
    expect(hoursAhead).toBeLessThan(128 * 1.1)
    await ground.setBudget('600', later(2))
    expect(await run(later(3))).toBe('1 budgets forecast, 1 told')
    expect(await forecasts()).toHaveLength(2)
  })

  it('is kept as it was said, with its course, until the next', async () => {
    await spendEvenly(4)
    await ground.setBudget('500', NOW)
    await run(NOW)
    const { tables } = ground.postgres
    const [[budgetId, kept] = ['', null]] = await readForecasts(tables, ground.orgId)
    if (kept?.forecast.kind !== 'reaches') throw new Error('it is not kept')
    expect(kept).toMatchObject({ at: NOW, periodFrom: new Date('2026-11-01T00:00:00Z'), limitRevision: 1 })
    const course = await readCourse(tables, budgetId)
    expect(course[0]).toMatchObject({ at: NOW, expected: usd('372') })
    expect(course.at(-1)).toMatchObject({ expected: kept.forecast.expectedAtEnd })
    expect(await readForecasts(tables, 'org_other')).toEqual(new Map())
  })

  it('is kept and not told while the budget holds, or is too young to say', async () => {
    await ground.setBudget('5000', NOW)
    expect(await run(NOW)).toBe('1 budgets forecast, 0 told')
    await spendEvenly(4)
    expect(await run(later(1))).toBe('1 budgets forecast, 0 told')
    const [watch] = await ground.postgres.tables.select().from(forecastWatches)
    expect(watch).toMatchObject({ state: 'quiet', reachesAt: null, evaluatedAt: later(1) })
    expect(await forecasts()).toEqual([])
  })
})
