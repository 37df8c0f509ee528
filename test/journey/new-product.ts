/**
 * The product as nobody has used it yet: each part as the process that production runs, on empty stores, and a local Slack
 * whose workspaces are without the app. All their clocks can be moved on together; those of the stores and of programs
 * that people run go as they go.
 */
import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import { INGEST_FLAGS, type Part, type PartSpec, startPart } from '../../local/part.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { openProviderStandIn, type ProviderStandIn } from '../../sandbox/provider/open-provider.ts'
import { openSandboxSlack, type SandboxSlack } from '../../sandbox/slack/server.ts'
import type { WorkspaceSeed } from '../../sandbox/slack/workspace.ts'
import { keyringText } from '../opened-app.ts'
import { freshClickHouse } from '../stores/clickhouse.ts'
import { freshDatabase } from '../stores/postgres.ts'
import { makeRunFolder } from '../stores/run-folder.ts'

export interface NewProduct {
  readonly installUrl: string
  readonly ingestUrl: string
  readonly slack: SandboxSlack
  readonly provider: ProviderStandIn
  readonly postgres: Postgres
  /** A folder of the run, for programs of people. */
  readonly dir: string
  now(): Date
  moveOn(ms: number): Promise<void>
  close(): Promise<void>
}

const CLOCK = new URL('../faults/ingest/clock.mjs', import.meta.url).href
const SLACK = { botToken: 'xoxb-of-no-workspace', signingSecret: 'the-signing-secret-of-newcomers' }
const OAUTH = { clientId: '42.4242', clientSecret: 'the-client-secret-of-newcomers' }
/** So long a part may go on by the old time. */
const CLOCK_READ_EVERY_MS = 50

export async function openNewProduct(
  workspaces: readonly WorkspaceSeed[],
  tell: (line: string) => void,
): Promise<NewProduct> {
  const ends: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of ends.reverse()) await end()
  }
  try {
    return await open(workspaces, tell, ends, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function open(
  workspaces: readonly WorkspaceSeed[],
  tell: (line: string) => void,
  ends: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<NewProduct> {
  const folder = await makeRunFolder('lens-newcomer-')
  ends.push(() => folder.remove())
  const [database, archive] = await Promise.all([freshDatabase(), freshClickHouse()])
  ends.push(() => Promise.all([database.drop(), archive.drop()]))
  const [ingestPort, appPort] = [await findFreePort(), await findFreePort()]
  const [ingestUrl, appUrl] = [ingestPort, appPort].map((port) => `http://127.0.0.1:${port}`)
  if (ingestUrl === undefined || appUrl === undefined) throw new Error('there is no port')

  let movedMs = 0
  const now = () => new Date(Date.now() + movedMs)
  const slack = await openSandboxSlack({
    ...{ host: '127.0.0.1', port: 0, ...SLACK, appUrl, stateFile: null, now, workspaces, installed: false },
    log: { info: () => undefined, warn: (_details, message) => tell(`slack: ${message}`) },
    oauth: {
      ...{ ...OAUTH, redirectUrls: [`${appUrl}/slack/oauth_redirect`] },
      ...{ rotation: true, orgDeploy: true },
    },
  })
  ends.push(() => slack.close())
  const provider = await openProviderStandIn({ port: 0, now: () => new Date() })
  ends.push(() => provider.close())

  const clockFile = path.join(folder.path, 'clock')
  const common = {
    ...passedOn(),
    ...{ DATABASE_URL: database.url, CLICKHOUSE_URL: archive.url, LENS_SECRET_KEYS: keyringText },
    OBJECT_STORE_URL: `file://${path.join(folder.path, 'objects')}`,
    ...{ LOG_LEVEL: 'warn', NODE_OPTIONS: `--import=${CLOCK}`, FAULTS_CLOCK_FILE: clockFile },
  }
  const ingest = {
    ...{ INGEST_HOST: '127.0.0.1', INGEST_PORT: String(ingestPort) },
    JOURNAL_DIR: path.join(folder.path, 'journal'),
  }
  const app = {
    ...{ APP_HOST: '127.0.0.1', APP_PORT: String(appPort), PUBLIC_APP_URL: appUrl },
    ...{ PUBLIC_INGEST_URL: ingestUrl, SLACK_SIGNING_SECRET: SLACK.signingSecret },
    ...{ SLACK_CLIENT_ID: OAUTH.clientId, SLACK_CLIENT_SECRET: OAUTH.clientSecret },
    ...{ SLACK_API_URL: slack.apiUrl, SLACK_AUTHORIZE_URL: `${slack.url}/oauth/v2/authorize` },
  }
  const specs: PartSpec[] = [
    { name: 'ingest', entry: 'ingest/main.ts', env: { ...common, ...ingest }, nodeFlags: INGEST_FLAGS },
    { name: 'app', entry: 'app/main.ts', env: { ...common, ...app } },
    { name: 'jobs', entry: 'jobs/main.ts', env: common },
  ]
  await startAll(specs, { logsDir: folder.path, tell }, ends)
  const postgres = openPostgres(database.url, { connectionsMax: 2 })
  ends.push(() => postgres.close())
  return {
    ...{ installUrl: `${appUrl}/slack/install`, ingestUrl, slack, provider, postgres, dir: folder.path, now },
    moveOn: async (ms) => {
      movedMs += ms
      await writeFile(`${clockFile}.new`, String(movedMs))
      await rename(`${clockFile}.new`, clockFile)
      await new Promise((resolve) => setTimeout(resolve, CLOCK_READ_EVERY_MS))
    },
    close,
  }
}

function passedOn(): Record<string, string> {
  const { PATH = '', HOME = '/', TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) }
}

async function startAll(
  specs: readonly PartSpec[],
  deps: Parameters<typeof startPart>[1],
  ends: (() => Promise<unknown>)[],
): Promise<void> {
  const started = await Promise.allSettled(specs.map((spec) => startPart(spec, deps)))
  const parts = started.flatMap((one): Part[] => (one.status === 'fulfilled' ? [one.value] : []))
  ends.push(() => Promise.all(parts.map((part) => part.stop())))
  const failed = started.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}
