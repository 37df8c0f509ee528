/**
 * Keeps one stream of verdicts open, as the Python SDK's reader does.
 * Invariant: a verdict is as old as the server says that its facts are, also while the server only says that it stands.
 */
import { get, type IncomingMessage } from 'node:http'
import { STALE_AFTER_MS } from './guard.ts'
import { fieldOf } from './read-wire.ts'

export interface VerdictStream {
  close(): void
}

export interface VerdictStreamDeps {
  readonly url: string
  readonly apiKey: string
  /** `ageMs` is how old the facts are by the server's word. */
  readonly heard: (verdict: { readonly allowed: boolean }, ageMs: number) => void
  readonly alive: (ageMs: number) => void
  /** The stream ended or was never there; it is tried again. */
  readonly down: () => void
}

const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 5_000
/** A stream that lived this long was a good one: its end is no reason to back off. */
const GOOD_AFTER_MS = 5_000

export function openVerdictStream(deps: VerdictStreamDeps): VerdictStream {
  let closed = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let asking = connect()

  function connect() {
    const began = performance.now()
    const headers = { authorization: `Bearer ${deps.apiKey}`, accept: 'text/event-stream' }
    const opened = get(`${deps.url}/v1/verdicts/stream`, { agent: false, headers }, (response) => {
      if (response.statusCode !== 200) opened.destroy()
      else readStream(response, deps)
    })
    // A connection that was silent for so long is taken for dead.
    opened.setTimeout(STALE_AFTER_MS, () => opened.destroy())
    opened.on('error', () => undefined)
    opened.once('close', () => {
      if (closed) return
      deps.down()
      failures = performance.now() - began > GOOD_AFTER_MS ? 0 : failures + 1
      const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures, 10))
      timer = setTimeout(
        () => {
          asking = connect()
        },
        (ceilingMs * (1 + Math.random())) / 2,
      )
    })
    return opened
  }

  return {
    close: () => {
      closed = true
      clearTimeout(timer)
      asking.destroy()
    },
  }
}

function readStream(response: IncomingMessage, deps: VerdictStreamDeps): void {
  let text = ''
  response.setEncoding('utf8')
  response.on('error', () => undefined)
  response.on('data', (piece: string) => {
    text += piece
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      hearBlock(block, deps)
    }
  })
}

function hearBlock(block: string, { heard, alive }: VerdictStreamDeps): void {
  const event = /^event: (.*)$/m.exec(block)?.[1]
  const data = /^data: (.*)$/m.exec(block)?.[1]
  if (event === undefined || data === undefined) return
  const said: unknown = JSON.parse(data)
  const ageMs = Number(fieldOf(said, 'age_ms') ?? 0)
  const allowed = fieldOf(said, 'allowed')
  if (event === 'verdict' && typeof allowed === 'boolean') heard({ allowed }, ageMs)
  if (event === 'same' || event === 'alive') alive(ageMs)
}
