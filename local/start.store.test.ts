/** `npm start` as the process that it is: what it refuses, what it survives, and that it leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readdir, readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshClickHouse } from '../test/stores/clickhouse.ts'
import { freshDatabase } from '../test/stores/postgres.ts'
import { processTree, untilEnded } from '../test/stores/process-state.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { until } from '../test/waiting.ts'
import { type Running, readRunning } from './running.ts'
import { readOrMakeSecrets } from './secrets.ts'
import { findFreePort } from './stores/free-port.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SERVING_AGAIN_WITHIN_MS = 30_000
const ENDED_WITHIN_MS = 15_000

interface Start {
  readonly child: ChildProcess
  readonly pid: number
  readonly ended: Promise<{ code: number | null; stderr: string }>
  stdout(): string
}

const starts: Start[] = []

/** In a process group of its own, as a shell starts it. */
function start(dir: string, env: Record<string, string> = {}): Start {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', LENS_DIR: dir, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = once(child, 'close').then(([code]) => ({
    code: typeof code === 'number' ? code : null,
    stderr,
  }))
  const started = { child, pid: child.pid ?? 0, ended, stdout: () => stdout }
  starts.push(started)
  return started
}

async function untilRunning(started: Start, dir: string): Promise<Running> {
  const ended = started.ended.then(({ stderr }) => {
    throw new Error(`npm start ended before it was ready: ${stderr}`)
  })
  const ready = until('npm start', 60_000, () => started.stdout().includes('LensAI runs'))
  await Promise.race([ready, ended])
  return await until('its word of where', 1_000, () => readRunning(dir))
}

/** Ctrl-C reaches every process of the terminal's group. Waits until all that were below the start have ended. */
async function ctrlC(started: Start): Promise<void> {
  const pids = await processTree(started.pid)
  process.kill(-started.pid, 'SIGINT')
  expect((await started.ended).code).toBe(0)
  expect(await Promise.all(pids.map((pid) => untilEnded(pid, ENDED_WITHIN_MS)))).not.toContain(
    'still running',
  )
}

async function killAll(): Promise<void> {
  for (const { pid, child } of starts.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    for (const each of await processTree(pid)) process.kill(each, 'SIGKILL')
  }
}

async function aFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder()
  // Postgres may run as another account, which must be able to pass through.
  await chmod(folder.path, 0o711)
  return folder
}

/** 202 for an event, and an answer of the page: or null, for as long as the product does not serve. */
async function serves(dir: string, requestId: string): Promise<true | null> {
  try {
    const running = await readRunning(dir)
    if (!running) return null
    const { apiKey } = await readOrMakeSecrets(dir)
    const [event, page] = await Promise.all([
      fetch(`${running.ingestUrl}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events: [anEvent(requestId)] }),
        signal: AbortSignal.timeout(5_000),
      }),
      fetch(running.sandboxUrl ?? running.ingestUrl, { signal: AbortSignal.timeout(5_000) }),
    ])
    return event.status === 202 && (running.sandboxUrl === null || page.status === 200) ? true : null
  } catch {
    return null
  }
}

/** The process below a start whose command line holds these words, or null. */
async function pidOf(started: Start, words: string): Promise<number | null> {
  for (const pid of await processTree(started.pid)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.replaceAll('\0', ' ').includes(words)) return pid
  }
  return null
}

const anEvent = (requestId: string) => ({
  request_id: requestId,
  ts: new Date().toISOString(),
  provider: 'openai',
  model: 'gpt-4o',
  input_tokens: 10,
  output_tokens: 10,
  latency_ms: 840,
})

describe('a start that cannot be', () => {
  let folder: TemporaryFolder
  beforeEach(async () => {
    folder = await aFolder()
  })
  afterEach(async () => {
    await killAll()
    await folder.remove()
  })

  it('says every bad variable in one go, without its value, before it starts anything', async () => {
    const env = { DATABASE_URL: 'mysql://lens:hush@db', SLACK_BOT_TOKEN: 'xoxb-hush', INGEST_PORT: 'hush' }
    expect(await start(folder.path, env).ended).toEqual({
      code: 1,
      stderr: [
        'DATABASE_URL must be a URL that begins with postgres:// or postgresql://',
        'SLACK_SIGNING_SECRET is missing: to talk to Slack, set SLACK_BOT_TOKEN with SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET',
        'INGEST_PORT must be a port from 1 to 65535',
        '',
      ].join('\n'),
    })
    expect(await readdir(folder.path)).toEqual([])
  })

  it('names the variable of a port that is taken, and has started nothing', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, stderr } = await start(folder.path, { APP_PORT: String(port) }).ended
    taken.close()
    const wayOut = 'end that program, or set APP_PORT to a free port'
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `port ${port} is taken by another program: ${wayOut}\n`,
    })
    expect(await readdir(folder.path)).not.toContain('postgres')
  })
})

describe('a start on stores that are named', () => {
  it('uses those, starts none of its own, and ends with its starter', async () => {
    const [folder, database, clickhouse] = [await aFolder(), await freshDatabase(), await freshClickHouse()]
    const stores = {
      DATABASE_URL: database.url,
      CLICKHOUSE_URL: clickhouse.url,
      OBJECT_STORE_URL: pathToFileURL(path.join(folder.path, 'mine')).href,
    }
    try {
      const started = start(folder.path, stores)
      const running = await untilRunning(started, folder.path)
      expect(running).toMatchObject({
        databaseUrl: stores.DATABASE_URL,
        clickhouseUrl: stores.CLICKHOUSE_URL,
        objectStoreUrl: stores.OBJECT_STORE_URL,
      })
      const names = await readdir(folder.path)
      for (const name of ['postgres', 'clickhouse']) expect(names).not.toContain(name)
      expect(await serves(folder.path, 'r1')).toBe(true)
      // Killed, it can end nobody: each part must see by itself that it is alone.
      const pids = await processTree(started.pid)
      expect(await pidOf(started, '/postgres -D')).toBeNull()
      expect(await pidOf(started, 'clickhouse-process.mjs')).toBeNull()
      process.kill(started.pid, 'SIGKILL')
      const ends = await Promise.all(pids.map((pid) => untilEnded(pid, ENDED_WITHIN_MS)))
      expect(ends).not.toContain('still running')
    } finally {
      await killAll()
      await clickhouse.drop()
      await database.drop()
      await folder.remove()
    }
  }, 60_000)
})

describe('a running product', () => {
  let folder: TemporaryFolder
  let first: Start
  let page: string
  let appReady: string

  beforeAll(async () => {
    folder = await aFolder()
    const appPort = await findFreePort()
    appReady = `http://127.0.0.1:${appPort}/readyz`
    first = start(folder.path, { APP_PORT: String(appPort) })
    page = (await untilRunning(first, folder.path)).sandboxUrl ?? ''
  }, 90_000)
  afterAll(async () => {
    await killAll()
    await folder.remove()
  })

  it('is pointed to by a second start on its folder, and goes on', async () => {
    const { code, stderr } = await start(folder.path).ended
    const wayOut = 'use that one, stop it with Ctrl-C, or set LENS_DIR to another folder'
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `LensAI already runs on ${folder.path} (process ${first.pid}) and serves ${page}: ${wayOut}\n`,
    })
    expect(await serves(folder.path, 'after-a-second-start')).toBe(true)
  })

  it.each([
    ['ingest', 'ingest/main.ts'],
    ['the Slack app', 'app/main.ts'],
    ['the jobs', 'jobs/main.ts'],
    ['Postgres', '/postgres -D'],
    ['ClickHouse', 'clickhouse-process.mjs'],
  ])(
    'serves again within 30 s when %s is killed',
    async (name, command) => {
      const killed = await pidOf(first, command)
      if (killed === null) throw new Error(`${name} does not run`)
      const greetings = first.stdout().split('LensAI runs').length
      process.kill(killed, 'SIGKILL')
      await until(`another process of ${name}`, SERVING_AGAIN_WITHIN_MS, async () => {
        const pid = await pidOf(first, command)
        return pid !== null && pid !== killed
      })
      if (!command.endsWith('/main.ts')) {
        await until(
          'the word that it runs',
          SERVING_AGAIN_WITHIN_MS,
          () => first.stdout().split('LensAI runs').length > greetings,
        )
      }
      await until('an event and the page', SERVING_AGAIN_WITHIN_MS, () =>
        serves(folder.path, `without-${name}`),
      )
      await until('the Slack app', SERVING_AGAIN_WITHIN_MS, () =>
        fetch(appReady).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
    },
    70_000,
  )

  it('ends everything at Ctrl-C, and takes back its word of where it runs', async () => {
    await ctrlC(first)
    const names = await readdir(folder.path)
    for (const name of ['running.json', 'env']) expect(names).not.toContain(name)
    expect(first.stdout().trim().split('\n').at(-1)).toBe('Stopping ...')
  }, 30_000)
})
