/**
 * One part of the product as a process of its own, with the main file that production runs too: started, watched,
 * started again when it dies, ended with its starter. A part whose starter is gone sees its channel close and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface PartSpec {
  readonly name: string
  /** The main file, from the root of the project. */
  readonly entry: string
  readonly env: Readonly<Record<string, string>>
  /** Of Node, as the Procfile has them. */
  readonly nodeFlags?: readonly string[]
}

/** Room for the events of many calls at once, so that the collector finds them done with (docs/performance.md). */
export const INGEST_FLAGS: readonly string[] = ['--max-semi-space-size=64']

export interface Part {
  readonly name: string
  pid(): number | undefined
  /** Asks it to end, and ends it by force when it does not in time. */
  stop(): Promise<void>
}

export interface PartDeps {
  readonly logsDir: string
  /** Tells a person what they should know of a part's life. */
  readonly tell: (sentence: string) => void
  /** How long a part has to end by itself when it is stopped; ten seconds when not given. */
  readonly stopWithinMs?: number
  /** Told of each process as soon as it runs: until it has loaded, it cannot end because its starter is gone. */
  readonly launched?: (pid: number) => void
}

export class PartError extends Error {
  readonly code = 'part_did_not_start'
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 10_000
const RESTART_AFTER_MS = 300
const RESTART_AFTER_MAX_MS = 10_000
/** A part that lived this long starts again at once when it dies. */
const SETTLED_AFTER_MS = 30_000

/** Resolves when the part says that it is ready; rejects with one sentence when it ends before. */
export async function startPart(spec: PartSpec, deps: PartDeps): Promise<Part> {
  const log = createWriteStream(path.join(deps.logsDir, `${spec.name}.log`), { flags: 'a' })
  let stopping = false
  let delayMs = RESTART_AFTER_MS
  let timer: NodeJS.Timeout | undefined
  let child = launch(spec, log, deps)

  const watch = (watched: ChildProcess) => {
    const settled = setTimeout(() => {
      delayMs = RESTART_AFTER_MS
    }, SETTLED_AFTER_MS)
    settled.unref()
    watched.once('exit', (code, signal) => {
      clearTimeout(settled)
      if (stopping) return
      deps.tell(`${spec.name} ended (${signal ?? `code ${code}`}) and is started again; see ${log.path}`)
      timer = setTimeout(() => {
        child = launch(spec, log, deps)
        watch(child)
      }, delayMs)
      delayMs = Math.min(delayMs * 2, RESTART_AFTER_MAX_MS)
    })
  }

  try {
    await untilReady(child, spec)
  } catch (error) {
    log.end()
    throw error
  }
  watch(child)
  return {
    name: spec.name,
    pid: () => child.pid,
    stop: async () => {
      stopping = true
      clearTimeout(timer)
      await end(child, deps.stopWithinMs ?? STOP_WITHIN_MS)
      log.end()
    },
  }
}

const lastWords = new WeakMap<ChildProcess, string>()

function launch(spec: PartSpec, log: WriteStream, deps: PartDeps): ChildProcess {
  const child = spawn(process.execPath, [...(spec.nodeFlags ?? []), '--import', 'tsx', spec.entry], {
    cwd: ROOT,
    env: { ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  if (child.pid !== undefined) deps.launched?.(child.pid)
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`)
      if (stream === child.stderr && isSentence(line)) lastWords.set(child, line.trim())
      const warning = warningIn(line)
      if (warning) deps.tell(`${spec.name}: ${warning}`)
    })
  }
  return child
}

/** What tells why, of what a dying Node prints: not its stack, its source line, its version. */
const isSentence = (line: string): boolean => /^[A-Za-z]/.test(line) && !/^(Node\.js v|node:)/.test(line)

/** The message of a log line that a person at the terminal should see: warnings and worse. */
function warningIn(line: string): string | null {
  if (!line.startsWith('{')) return null
  try {
    const entry: unknown = JSON.parse(line)
    if (typeof entry !== 'object' || entry === null || !('level' in entry) || !('msg' in entry)) return null
    return typeof entry.level === 'number' && entry.level >= 40 ? String(entry.msg) : null
  } catch {
    return null
  }
}

function untilReady(child: ChildProcess, spec: PartSpec): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new PartError(`${spec.name} did not become ready within ${READY_WITHIN_MS / 1000} s`))
    }, READY_WITHIN_MS)
    child.once('message', () => {
      clearTimeout(late)
      resolve()
    })
    // Not 'exit': its last words may still be on their way then.
    child.once('close', (code, signal) => {
      clearTimeout(late)
      const why = lastWords.get(child) ?? `it ended with ${signal ?? `code ${code}`} and said nothing`
      reject(new PartError(`${spec.name} could not start: ${why}`))
    })
  })
}

function end(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), withinMs)
    child.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
