/** The metrics of a real ingest on real stores, while these are taken away. */
import { pathToFileURL } from 'node:url'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { parseKeyring } from '../../core/envelope.ts'
import { saveApiKey } from '../../db/postgres/api-keys.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { KEYRING_TEXT } from '../../test/ingest/a-key.ts'
import { parseExposition } from '../../test/metrics/parse-exposition.ts'
import { type BreakableLink, breakableLink } from '../../test/stores/breakable-link.ts'
import { freshClickHouse } from '../../test/stores/clickhouse.ts'
import { layGround } from '../../test/stores/ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { IngestConfig } from '../config.ts'
import { type OpenIngest, openIngest } from '../open-ingest.ts'

const closers: (() => Promise<unknown>)[] = []
let links: { readonly postgres: BreakableLink; readonly clickhouse: BreakableLink }
let key: string
let start: () => Promise<OpenIngest>
let ingest: OpenIngest
let metricsUrl: string
beforeEach(async () => {
  const [database, analytics, folder] = [
    await freshDatabase(),
    await freshClickHouse(),
    await temporaryFolder(),
  ]
  closers.push(folder.remove, database.drop, analytics.drop)
  const ground = await layGround(database.url, new Date())
  closers.push(ground.postgres.close)
  const minted = mintApiKey()
  const owner = { orgId: ground.orgId, projectId: ground.project.id }
  await saveApiKey(ground.postgres.tables, { ...owner, name: 'test', minted, scopes: ['ingest'] }, new Date())
  key = minted.text
  links = { postgres: await breakableLink(database.url), clickhouse: await breakableLink(analytics.url) }
  closers.push(links.postgres.close, links.clickhouse.close)
  const log = pino({ level: 'info' }, { write: (line: string) => noteUrl(line) })
  const config: IngestConfig = {
    databaseUrl: links.postgres.url,
    clickhouseUrl: links.clickhouse.url,
    objectStoreUrl: pathToFileURL(`${folder.path}/objects`).href,
    keyring: parseKeyring(KEYRING_TEXT),
    allowLoopback: false,
    journalDir: `${folder.path}/journal`,
    journalBytesMax: 128 * 1024 ** 2,
    host: '127.0.0.1',
    port: 0,
    requestsPerMinute: 60_000,
    trustedProxies: [],
    metrics: { host: '127.0.0.1', port: 0 },
    logLevel: 'silent',
  }
  const now = () => new Date()
  start = () =>
    openIngest(config, { now, log, onJournalBroken: () => undefined, onReadersLost: () => undefined })
  ingest = await start()
})
afterEach(async () => {
  await ingest.close()
  for (const closer of closers.splice(0).reverse()) await closer()
})

function noteUrl(line: string): void {
  const said: Readonly<Record<string, unknown>> = JSON.parse(line)
  if (said.msg === 'metrics are served') metricsUrl = String(said.url)
}

let sent = 0
async function send(): Promise<void> {
  sent += 1
  const event = aWireEvent({ request_id: `r${sent}`, ts: new Date().toISOString() })
  const answer = await fetch(`${ingest.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  })
  expect(answer.status).toBe(202)
}

const figure = async (name: string): Promise<number> =>
  parseExposition(await (await fetch(metricsUrl)).text()).get(`lens_ingest_${name}`) ?? Number.NaN
const lag = (reader: string) => figure(`reader_lag_seconds{reader="${reader}"}`)
const failing = (reader: string) => figure(`reader_failing{reader="${reader}"}`)
const progress = async () => await (await fetch(`${ingest.url}/readyz`)).json()
/** Connections to Postgres are tried again after up to 20 s. */
const soon = { timeout: 45_000, interval: 100 }

it('the lag of each reader rises while its store is away, and falls when it is back; nothing is dropped', async () => {
  await send()
  await expect.poll(() => figure('events_archived_total'), soon).toBe(1)
  await links.clickhouse.cut()
  await send()
  await expect.poll(() => failing('archive'), soon).toBe(1)
  await expect.poll(() => lag('archive'), soon).toBeGreaterThan(0.5)
  await expect.poll(() => lag('ledger'), soon).toBe(0)
  expect(await failing('ledger')).toBe(0)
  expect(await progress()).toMatchObject({ ledger: { lag_seconds: 0 }, archive: { failing: true } })
  expect(await progress()).not.toMatchObject({ archive: { lag_seconds: 0 } })

  await links.postgres.cut()
  await send()
  await expect.poll(() => failing('ledger'), soon).toBe(1)
  await expect.poll(() => lag('ledger'), soon).toBeGreaterThan(0.5)
  expect(await figure('reader_lag_events{reader="ledger"}')).toBe(1)
  expect(await figure('reader_lag_events{reader="archive"}')).toBe(2)

  await links.postgres.mend()
  await links.clickhouse.mend()
  for (const reader of ['ledger', 'archive']) {
    await expect.poll(() => lag(reader), soon).toBe(0)
    expect(await failing(reader)).toBe(0)
  }
  expect(await figure('events_admitted_total')).toBe(3)
  expect(await figure('events_archived_total')).toBe(3)
  expect(await figure('journal_commit_seconds_count')).toBe(3)
  expect(await progress()).toMatchObject({ ledger: { lag_seconds: 0 }, archive: { lag_seconds: 0 } })
  for (const reason of ['journal_damaged', 'not_countable', 'not_archived']) {
    expect(await figure(`events_dropped_total{reason="${reason}"}`)).toBe(0)
  }
}, 180_000)

it('the lag rises after a start without Postgres too, from what the journal holds', async () => {
  await send()
  await expect.poll(() => figure('events_archived_total'), soon).toBe(1)
  await links.postgres.cut()
  await send()
  await ingest.close()
  ingest = await start()
  for (const reader of ['ledger', 'archive']) {
    await expect.poll(() => lag(reader), soon).toBeGreaterThan(0.5)
    expect(await figure(`reader_lag_events{reader="${reader}"}`)).toBeGreaterThan(0)
  }
  await links.postgres.mend()
  for (const reader of ['ledger', 'archive']) await expect.poll(() => lag(reader), soon).toBe(0)
  expect(await figure('events_archived_total')).toBe(1)
}, 180_000)
