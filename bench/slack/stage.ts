/**
 * Everything that takes part, as in production: the stores, ingest, the Slack app and the jobs by their main files, each a
 * process of its own; and the local Slack in this one, over HTTP with signatures.
 * Its limits on calls a minute are off: they would be measured in place of the app, which asks as fast as nobody types.
 */

import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import type { SlackPlace } from '../../db/postgres/budget-definition.ts'
import { findInstallation } from '../../db/postgres/installations.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { ensureOrganisation } from '../../db/postgres/projects.ts'
import type { PartSpec } from '../../local/part.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { openSandboxSlack, type SandboxSlack } from '../../sandbox/slack/server.ts'
import { type BenchStores, openStores } from '../ingest/stores.ts'
import { startOnFreePort } from '../overshoot/start-on-free-port.ts'
import { readDays, type SeededProject, seedArchive } from './seed/seed-archive.ts'
import { makeBudgets, makeProjects, saveDays } from './seed/seed-ledger.ts'
import { openWire, type SlackWire } from './slack-wire.ts'

export interface Stage {
  readonly orgId: string
  readonly projects: readonly SeededProject[]
  readonly slack: SandboxSlack
  readonly wire: SlackWire
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly ingestPort: number
  /** Where cards are posted. */
  readonly placeIn: (channelId: string) => SlackPlace
  /** The local Slack of another app, which does nothing. */
  readonly floorSlack: SandboxSlack
  close(): Promise<void>
}

export interface StageOptions {
  readonly rows: number
  readonly profileDir: string | null
  readonly tell: (sentence: string) => void
}

const SIGNING_SECRET = 'a-signing-secret-of-the-benchmark'
const BOT_TOKEN = 'xoxb-of-the-benchmark'
/** As the local Slack names its first workspace, which the app takes for the organisation's name. */
const WORKSPACE = { teamId: 'T0SANDBOX1', name: 'Local workspace' }
export const CARDS_CHANNEL = 'C0LLMCOSTS'
const RECORDER = fileURLToPath(new URL('../profile/record.mjs', import.meta.url))

export async function openStage(options: StageOptions): Promise<Stage> {
  const stores = await openStores(options.tell)
  try {
    return await openOn(stores, options)
  } catch (error) {
    await stores.close()
    throw error
  }
}

async function openOn(stores: BenchStores, { rows, profileDir, tell }: StageOptions): Promise<Stage> {
  const { postgres, clickhouse, closeFirst } = stores
  const at = new Date()
  const beganMs = performance.now()
  const { id: orgId } = await ensureOrganisation(postgres.tables, WORKSPACE.name, at)
  const projects = await makeProjects(postgres, orgId, at)
  await seedArchive(clickhouse, { orgId, projects, rows, at })
  const days = await readDays(clickhouse, orgId)
  await saveDays(postgres, orgId, days)
  tell(`${rows} calls seeded in ${Math.round((performance.now() - beganMs) / 1000)} s`)
  tell(await sizesOf(clickhouse))

  const wire = openWire()
  closeFirst(async () => wire.close())
  const appPort = await findFreePort()
  const slack = await openSlackFor(stores, appPort)
  const ingest = await startOnFreePort(stores, (port) => stores.ingestSpec('ingest', port))
  const profiling = profileDir === null ? {} : recording(profileDir)
  await startOnFreePort(stores, () => appSpec(stores, { appPort, slack, ingestPort: ingest.port, profiling }))
  const installation = await findInstallation(postgres.tables, {
    teamId: WORKSPACE.teamId,
    enterpriseId: undefined,
  })
  if (installation === null) throw new Error('the app has not saved its installation')
  const placeIn = (channelId: string): SlackPlace => ({ installationId: installation.id, channelId })
  const budgets = await makeBudgets(postgres, { orgId, projects, days, slack: placeIn(CARDS_CHANNEL) }, at)
  tell(`${budgets} budgets made`)
  const env = { ...stores.env }
  await startOnFreePort(stores, () => ({ name: 'jobs', entry: 'jobs/main.ts', env }))
  const floorPort = await findFreePort()
  const floorSlack = await openSlackFor(stores, floorPort)
  const floorEnv = { ...stores.env, FLOOR_PORT: String(floorPort), SLACK_SIGNING_SECRET: SIGNING_SECRET }
  await startOnFreePort(stores, () => ({ name: 'floor', entry: 'bench/slack/floor/main.ts', env: floorEnv }))
  return {
    ...{ orgId, projects, slack, wire, postgres, clickhouse, placeIn, floorSlack },
    ingestPort: ingest.port,
    close: stores.close,
  }
}

async function openSlackFor({ closeFirst }: BenchStores, appPort: number): Promise<SandboxSlack> {
  const quiet = () => undefined
  const slack = await openSandboxSlack({
    ...{ host: '127.0.0.1', port: 0, signingSecret: SIGNING_SECRET, botToken: BOT_TOKEN },
    ...{ appUrl: `http://127.0.0.1:${appPort}`, stateFile: null, rateLimits: false },
    now: () => new Date(),
    log: { info: quiet, warn: quiet },
  })
  closeFirst(() => slack.close())
  return slack
}

interface AppPlace {
  readonly appPort: number
  readonly ingestPort: number
  readonly slack: SandboxSlack
  readonly profiling: Readonly<Record<string, string>>
}

/** With an address of its own, as in production: Slack fetches the pictures of Home from there. */
const appSpec = ({ env }: BenchStores, { appPort, ingestPort, slack, profiling }: AppPlace): PartSpec => ({
  ...{ name: 'app', entry: 'app/main.ts' },
  env: {
    ...env,
    APP_HOST: '127.0.0.1',
    APP_PORT: String(appPort),
    PUBLIC_APP_URL: `http://127.0.0.1:${appPort}`,
    PUBLIC_INGEST_URL: `http://127.0.0.1:${ingestPort}`,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slack.apiUrl,
    ...profiling,
  },
})

const recording = (dir: string) => ({
  NODE_OPTIONS: `--import=${pathToFileURL(RECORDER).href}`,
  BENCH_PROFILE_DIR: path.resolve(dir),
})

async function sizesOf(clickhouse: ClickHouse): Promise<string> {
  const result = await clickhouse.query({
    query: `SELECT table, sum(rows) AS row_count, round(sum(bytes_on_disk) / 1e6) AS mb FROM system.parts
      WHERE active AND database = currentDatabase() AND rows > 0 GROUP BY table ORDER BY row_count DESC`,
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ table: string; row_count: string; mb: number }>()
  return rows.map(({ table, row_count: count, mb }) => `${table} ${count} rows, ${mb} MB`).join('; ')
}
