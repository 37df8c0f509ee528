/**
 * Events flow into `npm start` while its processes are killed one after the other, without warning; each batch is sent
 * again until it is acknowledged, and some once more after that. What comes out is compared event by event.
 */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { identityOf } from '../../core/event/identity.ts'
import { usd } from '../../core/money.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import { type Running, readRunning } from '../../local/running.ts'
import { readOrMakeSecrets } from '../../local/secrets.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { aWireEvent } from '../events/wire-event.ts'
import { withPostgres } from '../journey/counts.ts'
import { openStack } from '../journey/stack.ts'
import { makeRunFolder } from '../stores/run-folder.ts'
import { until } from '../waiting.ts'
import { type HeldRow, readClickHouse, readLedger, readParquet } from './held.ts'

export interface SoakPlan {
  readonly seconds: number
  readonly killEveryS: number
  readonly eventsPerS: number
  readonly log: (line: string) => void
}

export interface SoakFigures {
  readonly acknowledged: number
  readonly kills: readonly string[]
  /** Identities that a store lacks, holds twice, or holds at another cost than the ledger; all empty when all is well. */
  readonly lost: Readonly<Record<Store, readonly string[]>>
  readonly doubled: Readonly<Record<Store, readonly string[]>>
  readonly mispriced: Readonly<Record<Store, readonly string[]>>
  readonly ledgerNanoUsd: string
  /** What the budget counted, and what the days of the project add up to. */
  readonly budgetNanoUsd: string
  readonly projectNanoUsd: string
  readonly alerts: readonly number[]
}

type Store = 'ledger' | 'clickhouse' | 'parquet'

/** How a process of the tree is told by its command line. */
const VICTIMS: Readonly<Record<string, RegExp>> = {
  ingest: /ingest\/main\.ts/,
  app: /app\/main\.ts/,
  jobs: /jobs\/main\.ts/,
  Postgres: /bin\/postgres.-D/,
  ClickHouse: /clickhouse-process/,
}
const BATCH = 5
const SETTLED_WITHIN_MS = 120_000

export async function soak(plan: SoakPlan): Promise<SoakFigures> {
  const folder = await makeRunFolder('lens-soak-')
  const [ingestPort, appPort, sandboxPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ]
  const dir = folder.path
  const stack = openStack({ dir, ingestPort, appPort, sandboxPort, slack: null, log: plan.log })
  try {
    const running = await stack.start()
    const limit = usd('0.05')
    const projectId = await withPostgres(running, async (postgres) => {
      const [project] = await postgres.tables.query.projects.findMany()
      const of = { orgId: running.orgId, projectId: project?.id ?? '' }
      await setMonthlyBudget(
        postgres,
        { ...of, limit, slack: null, by: 'U1', origin: 'cli' },
        new Date(Date.now()),
      )
      return of.projectId
    })
    const { apiKey } = await readOrMakeSecrets(dir)
    const ending = new AbortController()
    const killing = killInTurn(dir, plan, ending.signal)
    const acknowledged = await send(`http://127.0.0.1:${ingestPort}`, apiKey, plan)
    ending.abort()
    const kills = await killing
    plan.log(`${acknowledged.size} events are acknowledged; waiting for the stores`)
    const identities = [...acknowledged].map((requestId) => identityOf({ projectId, requestId, attempt: 1 }))
    return await compare(dir, new Set(identities), kills)
  } finally {
    await stack.stop()
    await folder.remove()
  }
}

/** Sends at an even pace, each batch until it is acknowledged; resolves when all are. */
async function send(url: string, apiKey: string, plan: SoakPlan): Promise<Set<string>> {
  const acknowledged = new Set<string>()
  const underWay: Promise<void>[] = []
  const batches = Math.round((plan.seconds * plan.eventsPerS) / BATCH)
  const began = performance.now()
  for (let number = 0; number < batches; number++) {
    const dueMs = (number * BATCH * 1000) / plan.eventsPerS
    await sleep(Math.max(0, dueMs - (performance.now() - began)))
    const events = Array.from({ length: BATCH }, (_, index) =>
      aWireEvent({
        request_id: `soak-${number}-${index}`,
        ts: new Date(Date.now()).toISOString(),
        tokens_in: 1 + ((number * 7 + index) % 97),
      }),
    )
    underWay.push(sendUntilTaken(url, apiKey, events, number % 10 === 0, acknowledged))
  }
  await Promise.all(underWay)
  return acknowledged
}

async function sendUntilTaken(
  url: string,
  apiKey: string,
  events: readonly Record<string, unknown>[],
  again: boolean,
  acknowledged: Set<string>,
): Promise<void> {
  const body = JSON.stringify({ events })
  for (let times = again ? 2 : 1; times > 0; ) {
    const status = await post(url, apiKey, body)
    if (status === 202) {
      for (const event of events) acknowledged.add(String(event.request_id))
      times -= 1
    } else if (status !== null && status < 500) throw new Error(`ingest refused good events: ${status}`)
    else await sleep(200)
  }
}

/** The status, or null when no whole answer came. */
async function post(url: string, apiKey: string, body: string): Promise<number | null> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  try {
    const signal = AbortSignal.timeout(5_000)
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body, signal })
    await answer.text()
    return answer.status
  } catch {
    return null
  }
}

async function killInTurn(dir: string, plan: SoakPlan, signal: AbortSignal): Promise<string[]> {
  const kills: string[] = []
  const names = ['ingest', 'Postgres', 'app', 'ClickHouse', 'jobs']
  for (let turn = 0; ; turn++) {
    const waited = await sleep(plan.killEveryS * 1000, true, { signal }).catch(() => false)
    if (!waited) return kills
    const name = names[turn % names.length] ?? ''
    const running = await readRunning(dir)
    const pid = running && (await findVictim(running.pid, VICTIMS[name] ?? /^$/))
    if (!pid) continue
    process.kill(pid, 'SIGKILL')
    kills.push(name)
    plan.log(`killed ${name}`)
  }
}

/** The first descendant of `root` whose command line is that of the victim. */
async function findVictim(root: number, name: RegExp): Promise<number | null> {
  const parents = new Map<number, number>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent === root || (parent !== undefined && parent > 1 && isBelow(parent))
  }
  for (const pid of [...parents.keys()].filter(isBelow)) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (name.test(line)) return pid
  }
  return null
}

async function compare(
  dir: string,
  acknowledged: ReadonlySet<string>,
  kills: readonly string[],
): Promise<SoakFigures> {
  const rows = await until('every store holds every event', SETTLED_WITHIN_MS, async () => {
    const read = await readStores(dir).catch(() => null)
    await sleep(500)
    const isWhole = (store: readonly HeldRow[]) => store.length >= acknowledged.size
    return read && Object.values(read).every(isWhole) ? read : null
  }).catch(() => readStores(dir))
  // Time for what is wrongly written twice to show.
  await sleep(3_000)
  const final = await readStores(dir).catch(() => rows)
  const costs = new Map(final.ledger)
  const each = (judge: (store: readonly HeldRow[]) => string[]) => ({
    ledger: judge(final.ledger),
    clickhouse: judge(final.clickhouse),
    parquet: judge(final.parquet),
  })
  return {
    acknowledged: acknowledged.size,
    kills,
    lost: each((store) => {
      const held = new Set(store.map(([id]) => id))
      return [...acknowledged].filter((id) => !held.has(id))
    }),
    doubled: each((store) => {
      const seen = new Set<string>()
      return store.flatMap(([id]) => (seen.size === seen.add(id).size ? [id] : []))
    }),
    mispriced: each((store) => store.flatMap(([id, cost]) => (costs.get(id) === cost ? [] : [id]))),
    ledgerNanoUsd: final.ledger.reduce((sum, [, cost]) => sum + BigInt(cost), 0n).toString(),
    ...(await readSums(await whatRuns(dir))),
  }
}

const whatRuns = (dir: string): Promise<Running> =>
  until('npm start runs again', SETTLED_WITHIN_MS, () => readRunning(dir))

async function readStores(dir: string): Promise<Record<Store, HeldRow[]>> {
  const running = await whatRuns(dir)
  return {
    ledger: await withPostgres(running, readLedger),
    clickhouse: await readClickHouse(running.clickhouseUrl),
    parquet: await readParquet({ url: running.objectStoreUrl }),
  }
}

function readSums(running: Running) {
  return withPostgres(running, async ({ tables }) => {
    const [sums] = await tables.execute<{ budget: string; project: string }>(sql`
      select (select sum(spent_nano_usd) from budget_periods)::text as budget,
        (select sum(spent_nano_usd) from project_spend)::text as project`)
    const alerts = await tables.execute<{ percent: number }>(sql`select percent from alerts order by percent`)
    return {
      budgetNanoUsd: sums?.budget ?? '',
      projectNanoUsd: sums?.project ?? '',
      alerts: alerts.map(({ percent }) => percent),
    }
  })
}
