/**
 * Everything that takes part, each as a process of its own and as in production: the stores, ingest by its main file,
 * a project with a budget and a key.
 * Invariant: whatever way the run ends, Ctrl-C included, no process and no file of it is left.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { usd } from '../../core/money.ts'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import { setMonthlyBudget } from '../../db/postgres/monthly-budget.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { ensureOrganisation, ensureProject } from '../../db/postgres/projects.ts'
import { mintProjectKey } from '../../local/bootstrap.ts'
import { type Part, startPart } from '../../local/part.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { isRunning } from '../../test/stores/process-state.ts'
import { openStores } from './stores.ts'

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
  const stores = await openStores(tell)
  const { postgres, clickhouse, objectsUrl, logsDir, serverPids, close } = stores
  try {
    const apiKey = await makeProject(postgres)
    const ingestPort = await findFreePort()
    const more = profileDir === null ? {} : recording(profileDir)
    const deps = { logsDir, tell, launched: stores.endAtExit }
    const ingest = await startPart(stores.ingestSpec('ingest', ingestPort, more), deps)
    stores.closeFirst(() => ingest.stop())
    const ingestPid = ingest.pid() ?? 0
    return {
      ...{ ingestPort, apiKey, postgres, clickhouse, objectsUrl },
      pids: { ingest: ingestPid, ...serverPids },
      broken: endOf(ingest, path.join(logsDir, 'ingest.log'), (timer) =>
        stores.closeFirst(async () => clearInterval(timer)),
      ),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
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
