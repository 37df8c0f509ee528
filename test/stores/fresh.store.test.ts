import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { freshClickHouse } from './clickhouse.ts'
import { freshDatabase } from './postgres.ts'

describe('a database for one test', () => {
  it('is migrated, empty, its own, and gone when dropped (Postgres)', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()])
    const sql = postgres(one.url, { max: 1 })
    const tables = await sql`select table_name from information_schema.tables where table_schema = 'public'`
    expect(tables.length).toBeGreaterThan(0)
    await sql`create table mark (x int)`
    const otherSql = postgres(other.url, { max: 1 })
    const [seen] = await otherSql`select to_regclass('mark') as mark`
    expect(seen?.mark).toBeNull()
    await Promise.all([one.drop(), other.drop()])
    const gone = postgres(one.url, { max: 1 })
    await expect(gone`select 1`).rejects.toMatchObject({ code: '3D000' })
    await Promise.all([sql.end(), otherSql.end(), gone.end()])
  })

  it('is migrated, its own, and gone when dropped (ClickHouse)', async () => {
    const one = await freshClickHouse()
    const client = openClickHouse(one.url)
    const tables = await client.query({ query: 'SHOW TABLES', format: 'JSONEachRow' })
    expect((await tables.json()).length).toBeGreaterThan(1)
    await one.drop()
    await expect(client.query({ query: 'SHOW TABLES', format: 'JSONEachRow' })).rejects.toMatchObject({
      code: '81',
    })
    await client.close()
  })
})
