/** The Slack app on real stores and a local Slack, over HTTP with signatures, for one test. Its clock can be moved on. */
import pino from 'pino'
import type { AppDeps } from '../app/deps.ts'
import { buildApp, type SlackApp } from '../app/server.ts'
import { connectInstallation } from '../app/slack/connect-installation.ts'
import { heedRetryAfter } from '../app/slack/heed-retry-after.ts'
import { parseKeyring } from '../core/envelope.ts'
import type { PricedEvent } from '../core/event/usage-event.ts'
import { type ClickHouse, openClickHouse } from '../db/clickhouse/open.ts'
import { candidateOf } from '../db/postgres/admit.ts'
import { countBatch } from '../db/postgres/ledger.ts'
import { findFreePort } from '../local/stores/free-port.ts'
import { openSandboxSlack, type SandboxOptions, type SandboxSlack } from '../sandbox/slack/server.ts'
import { aPricedEvent } from './events/priced-event.ts'
import { seedEvents } from './events/seed-events.ts'
import { botToken, signingSecret } from './opened-sandbox.ts'
import { expectAllWithinLimits } from './slack-limits.ts'
import { openLine, type SlackLine } from './slack-line.ts'
import { freshClickHouse } from './stores/clickhouse.ts'
import { type Ground, layGround } from './stores/ground.ts'
import { freshDatabase } from './stores/postgres.ts'

export const keyringText = `k1:${Buffer.alloc(32, 7).toString('base64')}`
export const keyring = parseKeyring(keyringText)

/** What the app may do and no more: a test that needs another scope fails as it would in Slack. */
const manifestScopes = ['chat:write', 'commands', 'files:write', 'users:read', 'im:write']

export interface OpenOptions {
  readonly sandbox?: Partial<SandboxOptions> | ((url: string) => Partial<SandboxOptions>)
  /** How the app is set up otherwise than for the one workspace of a token. */
  readonly app?: (sandbox: SandboxSlack, url: string) => Partial<AppDeps>
}

export interface OpenedApp {
  readonly sandbox: SandboxSlack
  /** The way from the app to Slack, which can be cut. */
  readonly line: SlackLine
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly deps: AppDeps
  readonly ground: Ground
  /** Where Slack sends its requests. */
  readonly url: string
  now(): Date
  moveOn(ms: number): void
  /** Counts calls in the ledger, and puts them in the archive. */
  spend(calls: readonly (Partial<PricedEvent> & Pick<PricedEvent, 'cost'>)[]): Promise<void>
  /** Ends the app as a kill would, and starts it again on the same port and data. */
  restart(): Promise<void>
  stopApp(): Promise<void>
  startApp(): Promise<void>
  close(): Promise<void>
}

export async function openApp(options: OpenOptions = {}): Promise<OpenedApp> {
  const [database, archive, port] = await Promise.all([freshDatabase(), freshClickHouse(), findFreePort()])
  let movedMs = 0
  const now = () => new Date(Date.now() + movedMs)
  const ground = await layGround(database.url, now())
  const clickhouse: ClickHouse = openClickHouse(archive.url)
  const url = `http://127.0.0.1:${port}`
  const sandbox = await openSandboxSlack({
    host: '127.0.0.1',
    port: 0,
    signingSecret,
    botToken,
    appUrl: url,
    stateFile: null,
    now: () => new Date(),
    log: { info: () => undefined, warn: () => undefined },
    scopes: manifestScopes,
    fileProcessingMs: 100,
    ...(typeof options.sandbox === 'function' ? options.sandbox(url) : options.sandbox),
  })
  const line = await openLine(sandbox.url)
  const deps: AppDeps = {
    postgres: ground.postgres,
    clickhouse,
    keyring,
    incoming: { kind: 'http', signingSecret },
    oauth: null,
    publicAppUrl: url,
    ...options.app?.(sandbox, url),
    slackApiUrl: `${line.url}/api/`,
    slackFetch: heedRetryAfter(now),
    ingestUrl: 'http://127.0.0.1:4100',
    log: pino({ level: process.env.APP_TEST_LOG ?? 'silent' }),
    now,
  }
  let app: SlackApp | null = null
  const startApp = async () => {
    app = buildApp(deps)
    await app.server.listen({ host: '127.0.0.1', port })
    // With OAuth, workspaces come by themselves.
    if (deps.oauth === null) await connectInstallation(deps, botToken, new AbortController().signal)
    await app.listenOnSocket()
    await app.startOutbox()
  }
  const stopApp = async () => {
    await app?.close()
    app = null
  }
  await startApp()
  return {
    sandbox,
    line,
    databaseUrl: database.url,
    clickhouseUrl: archive.url,
    deps,
    ground,
    url,
    now,
    moveOn: (ms) => {
      movedMs += ms
    },
    spend: spender(ground, clickhouse, now),
    restart: async () => {
      await stopApp()
      await startApp()
    },
    startApp,
    stopApp,
    close: async () => {
      await stopApp()
      await line.close()
      await sandbox.close()
      await clickhouse.close()
      await ground.postgres.close()
      await Promise.all([database.drop(), archive.drop()])
      expectAllWithinLimits(sandbox)
    },
  }
}

/** Calls of one journal, one after the other, into both stores at once: the app's tests are not about the way there. */
function spender(
  { postgres, orgId, project }: Ground,
  clickhouse: ClickHouse,
  now: () => Date,
): OpenedApp['spend'] {
  const journalId = 'j1'
  let nextOffset = 0
  return async (calls) => {
    const fromOffset = nextOffset
    nextOffset += calls.length
    const events = calls.map((call, index) => {
      const offset = fromOffset + index
      const owner = { orgId, projectId: project.id }
      return {
        offset,
        ...candidateOf(aPricedEvent({ ...owner, ts: now(), requestId: `r${offset}`, ...call })),
      }
    })
    await countBatch(postgres, { journalId, fromOffset, nextOffset, events }, now())
    const rows = events.map(({ offset, event }) => ({ ...event, journalId, journalOffset: offset }))
    await seedEvents(clickhouse, rows, `${journalId}/${fromOffset}`)
  }
}
