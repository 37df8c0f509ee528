/**
 * Keeps one stream of verdicts open, as the Python SDK's reader does.
 * Invariant: a comment refreshes a verdict only after this connection's own first verdict.
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
  readonly heard: (verdict: { readonly allowed: boolean }) => void
  readonly alive: () => void
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
  let cameOne = false
  response.setEncoding('utf8')
  response.on('error', () => undefined)
  response.on('data', (piece: string) => {
    text += piece
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      const verdict = verdictIn(block)
      if (verdict !== null) {
        cameOne = true
        deps.heard(verdict)
      } else if (block.startsWith(':') && cameOne) {
        deps.alive()
      }
    }
  })
}

function verdictIn(block: string): { readonly allowed: boolean } | null {
  const data = /^event: verdict\ndata: (.*)$/s.exec(block)?.[1]
  if (data === undefined) return null
  const allowed = fieldOf(JSON.parse(data), 'allowed')
  return typeof allowed === 'boolean' ? { allowed } : null
}
