/** A migrated, empty ClickHouse database for one test, on the run's server. */
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { migrateClickHouse } from '../../db/clickhouse/migrate.ts'
import { openClickHouseServer } from '../../db/clickhouse/open.ts'

export interface FreshClickHouse {
  url: string
  drop: () => Promise<void>
}

export async function freshClickHouse(): Promise<FreshClickHouse> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const url = new URL(inject('clickHouseUrl'))
  url.pathname = `/${name}`
  await migrateClickHouse(url.href)
  return { url: url.href, drop: () => dropDatabase(url.href, name) }
}

async function dropDatabase(url: string, name: string): Promise<void> {
  const server = openClickHouseServer(url)
  try {
    await server.command({ query: `DROP DATABASE IF EXISTS "${name}" SYNC` })
  } finally {
    await server.close()
  }
}
