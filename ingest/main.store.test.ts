import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../core/api-key.ts'
import { openClickHouse } from '../db/clickhouse/open.ts'
import { openObjects } from '../db/objects/open-objects.ts'
import { saveApiKey } from '../db/postgres/api-keys.ts'
import { projectSpend } from '../db/postgres/schema.ts'
import { aWireEvent } from '../test/events/wire-event.ts'
import { KEYRING_TEXT } from '../test/ingest/a-key.ts'
import { freshClickHouse } from '../test/stores/clickhouse.ts'
import { layGround } from '../test/stores/ground.ts'
import { freshDatabase } from '../test/stores/postgres.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Nothing listens there: the discard port of this machine. */
const NOWHERE = '127.0.0.1:9'

let folder: TemporaryFolder
let children: ChildProcess[]
beforeEach(async () => {
  folder = await temporaryFolder()
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
  }
  await folder.remove()
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
interface Started {
  readonly child: ChildProcess
  readonly url: Promise<string>
  readonly ended: Promise<Ended>
}

function start(env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', 'ingest/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString()
  })
  const url = new Promise<string>((resolve) => {
    child.once('message', (message) => {
      if (typeof message === 'object' && 'url' in message && typeof message.url === 'string')
        resolve(message.url)
    })
  })
  // Not the child's own 'close': it never comes when this side closes the channel.
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream ? [once(stream, 'close')] : []))
  const ended = Promise.all([once(child, 'exit'), ...streams]).then(() => ({ code: child.exitCode, ...said }))
  return { child, url, ended }
}

const withoutStores = () => ({
  DATABASE_URL: `postgres://lens:hush@${NOWHERE}/lens`,
  CLICKHOUSE_URL: `http://lens:hush@${NOWHERE}/lens`,
  OBJECT_STORE_URL: pathToFileURL(`${folder.path}/objects`).href,
  LENS_SECRET_KEYS: KEYRING_TEXT,
  JOURNAL_DIR: `${folder.path}/journal`,
  INGEST_HOST: '127.0.0.1',
  INGEST_PORT: '0',
})

describe('the ingest process', () => {
  it('names every bad variable at once, and ends', async () => {
    const { code, stderr } = await start({ INGEST_PORT: 'http' }).ended
    expect(code).toBe(1)
    const lines = stderr.trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual([
      'CLICKHOUSE_URL',
      'DATABASE_URL',
      'INGEST_PORT',
      'JOURNAL_DIR',
      'LENS_SECRET_KEYS',
      'OBJECT_STORE_URL',
    ])
  })

  it('says in one sentence that its port is taken', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
    const { code, stderr } = await start({ ...withoutStores(), INGEST_PORT: String(port) }).ended
    const metrics = await start({ ...withoutStores(), METRICS_PORT: String(port) }).ended
    await new Promise((resolve) => other.close(resolve))
    expect([metrics.code, metrics.stderr.trim()]).toEqual([
      1,
      `ingest could not start: metrics cannot be served: port ${port} of 127.0.0.1 is in use by another process; set METRICS_PORT to another port`,
    ])
    expect(code).toBe(1)
    expect(stderr.trim()).toBe(
      `ingest could not start: port ${port} of 127.0.0.1 is in use by another process; stop that one, or set INGEST_PORT to another port (0 for any free one)`,
    )
  })

  it('says in one sentence that its journal is in use, or cannot be a folder', async () => {
    const first = start(withoutStores())
    await first.url
    const second = await start(withoutStores()).ended
    expect([second.code, second.stderr.trim()]).toEqual([
      1,
      expect.stringMatching(/^ingest could not start: the journal in .* is in use by .*$/),
    ])
    await writeFile(`${folder.path}/file`, '')
    const third = await start({ ...withoutStores(), JOURNAL_DIR: `${folder.path}/file/journal` }).ended
    expect([third.code, third.stderr.trim()]).toEqual([
      1,
      expect.stringMatching(/^ingest could not start: .*; set JOURNAL_DIR to .*$/),
    ])
  })

  it('starts without its stores, says what is missing, knows no key, and shows no password', async () => {
    const started = start(withoutStores())
    const url = await started.url
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${url}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { error: { code: 'unavailable' }, stores: ['postgres'] },
    ])
    const headers = { authorization: `Bearer ${mintApiKey().text}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: '{"events": []}' })
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: 'unavailable' } }])
    started.child.kill('SIGTERM')
    const { code, stdout, stderr } = await started.ended
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('hush')
    expect(stdout + stderr).not.toContain(headers.authorization)
  })

  it('ends with whoever started it', async () => {
    const started = start(withoutStores())
    await started.url
    started.child.disconnect()
    expect((await started.ended).code).toBe(0)
  })

  it('counts and archives what it took, over a SIGKILL just after the answer', async () => {
    const database = await freshDatabase()
    const clickHouseDatabase = await freshClickHouse()
    const now = new Date()
    const ground = await layGround(database.url, now)
    const { postgres, orgId, project } = ground
    const minted = mintApiKey()
    const projectId = project.id
    await saveApiKey(postgres.tables, { orgId, projectId, name: 'test', minted, scopes: ['ingest'] }, now)
    const env = { ...withoutStores(), DATABASE_URL: database.url, CLICKHOUSE_URL: clickHouseDatabase.url }

    const first = start(env)
    const url = await first.url
    const events = Array.from({ length: 50 }, (_, index) =>
      aWireEvent({ request_id: `r${index}`, ts: now.toISOString() }),
    )
    const post = async (at: string) =>
      await fetch(`${at}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${minted.text}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
      })
    expect((await post(url)).status).toBe(202)
    first.child.kill('SIGKILL')
    await first.ended

    const second = start(env)
    const again = await second.url
    expect((await post(again)).status).toBe(202)
    const progress = async () => await (await fetch(`${again}/readyz`)).json()
    await expect
      .poll(progress, { timeout: 20_000 })
      .toMatchObject({ ready: true, ledger: { lag_events: 0 }, archive: { lag_events: 0 } })
    second.child.kill('SIGINT')
    expect((await second.ended).code).toBe(0)

    const [spend] = await postgres.tables.select().from(projectSpend)
    expect(spend).toMatchObject({ events: 50, spent: 50n * 3_500_000n })
    const clickhouse = openClickHouse(clickHouseDatabase.url)
    const answer = await clickhouse.query({
      query: 'SELECT count() AS events FROM events',
      format: 'JSONEachRow',
    })
    expect(await answer.json()).toEqual([{ events: '50' }])
    await clickhouse.close()
    const objects = openObjects(env.OBJECT_STORE_URL)
    const keys = []
    for await (const { key } of objects.list('raw/')) keys.push(key)
    await objects.close()
    expect(keys.length).toBeGreaterThan(0)
    await postgres.close()
    await clickHouseDatabase.drop()
    await database.drop()
  }, 60_000)
})
