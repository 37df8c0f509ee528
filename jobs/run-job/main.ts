/** `npm run job -- NAME SLOT`: runs one slot of one job again, as a backfill does. `npm run job -- reprice` is its own. */
import { hostname, userInfo } from 'node:os'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import { parseJobsConfig } from '../config.ts'
import { runReprice } from '../reprice/run-reprice.ts'
import { runSlot } from '../run-slot.ts'
import { parseJobArguments } from './arguments.ts'

const HINT = 'beside a running `npm start`, this sets them: set -a; . .lens/env; set +a'

async function main(): Promise<number> {
  const [name, ...words] = process.argv.slice(2)
  if (name === 'reprice') return await reprice(words)
  const asked = parseJobArguments(process.argv.slice(2))
  if (asked.kind === 'bad') return fail([asked.problem])
  const parsed = parseJobsConfig(process.env)
  if (parsed.kind === 'bad') return fail([...parsed.problems, HINT])
  const postgres = openPostgres(parsed.config.databaseUrl, { connectionsMax: 2 })
  const clickhouse = openClickHouse(parsed.config.clickhouseUrl)
  try {
    const deps = { postgres, clickhouse, now: () => new Date() }
    const run = { by: `${hostname()}/${process.pid}`, again: true }
    const outcome = await runSlot(asked.job, asked.slot, run, deps)
    if (outcome.kind === 'failed') return fail([`${asked.job.name} failed: ${outcome.error.message}`])
    if (outcome.kind === 'taken') return fail([`${asked.job.name}: the slot could not be claimed`])
    process.stdout.write(`${asked.job.name} ${asked.slot.toISOString()}: ${outcome.summary}\n`)
    return 0
  } finally {
    await clickhouse.close()
    await postgres.close()
  }
}

async function reprice(words: readonly string[]): Promise<number> {
  const by = `${userInfo().username}@${hostname()}`
  const run = await runReprice(words, { env: process.env, now: () => new Date(), by })
  if (run.kind === 'failed') return fail(run.problems)
  if (run.kind === 'misconfigured') return fail([...run.problems, HINT])
  process.stdout.write(`${run.lines.join('\n')}\n`)
  return 0
}

function fail(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  return 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(fail([error instanceof Error ? error.message : String(error)])),
)
