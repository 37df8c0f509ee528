/** The process that runs the jobs on their schedule, until it is asked to stop. */
import { hostname } from 'node:os'
import { pino } from 'pino'
import { openClickHouse } from '../db/clickhouse/open.ts'
import { openPostgres } from '../db/postgres/open.ts'
import { parseJobsConfig } from './config.ts'
import { startSchedule } from './schedule.ts'
import { JOBS } from './table.ts'

const parsed = parseJobsConfig(process.env)
if (parsed.kind === 'bad') {
  for (const problem of parsed.problems) process.stderr.write(`${problem}\n`)
  process.exit(1)
}
const { databaseUrl, clickhouseUrl, logLevel } = parsed.config
const log = pino({ level: logLevel, name: 'jobs' })
const postgres = openPostgres(databaseUrl, { connectionsMax: 4 })
const clickhouse = openClickHouse(clickhouseUrl)
const replica = `${hostname()}/${process.pid}`
const schedule = startSchedule(JOBS, replica, { postgres, clickhouse, now: () => new Date() }, log)
log.info({ jobs: JOBS.map((job) => job.name) }, 'jobs are scheduled')
process.send?.({ ready: true })

const STOP_WITHIN_MS = 10_000

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  // A job that hangs must not keep the process; its slot stays claimed, and is taken over when that claim is stale.
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
  await schedule.stop()
  await clickhouse.close()
  await postgres.close()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => void stop())
