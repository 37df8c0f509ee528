/**
 * Brings a ClickHouse to the current schema: numbered SQL files, applied once and in order.
 * Invariant: every statement can run twice (IF NOT EXISTS), so a crash in the middle of a file is mended by running
 * it again. A file that was applied is never edited; the next number changes what it made.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { parseClickHouseUrl } from './address.ts'
import { type ClickHouse, openClickHouse, openClickHouseServer } from './open.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

interface Migration {
  readonly name: string
  readonly sha256: string
  readonly statements: readonly string[]
}

/** Creates the database if it is absent, applies what is missing, and returns the names of what it applied. */
export async function migrateClickHouse(url: string): Promise<readonly string[]> {
  const server = openClickHouseServer(url)
  try {
    const { database } = parseClickHouseUrl(url)
    await server.command({ query: `CREATE DATABASE IF NOT EXISTS "${database}"` })
  } finally {
    await server.close()
  }
  const clickhouse = openClickHouse(url)
  try {
    return await applyMissing(clickhouse, await readMigrations(FOLDER))
  } finally {
    await clickhouse.close()
  }
}

async function applyMissing(clickhouse: ClickHouse, migrations: readonly Migration[]): Promise<string[]> {
  await clickhouse.command({
    query: `CREATE TABLE IF NOT EXISTS schema_migrations
      (name String, sha256 String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY name`,
  })
  const result = await clickhouse.query({
    query: 'SELECT name, any(sha256) AS sha256 FROM schema_migrations GROUP BY name',
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ name: string; sha256: string }>()
  const applied = new Map(rows.map((row) => [row.name, row.sha256]))
  const names: string[] = []
  for (const migration of migrations) {
    const sha256 = applied.get(migration.name)
    if (sha256 === undefined) {
      await apply(clickhouse, migration)
      names.push(migration.name)
    } else if (sha256 !== migration.sha256) throw changed(migration.name)
  }
  return names
}

async function apply(clickhouse: ClickHouse, { name, sha256, statements }: Migration): Promise<void> {
  for (const query of statements) await clickhouse.command({ query })
  await clickhouse.insert({ table: 'schema_migrations', values: [{ name, sha256 }], format: 'JSONEachRow' })
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort()
  return await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sha256: createHash('sha256').update(sql).digest('hex'), statements: statementsOf(sql) }
    }),
  )
}

/** A statement ends with a semicolon at the end of a line; comments are lines of their own. */
const statementsOf = (sql: string): string[] =>
  sql
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')

const changed = (name: string): Error =>
  Object.assign(
    new Error(
      `the ClickHouse migration ${name} was edited after it was applied; restore it and add the change as the next number`,
    ),
    { code: 'clickhouse_migration_changed' },
  )
