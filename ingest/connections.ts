/**
 * What a connection may take of this server's time, and the answer to what is no HTTP.
 * Invariant: a client that sends slowly, or stops in the middle, is answered and cut off within a bound; and such an
 * answer has the one shape of errors too.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { answerOf, type ErrorCode } from './errors.ts'

export interface ConnectionLimits {
  /** A request must be there, with its body, this long after it began, and its head sooner. */
  readonly requestMs: number
  readonly headMs: number
  /** How often that is looked at. */
  readonly lookEveryMs: number
  /** Between two requests; longer than load balancers keep a connection, which would use it as it is closed. */
  readonly idleMs: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  requestMs: 30_000,
  headMs: 10_000,
  lookEveryMs: 2_000,
  idleMs: 72_000,
}

/** As options of Fastify. */
export const serverOptionsOf = ({ requestMs, headMs, lookEveryMs, idleMs }: ConnectionLimits) => ({
  requestTimeout: requestMs,
  keepAliveTimeout: idleMs,
  http: { requestTimeout: requestMs, headersTimeout: headMs, connectionsCheckingInterval: lookEveryMs },
  clientErrorHandler: answerClientError,
})

const CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_slow',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

/** What arrived is no request, so there is no reply to answer by: only the socket. */
function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { status, body } = answerOf(CODES[error.code ?? ''] ?? 'request_malformed')
  const text = JSON.stringify(body)
  socket.write(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
      `\r\n${text}`,
    ].join('\r\n'),
  )
  // Whoever sends garbage, or nothing, has no claim to an orderly end.
  socket.destroySoon()
}
