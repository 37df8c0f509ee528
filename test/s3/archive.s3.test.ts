/**
 * Ingest as a process on a bucket: what it acknowledged is read back from the bucket, from ClickHouse and from the
 * ledger, event by event, although ingest is killed and the S3 server goes away and comes back.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import { eventOfRow } from '../events/event-of-row.ts'
import { readParquetRows } from '../events/read-parquet.ts'
import { compareStores, linesOf } from '../faults/ingest/compare-stores.ts'
import { type Call, planLoad, type Report } from '../faults/ingest/load.ts'
import { makeProject } from '../faults/ingest/project.ts'
import { openReplica, type Replica } from '../faults/ingest/replica.ts'
import { seeded } from '../faults/ingest/seeded.ts'
import { sendAll } from '../faults/ingest/send.ts'
import { untilRead } from '../faults/ingest/until-read.ts'
import { KEYRING_TEXT } from '../ingest/a-key.ts'
import { type FreshClickHouse, freshClickHouse } from '../stores/clickhouse.ts'
import { killAtExit } from '../stores/kill-at-exit.ts'
import { type FreshDatabase, freshDatabase } from '../stores/postgres.ts'
import { makeRunFolder, type RunFolder } from '../stores/run-folder.ts'
import { s3ServerAt, type TestBucket } from '../stores/s3.ts'
import { until } from '../waiting.ts'
import { type RunningS3, startRadosgw } from './start-radosgw.ts'

const pids = new Map<number, NodeJS.Signals>()
let folder: RunFolder
let s3: RunningS3
let bucket: TestBucket
let postgres: FreshDatabase
let clickhouse: FreshClickHouse
let ingest: Replica
let project: Awaited<ReturnType<typeof makeProject>>
let forget: () => void
beforeAll(async () => {
  forget = killAtExit(pids)
  folder = await makeRunFolder('lensai-test-s3-archive-')
  s3 = await startRadosgw(folder.path)
  bucket = await s3ServerAt(s3).createBucket()
  postgres = await freshDatabase()
  clickhouse = await freshClickHouse()
  project = await makeProject(postgres.url)
  const { PATH = '', HOME = '/' } = process.env
  const env = {
    ...{ PATH, HOME, LENS_SECRET_KEYS: KEYRING_TEXT },
    ...{ DATABASE_URL: postgres.url, CLICKHOUSE_URL: clickhouse.url, OBJECT_STORE_URL: bucket.url },
    ...{ AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey },
  }
  ingest = await openReplica({ name: 'ingest', dir: folder.path, env, disk: null, pids })
  await ingest.start()
}, 120_000)
afterAll(async () => {
  await ingest?.end()
  await clickhouse?.drop()
  await postgres?.drop()
  await s3?.stop()
  await folder?.remove()
  forget()
})

const acknowledged = new Set<Call>()
let earlier: readonly Report[] = []
let rounds = 0

/** Sends until all is acknowledged, while `happening` happens. */
async function send(happening: () => Promise<void>): Promise<void> {
  rounds += 1
  const chance = seeded(rounds)
  const given = { round: rounds, projectId: project.projectId, now: new Date(), repeatsAll: false }
  const requests = planLoad(chance, { ...given, earlier })
  earlier = requests.flatMap(({ reports }) => reports)
  const signal = AbortSignal.timeout(120_000)
  const urls = [ingest.url, ingest.url]
  const sending = { urls, apiKey: project.apiKey, chance, acknowledged, answers: new Map(), signal }
  await Promise.all([sendAll(requests, sending), happening()])
}

const stores = () => ({ postgres, clickhouse, objects: { url: bucket.url, credentials: s3 } })

async function expectAllHeld(): Promise<void> {
  await untilRead(ingest)
  expect(acknowledged.size).toBeGreaterThan(0)
  const found = await compareStores(stores(), [...acknowledged], new Map())
  expect(linesOf(found)).toEqual([])
  const [inBucket, inClickHouse] = [await rowsInBucket(), await rowsInClickHouse()]
  expect(inBucket).toHaveLength(acknowledged.size)
  expect(inBucket).toEqual(inClickHouse)
}

const isArchiving = async () => {
  const answer = await fetch(`${ingest.url}/readyz`)
  const { archive }: { archive: { failing: boolean } } = JSON.parse(await answer.text())
  return !archive.failing
}

it('holds what was acknowledged', async () => {
  await send(async () => undefined)
  await expectAllHeld()
}, 240_000)

it('holds it once after ingest was killed in between', async () => {
  await send(async () => {
    await ingest.kill()
    await ingest.start()
  })
  await ingest.kill()
  await ingest.start()
  await expectAllHeld()
}, 240_000)

it('holds it after the S3 server was gone, and what was acknowledged meanwhile', async () => {
  await s3.killGateway()
  const before = acknowledged.size
  await send(async () => undefined)
  expect(acknowledged.size).toBeGreaterThan(before)
  await until('the archive fails', 60_000, async () => !(await isArchiving()))
  await ingest.kill()
  await ingest.start()
  await s3.startGateway()
  await expectAllHeld()
}, 240_000)

type Row = Readonly<Record<string, unknown>>

const inOrder = (rows: readonly Row[]): Row[] =>
  rows.map(eventOfRow).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
const placeOf = (event: Row): string => `${event.journalId}/${String(event.journalOffset).padStart(16, '0')}`

async function rowsInBucket(): Promise<Row[]> {
  const objects = openObjects(bucket.url, s3)
  const rows: Row[] = []
  for await (const { key } of objects.list('raw/')) {
    const bytes = await objects.get(key)
    if (bytes === null) throw new Error(`${key} is listed and not there`)
    rows.push(...(await readParquetRows(bytes)))
  }
  await objects.close()
  return inOrder(rows)
}

async function rowsInClickHouse(): Promise<Row[]> {
  const opened = openClickHouse(clickhouse.url)
  const answer = await opened.query({ query: 'SELECT * FROM events', format: 'JSONEachRow' })
  const rows = await answer.json<Record<string, unknown>>()
  await opened.close()
  return inOrder(rows)
}
