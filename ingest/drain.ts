/**
 * Reads what a client is still sending of a body that was refused: a client that finds the connection closed while it
 * writes reports a broken pipe, and never sees the answer. Bounded in bytes and time, past which it is cut off.
 */
import type { IncomingMessage } from 'node:http'

const BYTES_MAX = 32 * 1024 * 1024
const WAIT_MS_MAX = 5_000

export function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let bytes = 0
    const end = () => {
      clearTimeout(timer)
      request.off('data', count).off('end', end).off('close', end).off('error', end)
      resolve()
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > BYTES_MAX) end()
    }
    const timer = setTimeout(end, WAIT_MS_MAX)
    request.on('data', count).once('end', end).once('close', end).once('error', end)
    request.resume()
  })
}
