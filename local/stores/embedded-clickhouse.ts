/**
 * A genuine ClickHouse HTTP server from the npm package `chdb`, in a child process, on 127.0.0.1.
 * Invariant: it keeps every file below `dataDir` and ends when this process does, however this process ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CLICKHOUSE_USER, clickHouseConfigXml, clickHouseUsersXml } from './clickhouse-config.ts'
import { findClickHouseLibrary } from './clickhouse-library.ts'
import { findFreePort } from './free-port.ts'
import { EmbeddedStoreError, type RunningStore, type StoreLog } from './running-store.ts'

export interface ClickHouseOptions {
  dataDir: string
  /** A free port is chosen when none is given. */
  port?: number
  log: StoreLog
}

const startTimeoutMs = 30_000
const stopTimeoutMs = 10_000
/** A server whose starter was just killed needs a moment to let go of its folder. */
const leftoverTimeoutMs = 5_000
const memoryBytesCeiling = 4 * 1024 ** 3
const startQueries = "SYSTEM START LISTEN HTTP; SELECT * FROM file(stdin, 'LineAsString') FORMAT Null"

export async function startClickHouse(options: ClickHouseOptions): Promise<RunningStore> {
  const library = findClickHouseLibrary()
  const dataDir = resolve(options.dataDir)
  // The mode counts for every folder made on the way, and the parents are not this store's to close.
  await mkdir(dirname(dataDir), { recursive: true })
  await mkdir(join(dataDir, 'data'), { recursive: true, mode: 0o700 })
  const password = await readOrMakePassword(join(dataDir, 'password'))
  const memoryBytesMax = Math.min(Math.floor(totalmem() / 2), memoryBytesCeiling)
  const configPath = join(dataDir, 'config.xml')
  await writeFile(configPath, clickHouseConfigXml({ dataDir, password, memoryBytesMax }), { mode: 0o600 })
  await writeFile(join(dataDir, 'users.xml'), clickHouseUsersXml(password), { mode: 0o600 })

  const patience = AbortSignal.timeout(leftoverTimeoutMs)
  for (let portsLeft = 3; ; ) {
    const port = options.port ?? (await findFreePort())
    const started = await launch({ library, dataDir, configPath, port })
    if (started.kind === 'ready') return asRunningStore(started, { password, port })
    const why = whyFailed(started.output)
    if (why === 'folder_in_use' && !patience.aborted) {
      await delay(100)
      continue
    }
    if (why === 'port_taken' && options.port === undefined && portsLeft-- > 0) continue
    const lastWords = started.output.trim().split('\n').at(-1) || 'it said nothing.'
    const reason =
      why === 'folder_in_use'
        ? `another process uses ${dataDir}. Stop that one first, or choose another data folder.`
        : `on 127.0.0.1:${port} with ${dataDir}: ${lastWords}`
    throw new EmbeddedStoreError('start_failed', `ClickHouse did not start: ${reason}`)
  }
}

function whyFailed(output: string): 'folder_in_use' | 'port_taken' | 'other' {
  if (/Code: 76\b/.test(output)) return 'folder_in_use'
  return /Address already in use|Code: 210\b/.test(output) ? 'port_taken' : 'other'
}

function asRunningStore(
  { child, pid }: Ready,
  { password, port }: { password: string; port: number },
): RunningStore {
  // The server keeps alive no process that has nothing else to do: it ends with it.
  child.unref()
  for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref()
  return {
    url: `http://${CLICKHOUSE_USER}:${password}@127.0.0.1:${port}/default`,
    pid,
    stop: () => stopChild(child),
    ended: new Promise((settle) => child.once('exit', () => settle())),
  }
}

type Ready = { kind: 'ready'; child: ChildProcess; pid: number }
type Launched = Ready | { kind: 'failed'; output: string }

interface LaunchInput {
  library: string
  dataDir: string
  configPath: string
  port: number
}

async function launch({ library, dataDir, configPath, port }: LaunchInput): Promise<Launched> {
  const script = fileURLToPath(new URL('clickhouse-process.mjs', import.meta.url))
  const args = [
    script,
    library,
    `--config-file=${configPath}`,
    `--http_port=${port}`,
    '--query',
    startQueries,
  ]
  const child = spawn(process.execPath, args, {
    cwd: dataDir,
    // Bare on purpose: the server needs none of this process's settings, and NODE_OPTIONS could break it.
    env: { HOME: dataDir, TZ: 'UTC' },
    stdio: ['pipe', 'ignore', 'pipe'],
    // Ctrl-C reaches the whole terminal group; the parent alone decides when its store stops.
    detached: true,
  })
  // The server may be gone when it is told to stop.
  child.stdin.on('error', () => undefined)
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => {
    output = `${output}${chunk.toString()}`.slice(-4_000)
  })
  const ended = new Promise<'ended'>((settle) => {
    child.once('error', (error) => {
      output += error.message
      settle('ended')
    })
    child.once('exit', () => settle('ended'))
  })
  const { pid } = child
  if (pid !== undefined && (await isReady(port, ended))) return { kind: 'ready', child, pid }
  await stopChild(child)
  return { kind: 'failed', output }
}

async function isReady(port: number, ended: Promise<'ended'>): Promise<boolean> {
  const giveUp = AbortSignal.timeout(startTimeoutMs)
  while (!giveUp.aborted) {
    const answer = await Promise.race([ended, ping(port)])
    if (answer === 'ended') return false
    if (answer === 'pong') return true
    await delay(20)
  }
  return false
}

async function ping(port: number): Promise<'pong' | 'silence'> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ping`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(1_000),
    })
    await response.arrayBuffer()
    return response.ok ? 'pong' : 'silence'
  } catch {
    return 'silence'
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((settle) => child.once('exit', () => settle()))
  const force = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  child.ref()
  child.stdin?.end()
  await exited
  clearTimeout(force)
}

async function readOrMakePassword(path: string): Promise<string> {
  const fresh = randomBytes(24).toString('hex')
  try {
    await writeFile(path, fresh, { mode: 0o600, flag: 'wx' })
    return fresh
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return (await readFile(path, 'utf8')).trim()
  }
}
