/** The process that runs the jobs on their schedule, until it is asked to stop. */
import { hostname } from 'node:os'
import { pino } from 'pino'
import { endInOrder } from '../core/end-process.ts'
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
endInOrder(process, {
  // A job that hangs does not keep the process; its slot stays claimed, and is taken over when that claim is stale.
  close: async () => {
    await schedule.stop()
    await clickhouse.close()
    await postgres.close()
  },
  onFailure: (error) => log.error({ err: error }, 'did not end cleanly'),
})
log.info({ jobs: JOBS.map((job) => job.name) }, 'jobs are scheduled')
process.send?.({ ready: true })
