/**
 * A starter to be killed by a test: starts both stores below the folder given as argument, writes their process ids
 * as one line of JSON, and stays until it is ended.
 */
import { join } from 'node:path'
import { startClickHouse } from './embedded-clickhouse.ts'
import { startPostgres } from './embedded-postgres.ts'

const folder = process.argv[2] ?? ''
const log = (sentence: string) => process.stderr.write(`${sentence}\n`)
const [pg, ch] = await Promise.all([
  startPostgres({ dataDir: join(folder, 'postgres'), fallbackParent: join(folder, 'fallback'), log }),
  startClickHouse({ dataDir: join(folder, 'clickhouse'), log }),
])
process.stdout.write(`${JSON.stringify({ postgres: pg.pid, clickhouse: ch.pid })}\n`)
setInterval(() => undefined, 60_000)
