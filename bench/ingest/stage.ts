/**
 * Everything that takes part, each as a process of its own and as in production: Postgres and ClickHouse that wait for
 * the disk, ingest by its main file, a folder as the object store, a project with a budget and a key.
 * Invariant: whatever way the run ends, Ctrl-C included, no process and no file of it is left.
 */

import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { usd } from '../../core/money.ts'
import { migrateClickHouse } from '../../db/clickhouse/migrate.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import { migratePostgres } from '../../db/postgres/migrate.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import { ensureOrganisation, ensureProject } from '../../db/postgres/projects.ts'
import { mintProjectKey } from '../../local/bootstrap.ts'
import { INGEST_FLAGS, type Part, startPart } from '../../local/part.ts'
import { startClickHouse } from '../../local/stores/embedded-clickhouse.ts'
import { startPostgres } from '../../local/stores/embedded-postgres.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { KEYRING_TEXT } from '../../test/ingest/a-key.ts'
import { killAtExit } from '../../test/stores/kill-at-exit.ts'
import { isRunning } from '../../test/stores/process-state.ts'
import { makeRunFolder } from '../../test/stores/run-folder.ts'

export interface Stage {
  readonly ingestPort: number
  readonly apiKey: string
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly objectsUrl: string
  /** The first process of each server. */
  readonly pids: Readonly<Record<Server, number>>
  /** Rejects when ingest ends by itself: what is measured after that would be its next start. */
  readonly broken: Promise<never>
  close(): Promise<void>
}

export type Server = 'ingest' | 'Postgres' | 'ClickHouse'

const LOOK_EVERY_MS = 200
const LOG_CHARS_MAX = 3_000
/** High enough that no load of a benchmark stops the project: stopping is another matter. */
const BUDGET = usd('10000000')
const RECORDER = fileURLToPath(new URL('../profile/record.mjs', import.meta.url))

export interface StageOptions {
  readonly profileDir: string | null
  readonly tell: (sentence: string) => void
}

export async function openStage({ profileDir, tell }: StageOptions): Promise<Stage> {
  const folder = await makeRunFolder('lens-bench-')
  const closers: (() => Promise<unknown>)[] = [folder.remove]
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const pids = new Map<number, NodeJS.Signals>()
  const end = killAtExit(pids)
  closers.push(async () => end())
  try {
    const log = (sentence: string) => tell(sentence)
    const [postgresServer, clickhouseServer] = await allOf(
      [
        startPostgres({ dataDir: path.join(folder.path, 'postgres'), log }),
        startClickHouse({ dataDir: path.join(folder.path, 'clickhouse'), log }),
      ],
      (server) => {
        pids.set(server.pid, 'SIGKILL')
        closers.push(server.stop)
      },
    )
    // Its own immediate end, after which none of its processes is left.
    pids.set(postgresServer.pid, 'SIGQUIT')
    await Promise.all([migratePostgres(postgresServer.url), migrateClickHouse(clickhouseServer.url)])
    const postgres = openPostgres(postgresServer.url, { connectionsMax: 2, statementTimeoutMs: 120_000 })
    closers.push(() => postgres.close())
    const clickhouse = openClickHouse(clickhouseServer.url)
    closers.push(() => clickhouse.close())
    const [logsDir, objectsDir] = [path.join(folder.path, 'logs'), path.join(folder.path, 'objects')]
    for (const dir of [logsDir, objectsDir]) await mkdir(dir)
    const apiKey = await makeProject(postgres)
    const ingestPort = await findFreePort()
    const objectsUrl = pathToFileURL(objectsDir).href
    const { PATH = '', HOME = '/' } = process.env
    const env = {
      ...{ PATH, HOME, LOG_LEVEL: 'info' },
      DATABASE_URL: postgresServer.url,
      CLICKHOUSE_URL: clickhouseServer.url,
      OBJECT_STORE_URL: objectsUrl,
      LENS_SECRET_KEYS: KEYRING_TEXT,
      INGEST_HOST: '127.0.0.1',
      INGEST_PORT: String(ingestPort),
      JOURNAL_DIR: path.join(folder.path, 'journal'),
      ...(profileDir === null ? {} : recording(profileDir)),
    }
    const ingest = await startPart(
      { name: 'ingest', entry: 'ingest/main.ts', env, nodeFlags: INGEST_FLAGS },
      { logsDir, tell },
    )
    closers.push(() => ingest.stop())
    const ingestPid = ingest.pid() ?? 0
    pids.set(ingestPid, 'SIGKILL')
    return {
      ...{ ingestPort, apiKey, postgres, clickhouse, objectsUrl },
      pids: { ingest: ingestPid, Postgres: postgresServer.pid, ClickHouse: clickhouseServer.pid },
      broken: endOf(ingest, path.join(logsDir, 'ingest.log'), (timer) =>
        closers.push(async () => clearInterval(timer)),
      ),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Each is noted as soon as it runs, so that one which fails leaves no other behind. */
async function allOf<T>(
  starting: readonly [Promise<T>, Promise<T>],
  note: (started: T) => void,
): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled(starting)
  for (const outcome of [first, second]) if (outcome.status === 'fulfilled') note(outcome.value)
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}

/** The log is quoted, as it goes with everything else. */
function endOf(ingest: Part, logFile: string, onTimer: (timer: NodeJS.Timeout) => void): Promise<never> {
  const pid = ingest.pid()
  const broken = new Promise<never>((_, reject) => {
    const look = async () => {
      if (ingest.pid() === pid && (await isRunning(pid ?? 0))) return
      clearInterval(timer)
      const log = await readFile(logFile, 'utf8').catch(() => '')
      reject(new Error(`ingest ended during the run; the end of its log: ${log.slice(-LOG_CHARS_MAX)}`))
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    onTimer(timer)
  })
  // Heard by whoever runs loads, which may be done by then.
  broken.catch(() => undefined)
  return broken
}

async function makeProject(postgres: Postgres): Promise<string> {
  const now = new Date()
  const { id: orgId } = await ensureOrganisation(postgres.tables, 'Benchmark', now)
  const { id: projectId } = await ensureProject(postgres.tables, { orgId, name: 'ingest' }, now)
  const setting = { orgId, projectId, limit: BUDGET, slack: null, by: 'bench', origin: 'cli' } as const
  const outcome = await setMonthlyBudget(postgres, setting, now)
  if (outcome.kind !== 'set') throw new Error(`the budget could not be set: ${outcome.refusal}`)
  // Measured is what ingest can do, not what one key may.
  const requestsPerMinute = 999_999_999
  return await mintProjectKey(postgres, { orgId, projectId, name: 'bench', requestsPerMinute }, now)
}

/** Node takes no `--cpu-prof` by its environment, so every thread of ingest records itself. */
const recording = (dir: string) => ({
  NODE_OPTIONS: `--import=${pathToFileURL(RECORDER).href}`,
  BENCH_PROFILE_DIR: path.resolve(dir),
})
