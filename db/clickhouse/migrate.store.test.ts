import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { migrateClickHouse } from './migrate.ts'
import { type ClickHouse, openClickHouse } from './open.ts'
import { totals } from './queries/spend.ts'
import { hoursToRoll } from './rollup.ts'

let fresh: FreshClickHouse
let clickhouse: ClickHouse

beforeEach(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
})
afterEach(async () => {
  await clickhouse.close()
  await fresh.drop()
})

const tables = async (): Promise<string[]> => {
  const result = await clickhouse.query({ query: 'SHOW TABLES', format: 'JSONEachRow' })
  return (await result.json<{ name: string }>()).map((row) => row.name)
}

describe('migrating ClickHouse', () => {
  it('applies each migration once, and creates the database if it is absent', async () => {
    expect(await tables()).toEqual([
      'events',
      'rolled_hours',
      'schema_migrations',
      'spend_hourly',
      'user_spend_hourly',
    ])
    expect(await migrateClickHouse(fresh.url)).toEqual([])
  })

  it('finishes what a crash left half done', async () => {
    await clickhouse.command({ query: 'DROP TABLE rolled_hours SYNC' })
    await clickhouse.command({ query: "DELETE FROM schema_migrations WHERE name = '0002-spend-hourly.sql'" })
    expect(await migrateClickHouse(fresh.url)).toEqual(['0002-spend-hourly.sql'])
    expect(await tables()).toContain('rolled_hours')
  })

  it('lets two releases run at once', async () => {
    await clickhouse.command({ query: 'TRUNCATE TABLE schema_migrations' })
    const both = await Promise.all([migrateClickHouse(fresh.url), migrateClickHouse(fresh.url)])
    expect(both.flat()).toContain('0001-events.sql')
    expect(await migrateClickHouse(fresh.url)).toEqual([])
  })

  it('takes every row and rollup from before adjustments for calls', async () => {
    await clickhouse.command({ query: "DELETE FROM schema_migrations WHERE name = '0003-adjustments.sql'" })
    const drops = ['adjusts_request_id', 'calls', 'unpriced_calls'].map((name) => `DROP COLUMN ${name}`)
    await clickhouse.command({ query: `ALTER TABLE events ${drops.join(', ')}` })
    await clickhouse.command({ query: 'ALTER TABLE spend_hourly DROP COLUMN row_count' })
    const [rolled, raw] = ['2026-11-10T11:00:00Z', '2026-11-10T12:30:00Z']
    const [generation, org] = ['6f4d3b0e-0000-4000-8000-000000000000', { org_id: 'org_a' }]
    const hour = { ...org, hour: rolled, generation }
    const insert = (table: string, values: readonly object[]) =>
      clickhouse.insert({ table, values, format: 'JSONEachRow' })
    await insert('spend_hourly', [{ ...hour, events: 3, cost_nano_usd: 30, unpriced_events: 1 }])
    await insert('rolled_hours', [{ ...hour, sequence: 1, events: 3, rolled_at: raw }])
    await insert('events', [
      { ...org, ts: raw, cost_nano_usd: 5 },
      { ...org, ts: raw, cost_nano_usd: null },
    ])
    expect(await migrateClickHouse(fresh.url)).toEqual(['0003-adjustments.sql'])
    const day = { from: new Date('2026-11-10T00:00:00Z'), until: new Date('2026-11-11T00:00:00Z') }
    expect(await totals(clickhouse, { orgId: 'org_a', projectIds: null, ...day })).toMatchObject({
      ...{ cost: 35n, events: 5, unpricedEvents: 2 },
    })
    expect(await hoursToRoll(clickhouse, { before: day.until })).toEqual([new Date('2026-11-10T12:00:00Z')])
  })

  it('refuses to go on when an applied migration was edited', async () => {
    await clickhouse.command({ query: 'TRUNCATE TABLE schema_migrations' })
    await clickhouse.insert({
      table: 'schema_migrations',
      values: [{ name: '0001-events.sql', sha256: 'of another text' }],
      format: 'JSONEachRow',
    })
    await expect(migrateClickHouse(fresh.url)).rejects.toMatchObject({
      code: 'clickhouse_migration_changed',
      message: expect.stringContaining('0001-events.sql'),
    })
  })
})
