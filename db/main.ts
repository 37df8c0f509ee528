/** `npm run release`: brings both stores to the newest schema, before the new version of the product starts. */
import { HTTP_PROTOCOLS, POSTGRES_PROTOCOLS, readSettings } from '../core/settings.ts'
import { migrateClickHouse } from './clickhouse/migrate.ts'
import { migratePostgres } from './postgres/migrate.ts'

const settings = readSettings(process.env)
const parsed = settings.finish({
  databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
  clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
})
if (parsed.kind === 'bad') {
  for (const problem of parsed.problems) process.stderr.write(`${problem}\n`)
  process.exit(1)
}
try {
  await migratePostgres(parsed.config.databaseUrl)
  await migrateClickHouse(parsed.config.clickhouseUrl)
  process.stdout.write('Both stores have the newest schema.\n')
} catch (error) {
  process.stderr.write(`the release failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
