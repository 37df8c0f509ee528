/**
 * One replica of ingest, by its main file, with a journal and a clock of its own. As a platform does, it is started
 * again whenever it ends by itself.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../../local/stores/free-port.ts'
import type { SmallDisk } from './small-disk.ts'

export interface Replica {
  readonly name: string
  readonly url: string
  /** The folder of its journal, as this process reaches it. */
  readonly journalDir: string
  /** A line for each sync of one of its files: the name, and how many bytes of it were then on the disk. */
  readonly syncedFile: string
  /** How often it ended by itself. */
  endedByItself(): number
  /** Resolves when it takes requests, however often it must be tried; rejects with its last words when that is of no use. */
  start(): Promise<void>
  kill(): Promise<void>
  /** Asks it to end, and waits for it. */
  end(): Promise<void>
  /** Its clock goes on this far from the true time. */
  stepClock(stepMs: number): Promise<void>
  /** What it said at each end of its own since this was last asked. */
  lastWords(): readonly string[]
  /** The last warnings and errors of its log. */
  complaints(): Promise<string[]>
}

export interface ReplicaOptions {
  readonly name: string
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  /** Where its journal lies; on the machine's own disk when null. */
  readonly disk: SmallDisk | null
  readonly pids: Map<number, NodeJS.Signals>
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LOADED_BEFORE = ['clock.mjs', 'synced.mjs'].map(
  (name) => `--import=${new URL(name, import.meta.url).href}`,
)
const START_AGAIN_AFTER_MS = 200
const START_WITHIN_MS = 60_000
const COMPLAINTS_MAX = 12

export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const { name, dir, disk, pids } = options
  const fileOf = (what: string) => path.join(dir, `${name}.${what}`)
  const [clockFile, syncedFile, logFile] = [fileOf('clock'), fileOf('synced'), fileOf('log')]
  const ownDir = path.join(dir, name)
  await mkdir(ownDir, { recursive: true })
  const port = await findFreePort()
  const env = {
    ...options.env,
    INGEST_HOST: '127.0.0.1',
    INGEST_PORT: String(port),
    JOURNAL_DIR: path.join(disk?.insidePath ?? ownDir, 'journal'),
    NODE_OPTIONS: LOADED_BEFORE.join(' '),
    FAULTS_CLOCK_FILE: clockFile,
    FAULTS_SYNCED_FILE: syncedFile,
  }
  /** Moves on with each start and each end that is wanted: what was begun before then stops. */
  let turn = 0
  let child: ChildProcess | null = null
  let exited: Promise<unknown> = Promise.resolve()
  let ends = 0
  const words: string[] = []

  async function launch() {
    const command = [process.execPath, '--import', 'tsx', 'ingest/main.ts'] as const
    const [program, ...words] = disk === null ? command : disk.inside(ROOT, command)
    const log = await open(logFile, 'a')
    const stdio = ['ignore', log.fd, log.fd, 'ipc'] as const
    const launched = spawn(program, words, { cwd: ROOT, env, stdio: [...stdio] })
    await log.close()
    child = launched
    const { pid = 0 } = launched
    pids.set(pid, 'SIGKILL')
    const ended = new Promise<'ended'>((resolve) => {
      launched.once('error', () => resolve('ended'))
      launched.once('exit', () => {
        pids.delete(pid)
        resolve('ended')
      })
    })
    exited = ended
    const ready = new Promise<'ready'>((resolve) => launched.once('message', () => resolve('ready')))
    const outcome = await Promise.race([ready, ended])
    return { outcome, ended }
  }

  async function launchUntilReady(ofTurn: number): Promise<void> {
    const giveUpAtMs = performance.now() + START_WITHIN_MS
    while (turn === ofTurn) {
      const { outcome, ended } = await launch()
      if (outcome === 'ready') {
        // One that does not come back is seen by those who wait for its journal to be read.
        ended.then(() => startAgain(ofTurn)).catch(() => undefined)
        return
      }
      if (turn !== ofTurn) return
      if (performance.now() > giveUpAtMs)
        throw new Error(`${name} does not start: ${(await complaints()).at(-1)}`)
      await noteEnd()
      await sleep(START_AGAIN_AFTER_MS)
    }
  }

  async function startAgain(ofTurn: number): Promise<void> {
    if (turn !== ofTurn) return
    await noteEnd()
    await launchUntilReady(ofTurn)
  }

  async function noteEnd(): Promise<void> {
    ends += 1
    words.push((await complaints()).at(-1) ?? 'ended without a word')
  }

  async function endBy(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    turn += 1
    child?.kill(signal)
    await exited
  }

  async function complaints(): Promise<string[]> {
    const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n')
    return lines.filter((line) => !/^$|"level":(?:10|20|30)\b/.test(line)).slice(-COMPLAINTS_MAX)
  }

  return {
    name,
    url: `http://127.0.0.1:${port}`,
    syncedFile,
    journalDir: path.join(disk?.path ?? ownDir, 'journal'),
    endedByItself: () => ends,
    lastWords: () => words.splice(0),
    start: async () => {
      turn += 1
      await launchUntilReady(turn)
    },
    kill: () => endBy('SIGKILL'),
    end: () => endBy('SIGTERM'),
    stepClock: async (stepMs) => {
      await writeFile(`${clockFile}.new`, String(stepMs))
      await rename(`${clockFile}.new`, clockFile)
    },
    complaints,
  }
}
