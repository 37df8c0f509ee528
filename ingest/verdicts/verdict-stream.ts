/**
 * One client's stream of verdicts, as server-sent events.
 * Invariant: what waits for a slow reader is bounded; a reader that does not keep up is dropped, and connects again.
 */
import type { ServerResponse } from 'node:http'
import type { VerdictJson } from './verdict-json.ts'

export interface VerdictStream {
  readonly send: (verdict: VerdictJson) => void
  readonly end: () => void
  /** Called once, however the stream ends. */
  readonly onEnd: (listener: () => void) => void
}

/** A client that hears nothing for 10 s takes the stream for dead. */
const ALIVE_MS = 3_000
const BACKLOG_BYTES_MAX = 256 * 1024

export function openVerdictStream(
  response: ServerResponse,
  headers: Readonly<Record<string, number | string | string[] | undefined>> = {},
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
    if (response.writableLength > BACKLOG_BYTES_MAX) response.destroy()
  }
  const alive = setInterval(() => write(': alive\n\n'), ALIVE_MS)
  response.once('close', () => clearInterval(alive))
  return {
    send: (verdict) => write(`event: verdict\ndata: ${JSON.stringify(verdict)}\n\n`),
    end: () => {
      response.end()
    },
    onEnd: (listener) => {
      if (response.closed) listener()
      else response.once('close', listener)
    },
  }
}
