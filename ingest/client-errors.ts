/**
 * Answers what never became a request: broken HTTP, headers without end, a client that falls silent.
 * Invariant: nothing of it is logged, since the bytes that could not be read may hold a key.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { answerOf, type ErrorCode } from './errors.ts'

/** `onRefused` is told the code that the client was. */
export function answerClientError(
  error: { readonly code?: string },
  socket: Socket,
  onRefused: (code: ErrorCode) => void = () => undefined,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const code = codeOf(error.code)
  socket.write(answerText(code))
  // Whoever sends garbage, or nothing, has no claim to an orderly end; but what was answered shall arrive.
  socket.destroySoon()
  onRefused(code)
}

function codeOf(code: string | undefined): ErrorCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'request_malformed'
}

function answerText(code: ErrorCode): string {
  const { status, body } = answerOf(code)
  const text = JSON.stringify(body)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    '',
    text,
  ].join('\r\n')
}
