/**
 * One client's stream of verdicts, as server-sent events.
 * Invariants: what waits for a slow reader is bounded; a reader that does not keep up is dropped, and connects again.
 * A sign of life says how old the verdict is, and is no comfort once it is too old.
 */
import type { ServerResponse } from 'node:http'
import type { KnownVerdict } from './known-verdict.ts'

export interface VerdictStream {
  readonly send: (verdict: KnownVerdict) => void
  readonly end: () => void
  /** Called once, however the stream ends. */
  readonly onEnd: (listener: () => void) => void
}

export interface VerdictStreamOptions {
  /** Whose stream it is. */
  readonly keyId: string
  readonly headers?: Readonly<Record<string, number | string | string[] | undefined>>
  /** The id of the verdict that the client still has from an earlier stream. */
  readonly has?: string | null
  /** What was last told, with the age that it has now. */
  readonly current?: () => KnownVerdict | null
  readonly aliveMs?: number
}

/** Clients take a verdict that is older than this for none at all. */
export const STALE_MS = 10_000
/** A client that hears nothing for 10 s takes the stream for dead. */
const ALIVE_MS = 3_000
/** Beside the verdict that is being sent, however wide it is. */
const BACKLOG_BYTES_MAX = 256 * 1024

export function openVerdictStream(
  response: ServerResponse,
  { keyId, headers = {}, has = null, current = () => null, aliveMs = ALIVE_MS }: VerdictStreamOptions,
): VerdictStream {
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    connection: 'keep-alive',
    // Proxies that buffer would hold the stop back.
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  // A cut connection is seen as 'close'; an error without a listener would end the process.
  response.on('error', () => undefined)
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return
    response.write(text)
    if (response.writableLength > BACKLOG_BYTES_MAX + text.length) response.destroy()
  }
  let held = has
  const send = (verdict: KnownVerdict): void => {
    const { id } = verdict
    if (id === held) write(`id: ${id}\nevent: same\ndata: ${ageJson(verdict)}\n\n`)
    else write(`id: ${id}\nevent: verdict\ndata: ${verdict.body(keyId)}\n\n`)
    held = id
  }
  const tellAlive = (): void => {
    const verdict = current()
    if (verdict === null) return
    // Clients that read no events of this name take a comment for a sign that their verdict holds.
    const comment = verdict.ageMs() < STALE_MS ? ': alive\n\n' : ''
    write(`${comment}event: alive\ndata: ${ageJson(verdict)}\n\n`)
  }
  const alive = setInterval(tellAlive, aliveMs)
  response.once('close', () => clearInterval(alive))
  return {
    send,
    end: () => {
      response.end()
    },
    onEnd: (listener) => {
      if (response.closed) listener()
      else response.once('close', listener)
    },
  }
}

const ageJson = ({ verdict, ageMs }: KnownVerdict): string =>
  JSON.stringify({ as_of: verdict.as_of, age_ms: Math.max(0, Math.round(ageMs())) })
