/**
 * The Python process that makes the calls, with the real SDK and the real provider package: requests in, what
 * happened out, one JSON object a line. The protocol stands in driver.py.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type DriverLine, parseDriverLine } from './driver-line.ts'
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
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = parseDriverLine(text)
    // A package that prints on its own must not end the replay.
    if (line) hear(line)
    else warn(text)
  })
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
