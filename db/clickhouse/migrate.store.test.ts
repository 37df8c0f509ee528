import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { migrateClickHouse } from './migrate.ts'
import { type ClickHouse, openClickHouse } from './open.ts'

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
