/**
 * The Python process that makes the calls, with the real SDK and the real provider package: requests in, what
 * happened out, one JSON object a line. The protocol stands in driver.py.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TraceRequest } from './trace.ts'

export interface DriverConfig {
  readonly python: string
  readonly lensUrl: string
  readonly apiKey: string
  readonly providerUrl: string
  readonly model: string
  readonly concurrency: number
  /** Trace seconds a second; null for as fast as it goes. */
  readonly speed: number | null
  readonly streamShare: number
}

export interface DriverBudget {
  readonly state: string
  readonly spent_usd: string
  readonly limit_usd: string
  readonly lift_url: string | null
}

/** What the driver tells; instants are milliseconds since 1970. */
export type DriverLine =
  | {
      readonly type: 'verdict'
      readonly at: number
      readonly allowed: boolean
      readonly budgets: readonly DriverBudget[]
    }
  | {
      readonly type: 'call'
      readonly number: number
      readonly request_id: string
      readonly begun_at: number
      readonly ended_at: number
      readonly ok: boolean
      readonly message?: string
    }
  | { readonly type: 'acknowledged'; readonly request_ids: readonly string[]; readonly at: number }
  | { readonly type: 'refused'; readonly at: number; readonly message: string }
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly refused: number }
  | {
      readonly type: 'stats'
      readonly flushed: boolean
      readonly calls_done: number
      readonly calls_failed: number
      readonly calls_refused: number
      readonly acknowledged: number
      readonly rejected: number
      readonly dropped: number
      readonly pending: number
    }
  | { readonly type: 'error'; readonly message: string }

export interface Driver {
  /** Hands over more requests, to be made after those before. */
  feed(requests: readonly TraceRequest[]): void
  /** Resolves with the exit code when the driver has ended. */
  readonly ended: Promise<number>
  /** Makes no further call; what was made is still sent. */
  stop(): void
  kill(): void
}

const SCRIPT = fileURLToPath(new URL('./driver.py', import.meta.url))

export function startDriver(
  config: DriverConfig,
  hear: (line: DriverLine) => void,
  warn: (line: string) => void,
): Driver {
  const settings = {
    lens_url: config.lensUrl,
    api_key: config.apiKey,
    provider_url: config.providerUrl,
    model: config.model,
    concurrency: config.concurrency,
    speed: config.speed,
    stream_share: config.streamShare,
    wait_for_lift: true,
  }
  const child = spawn(config.python, [SCRIPT, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'pipe'] })
  // A driver that ends early closes its input; its exit code says so, and the broken pipe says nothing more.
  child.stdin.on('error', () => undefined)
  // The driver is this repository's own file, so its lines are of the type above.
  createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line) as DriverLine))
  createInterface({ input: child.stderr }).on('line', warn)
  return {
    feed: (requests) => {
      for (const { atMs, contextTokens, generatedTokens } of requests) {
        const line = { at_ms: atMs, context_tokens: contextTokens, generated_tokens: generatedTokens }
        child.stdin.write(`${JSON.stringify(line)}\n`)
      }
    },
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => resolve(code ?? 1))
    }),
    stop: () => {
      child.stdin.end(`${JSON.stringify({ type: 'command', stop: true })}\n`)
    },
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}
