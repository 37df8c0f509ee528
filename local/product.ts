/**
 * The whole product on this machine: stores, migrations, the first project, and each part as its own process.
 * Things end in the reverse order of their start; a start that fails half-way ends what it had started.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { migrateClickHouse } from '../db/clickhouse/migrate.ts'
import { migratePostgres } from '../db/postgres/migrate.ts'
import { openPostgres } from '../db/postgres/open.ts'
import { type Bootstrapped, bootstrap } from './bootstrap.ts'
import type { LocalConfig, ServedPart, SlackAccess } from './config.ts'
import { INGEST_FLAGS, type Part, type PartSpec, startPart } from './part.ts'
import { choosePorts } from './ports.ts'
import { removeRunning, saveRunning } from './running.ts'
import { type LocalSecrets, readOrMakeSecrets } from './secrets.ts'
import { openStores, type Stores } from './stores.ts'

export interface Product extends Bootstrapped {
  readonly ingestUrl: string
  readonly sandboxUrl: string | null
  /** The servers run here, by name. */
  readonly embedded: Stores['embedded']
  stop(): Promise<void>
}

export interface ProductDeps {
  readonly now: () => Date
  readonly pid: number
  readonly tell: (sentence: string) => void
}

export async function startProduct(config: LocalConfig, deps: ProductDeps): Promise<Product> {
  const logsDir = path.join(config.dir, 'logs')
  await mkdir(logsDir, { recursive: true, mode: 0o700 })
  const secrets = await readOrMakeSecrets(config.dir)
  const served: ServedPart[] = config.slack ? ['ingest', 'app'] : ['ingest', 'app', 'sandbox']
  const ports = await choosePorts(config.ports, served)
  const stores = await openStores(config, deps.tell)
  const parts: Part[] = []
  const stop = async () => {
    // First of all the parts: Ctrl-C reached them too, and one that has ended must not be started again.
    await Promise.all([...parts.map((part) => part.stop()), removeRunning(config.dir)])
    await stores.stop()
  }
  try {
    const first = await prepareStores(stores, config, secrets, deps)
    const specs = partsOf(config, stores, secrets, ports)
    const started = await startParts(specs, (spec) => startPart(spec, { logsDir, tell: deps.tell }))
    for (const result of started) if (result.status === 'fulfilled') parts.push(result.value)
    const failed = started.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    const ingestUrl = `http://127.0.0.1:${ports.ingest}`
    const sandboxUrl = config.slack ? null : `http://127.0.0.1:${ports.sandbox}`
    const { databaseUrl, clickhouseUrl, objectStoreUrl } = stores
    const running = { pid: deps.pid, ingestUrl, sandboxUrl, databaseUrl, clickhouseUrl, objectStoreUrl }
    const { secretKeys } = secrets
    await saveRunning(config.dir, { ...running, orgId: first.orgId }, { LENS_SECRET_KEYS: secretKeys })
    return { ...first, ingestUrl, sandboxUrl, embedded: stores.embedded, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** All at once, but for the app: it asks Slack who it is as it starts, so a local Slack is there before it. */
function startParts(
  specs: readonly PartSpec[],
  start: (spec: PartSpec) => Promise<Part>,
): Promise<PromiseSettledResult<Part>[]> {
  const started = new Map<string, Promise<Part>>()
  const sandboxFirst = specs.toSorted((a, b) => Number(b.name === 'sandbox') - Number(a.name === 'sandbox'))
  for (const spec of sandboxFirst) {
    const before = spec.name === 'app' ? (started.get('sandbox') ?? Promise.resolve()) : Promise.resolve()
    started.set(
      spec.name,
      before.then(() => start(spec)),
    )
  }
  return Promise.allSettled(started.values())
}

async function prepareStores(
  stores: Stores,
  config: LocalConfig,
  secrets: LocalSecrets,
  deps: ProductDeps,
): Promise<Bootstrapped> {
  await Promise.all([migratePostgres(stores.databaseUrl), migrateClickHouse(stores.clickhouseUrl)])
  const postgres = openPostgres(stores.databaseUrl, { connectionsMax: 1 })
  try {
    return await bootstrap(postgres, config.dir, secrets, deps.now())
  } finally {
    await postgres.close()
  }
}

function partsOf(
  config: LocalConfig,
  stores: Stores,
  secrets: LocalSecrets,
  ports: Readonly<Record<ServedPart, number>>,
): PartSpec[] {
  const sandboxUrl = `http://127.0.0.1:${ports.sandbox}`
  const slack: SlackAccess = config.slack ?? {
    botToken: secrets.slackBotToken,
    incoming: { kind: 'http', signingSecret: secrets.slackSigningSecret },
    apiUrl: `${sandboxUrl}/api/`,
  }
  const common = {
    ...config.passedOn,
    LOG_LEVEL: config.logLevel,
    DATABASE_URL: stores.databaseUrl,
    CLICKHOUSE_URL: stores.clickhouseUrl,
    OBJECT_STORE_URL: stores.objectStoreUrl,
  }
  const ingest = {
    ...common,
    INGEST_HOST: '127.0.0.1',
    INGEST_PORT: String(ports.ingest),
    LENS_SECRET_KEYS: secrets.secretKeys,
    JOURNAL_DIR: path.join(config.dir, 'journal'),
  }
  const app = {
    ...common,
    APP_HOST: '127.0.0.1',
    APP_PORT: String(ports.app),
    PUBLIC_INGEST_URL: `http://127.0.0.1:${ports.ingest}`,
    SLACK_BOT_TOKEN: slack.botToken,
    ...(slack.incoming.kind === 'socket'
      ? { SLACK_APP_TOKEN: slack.incoming.appToken }
      : { SLACK_SIGNING_SECRET: slack.incoming.signingSecret }),
    LENS_SECRET_KEYS: secrets.secretKeys,
    ...(slack.apiUrl === null ? {} : { SLACK_API_URL: slack.apiUrl }),
  }
  const jobs = { ...common, LENS_SECRET_KEYS: secrets.secretKeys }
  const sandbox = {
    ...config.passedOn,
    SANDBOX_HOST: '127.0.0.1',
    SANDBOX_PORT: String(ports.sandbox),
    SANDBOX_APP_URL: `http://127.0.0.1:${ports.app}`,
    SANDBOX_STATE_FILE: path.join(config.dir, 'sandbox.json'),
    SLACK_BOT_TOKEN: secrets.slackBotToken,
    SLACK_SIGNING_SECRET: secrets.slackSigningSecret,
  }
  const product: PartSpec[] = [
    { name: 'ingest', entry: 'ingest/main.ts', env: ingest, nodeFlags: INGEST_FLAGS },
    { name: 'app', entry: 'app/main.ts', env: app },
    { name: 'jobs', entry: 'jobs/main.ts', env: jobs },
  ]
  return config.slack ? product : [{ name: 'sandbox', entry: 'sandbox/main.ts', env: sandbox }, ...product]
}
