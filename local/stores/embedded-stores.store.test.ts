/** The embedded stores keep what they acknowledged, and leave no process behind, whatever is killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@clickhouse/client'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { untilEnded } from '../../test/stores/process-state.ts'
import { startClickHouse } from './embedded-clickhouse.ts'
import { startPostgres } from './embedded-postgres.ts'
import type { RunningStore } from './running-store.ts'

let folder: string
let said: string[]
let started: RunningStore[]
let starters: ChildProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lensai-embedded-'))
  await chmod(folder, 0o711)
  said = []
  started = []
  starters = []
})

afterEach(async () => {
  for (const starter of starters) starter.kill('SIGKILL')
  await Promise.all(started.map((store) => store.stop()))
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

const log = (sentence: string) => said.push(sentence)

async function aPostgres(parent = folder): Promise<RunningStore> {
  const store = await startPostgres({
    dataDir: join(parent, 'postgres'),
    fallbackParent: join(folder, 'fallback'),
    log,
  })
  started.push(store)
  return store
}

async function aClickHouse(): Promise<RunningStore> {
  const store = await startClickHouse({ dataDir: join(folder, 'clickhouse'), log })
  started.push(store)
  return store
}

async function onPostgres(store: RunningStore, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const sql = postgres(store.url, { max: 1, onnotice: () => undefined })
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = [...(await sql.unsafe(statement))]
    return rows
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function onClickHouse(store: RunningStore, ...statements: string[]): Promise<void> {
  const client = createClient({ url: store.url })
  try {
    for (const query of statements) await client.command({ query })
  } finally {
    await client.close()
  }
}

async function rowsOfClickHouse(store: RunningStore, query: string): Promise<unknown> {
  const client = createClient({ url: store.url })
  try {
    return await (await client.query({ query, format: 'JSONEachRow' })).json()
  } finally {
    await client.close()
  }
}

async function kill(store: RunningStore): Promise<void> {
  process.kill(store.pid, 'SIGKILL')
  await store.ended
}

/** A process of its own that starts both stores, as `npm start` does. */
async function aStarter(): Promise<{ starter: ChildProcess; postgres: number; clickhouse: number }> {
  const script = fileURLToPath(new URL('both-stores.test-child.ts', import.meta.url))
  const starter = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  starters.push(starter)
  const [line]: unknown[] = await once(starter.stdout, 'data')
  return { starter, ...JSON.parse(String(line)) }
}

describe('the embedded Postgres', () => {
  it('keeps what it acknowledged when its server is killed', async () => {
    const first = await aPostgres()
    await onPostgres(first, 'create table t (x int)', 'insert into t select generate_series(1, 1000)')
    await kill(first)
    expect(await onPostgres(await aPostgres(), 'select count(*)::int as n from t')).toEqual([{ n: 1000 }])
  })

  it('refuses a second start while the first one serves, and leaves the first alone', async () => {
    const first = await aPostgres()
    await expect(aPostgres()).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining(`process ${process.pid} already runs it`),
    })
    expect(await onPostgres(first, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it("starts over a stale postmaster.pid that names a stranger's process, and spares the stranger", async () => {
    await (await aPostgres()).stop()
    const stranger = spawn('sleep', ['60'])
    starters.push(stranger)
    const cluster = await clusterFolder()
    await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n`)
    expect(await onPostgres(await aPostgres(), 'select 1 as one')).toEqual([{ one: 1 }])
    expect(stranger.signalCode).toBeNull()
  })

  it('stops a server that a killed starter left behind, then serves its data', async () => {
    const { starter, postgres: leftover } = await aStarter()
    // A stopped server cannot follow the guard's order to end, so it is still there at the next start.
    process.kill(leftover, 'SIGSTOP')
    starter.kill('SIGKILL')
    await once(starter, 'exit')
    const next = aPostgres()
    setTimeout(() => process.kill(leftover, 'SIGCONT'), 500)
    expect(await onPostgres(await next, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(said.join()).toContain('left behind')
    expect(await untilEnded(leftover, 1_000)).toBe('ended')
  })

  it('keeps its data over restarts below a folder that only its starter may enter', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const first = await aPostgres(closed)
    await onPostgres(first, 'create table t as select 1 as x')
    await first.stop()
    expect(await onPostgres(await aPostgres(closed), 'select x from t')).toEqual([{ x: 1 }])
  })

  it('asks for its password', async () => {
    const url = new URL((await aPostgres()).url)
    url.password = 'guess'
    const sql = postgres(url.href, { max: 1 })
    await expect(sql`select 1`).rejects.toMatchObject({ code: '28P01' })
    await sql.end()
  })
})

describe('the embedded ClickHouse', () => {
  it('keeps what it acknowledged when its server is killed', async () => {
    const first = await aClickHouse()
    await onClickHouse(
      first,
      'CREATE TABLE t (x UInt32) ENGINE = MergeTree ORDER BY x',
      'INSERT INTO t SELECT number FROM numbers(1000)',
    )
    await kill(first)
    const rows = await rowsOfClickHouse(await aClickHouse(), 'SELECT toUInt32(count()) AS n FROM t')
    expect(rows).toEqual([{ n: 1000 }])
  })

  it('refuses a second start while the first one serves', async () => {
    const first = await aClickHouse()
    await expect(aClickHouse()).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('another process uses'),
    })
    expect(await rowsOfClickHouse(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('runs no query without its password, so that no web page on this machine can send one', async () => {
    const url = new URL((await aClickHouse()).url)
    const asked = await fetch(`${url.origin}/`, { method: 'POST', body: 'SELECT 4242' })
    const named = await fetch(`${url.origin}/?user=default`, { method: 'POST', body: 'SELECT 4242' })
    const guessed = await fetch(`${url.origin}/`, {
      method: 'POST',
      body: 'SELECT 4242',
      headers: { authorization: `Basic ${Buffer.from('default:').toString('base64')}` },
    })
    for (const response of [asked, named, guessed]) {
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('4242')
    }
  })
})

it('ends both stores when their starter is killed, and starts again on the same folder', async () => {
  const { starter, postgres: postgresPid, clickhouse: clickHousePid } = await aStarter()
  starter.kill('SIGKILL')
  await once(starter, 'exit')
  expect(await untilEnded(postgresPid, 10_000)).toBe('ended')
  expect(await untilEnded(clickHousePid, 10_000)).toBe('ended')
  const [pg, ch] = await Promise.all([aPostgres(), aClickHouse()])
  expect(await onPostgres(pg, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(await rowsOfClickHouse(ch, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

async function clusterFolder(): Promise<string> {
  const names = await readdir(join(folder, 'postgres'))
  expect(names).toContain('cluster')
  return join(folder, 'postgres', 'cluster')
}
