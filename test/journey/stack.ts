/**
 * `npm start` as a process tree that a journey can kill and start again: the supervisor, its parts and its stores.
 * The provider is not of this tree, and Slack need not be: they live on, as in life.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Running, readRunning } from '../../local/running.ts'
import { processTree, untilEnded } from '../stores/process-state.ts'

export interface Stack {
  /** Starts everything on the same folder and ports; resolves when it is ready. */
  start(): Promise<Running>
  /** SIGKILL to every process of the tree at once, the stores included. How many those were. */
  kill(): Promise<number>
  /** Ctrl-C, and waits until every process has ended. */
  stop(): Promise<void>
}

export interface SlackOutside {
  readonly botToken: string
  readonly signingSecret: string
  readonly apiUrl: string
}

export interface StackOptions {
  readonly dir: string
  readonly ingestPort: number
  readonly appPort: number
  readonly sandboxPort?: number
  /** Slack outside of the tree; null for the local workspace that npm start brings, on a port of its own. */
  readonly slack: SlackOutside | null
  readonly log: (line: string) => void
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const READY_WITHIN_MS = 60_000

export function openStack(options: StackOptions): Stack {
  let root: ChildProcess | null = null
  return {
    start: async () => {
      root = launch(options)
      await untilReady(root)
      const running = await readRunning(options.dir)
      if (!running) throw new Error('npm start said that it runs, and left no word of where')
      return running
    },
    kill: async () => {
      const pids = await processTree(root?.pid)
      for (const pid of pids) signal(pid, 'SIGKILL')
      await Promise.all(pids.map((pid) => untilEnded(pid, 10_000)))
      root = null
      return pids.length
    },
    stop: async () => {
      const pids = await processTree(root?.pid)
      if (root) signal(root.pid ?? 0, 'SIGINT')
      const ends = await Promise.all(pids.map((pid) => untilEnded(pid, 30_000)))
      root = null
      if (ends.includes('still running')) {
        for (const pid of pids) signal(pid, 'SIGKILL')
        throw new Error('after Ctrl-C a process of npm start was still running')
      }
    },
  }
}

function launch({ dir, ingestPort, appPort, sandboxPort, slack, log }: StackOptions): ChildProcess {
  const { PATH = '', HOME = '/' } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME,
      LENS_DIR: dir,
      INGEST_PORT: String(ingestPort),
      APP_PORT: String(appPort),
      ...(slack === null
        ? { SANDBOX_PORT: String(sandboxPort ?? '') }
        : {
            SLACK_BOT_TOKEN: slack.botToken,
            SLACK_SIGNING_SECRET: slack.signingSecret,
            SLACK_API_URL: slack.apiUrl,
          }),
    },
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      // The greeting is for people: its first line says enough here.
      if (/^\S/.test(line)) log(`npm start: ${line}`)
    })
  }
  return child
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('npm start was not ready in time')), READY_WITHIN_MS)
    child.once('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`npm start ended with code ${code} before it was ready`))
    })
    child.stdout?.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('LensAI runs')) return
      clearTimeout(late)
      resolve()
    })
  })
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended already.
  }
}
