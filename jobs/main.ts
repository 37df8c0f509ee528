/** The process that runs the jobs on their schedule, recounts budgets and sends the webhooks, until it is asked to stop. */
import { hostname } from 'node:os'
import { pino } from 'pino'
import { endInOrder } from '../core/end-process.ts'
import { openClickHouse } from '../db/clickhouse/open.ts'
import { openPostgres } from '../db/postgres/open.ts'
import { parseJobsProcessConfig } from './config.ts'
import { runRecounts } from './recount/run-recounts.ts'
import { startSchedule } from './schedule.ts'
import { JOBS } from './table.ts'
import { post } from './webhooks/post.ts'
import { resolveByMachine } from './webhooks/public-addresses.ts'
import { resealWebhookSecrets } from './webhooks/reseal-secrets.ts'
import { runSender } from './webhooks/run-sender.ts'

const WEBHOOK_TIMEOUT_MS = 10_000

const parsed = parseJobsProcessConfig(process.env)
if (parsed.kind === 'bad') {
  for (const problem of parsed.problems) process.stderr.write(`${problem}\n`)
  process.exit(1)
}
const { databaseUrl, clickhouseUrl, logLevel, keyring, allowLoopback } = parsed.config
const log = pino({ level: logLevel, name: 'jobs' })
const postgres = openPostgres(databaseUrl, { connectionsMax: 4 })
const clickhouse = openClickHouse(clickhouseUrl)
const replica = `${hostname()}/${process.pid}`
const now = () => new Date()
const schedule = startSchedule(JOBS, replica, { postgres, clickhouse, now }, log)
const recounts = runRecounts({ postgres, clickhouse, now, log })
if (allowLoopback) log.warn('WEBHOOKS_ALLOW_LOOPBACK is set: webhooks may reach this machine itself')
resealWebhookSecrets(postgres, keyring).catch((error: unknown) => {
  log.warn({ err: error }, "webhooks' secrets are not all sealed with the newest key; keep the old ones")
})
const posting = { resolve: resolveByMachine, allowLoopback, now, timeoutMs: WEBHOOK_TIMEOUT_MS }
const sender = runSender({
  ...{ postgres, keyring, now, log, random: Math.random },
  post: (posted) => post(posted, posting),
})
endInOrder(process, {
  // A job that hangs does not keep the process; its slot stays claimed, and is taken over when that claim is stale.
  close: async () => {
    await sender.stop()
    await recounts.stop()
    await schedule.stop()
    await clickhouse.close()
    await postgres.close()
  },
  onFailure: (error) => log.error({ err: error }, 'did not end cleanly'),
})
log.info({ jobs: JOBS.map((job) => job.name) }, 'jobs are scheduled')
process.send?.({ ready: true })
