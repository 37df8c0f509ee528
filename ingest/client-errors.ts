/**
 * Answers what never became a request: broken HTTP, headers without end, a client that falls silent.
 * Invariant: nothing of it is logged, since the bytes that could not be read may hold a key.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { answerOf, type ErrorCode } from './errors.ts'

export function answerClientError(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.write(answerText(codeOf(error.code)))
  // Whoever sends garbage, or nothing, has no claim to an orderly end; but what was answered shall arrive.
  socket.destroySoon()
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
