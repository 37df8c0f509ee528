/**
 * Events on their way, as the Python SDK sends them: gathered for a moment, one batch after the other on one
 * connection, the same bytes again until the server has acknowledged them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import { type Answer, postJson, type Server } from './exchange.ts'
import { fieldOf } from './read-wire.ts'

export interface Outbox {
  add(event: { readonly requestId: string; readonly json: string }): void
  /** Resolves when everything is acknowledged; from now on nothing waits to be gathered. */
  flush(): Promise<void>
}

const GATHER_MS = 250
const BATCH_MAX = 1_000
const TIMEOUT_MS = 10_000
const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 10_000
const BACKOFF_IN_HASTE_MS = 250

export interface OutboxDeps {
  readonly acknowledged: (requestIds: readonly string[], atMs: number) => void
  /** An event was refused for good: nothing of the run could be compared any more. */
  readonly broken: (error: unknown) => void
}

export function openOutbox(server: Server, { acknowledged, broken }: OutboxDeps): Outbox {
  let waiting: { readonly requestId: string; readonly json: string }[] = []
  let sending: Promise<void> | null = null
  let inHaste = false

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      if (!inHaste && waiting.length < BATCH_MAX) await sleep(GATHER_MS)
      const batch = waiting.slice(0, BATCH_MAX)
      waiting = waiting.slice(BATCH_MAX)
      await deliver(`{"events":[${batch.map(({ json }) => json).join(',')}]}`)
      acknowledged(
        batch.map(({ requestId }) => requestId),
        nowMs(),
      )
    }
    sending = null
  }

  async function deliver(body: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const answer = await postJson(server, '/v1/events', { body, timeoutMs: TIMEOUT_MS })
      if (answer?.status === 202) return refuseRejections(answer)
      if (answer !== null && answer.status < 500 && ![408, 429].includes(answer.status)) {
        throw new Error(`good events were refused: ${answer.status} ${JSON.stringify(answer.body)}`)
      }
      const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(tries, 10))
      const pauseMs = answer?.retryAfterMs ?? (ceilingMs * (1 + Math.random())) / 2
      await sleep(inHaste ? Math.min(pauseMs, BACKOFF_IN_HASTE_MS) : pauseMs)
    }
  }

  const start = () => {
    sending ??= sendAll()
    return sending
  }
  return {
    add: (event) => {
      waiting.push(event)
      start().catch(broken)
    },
    flush: async () => {
      inHaste = true
      while (waiting.length > 0 || sending !== null) await start()
    },
  }
}

function refuseRejections(answer: Answer): void {
  const rejected = fieldOf(answer.body, 'rejected')
  if (Array.isArray(rejected) && rejected.length === 0) return
  throw new Error(`good events were rejected: ${JSON.stringify(answer.body).slice(0, 300)}`)
}
