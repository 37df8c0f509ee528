/**
 * Keep-alive connections over which whole requests are exchanged for whole answers, one at a time on each.
 * A plain socket and the little of HTTP that our answers need: Node's own client costs several times as much.
 */
import { connect, type Socket } from 'node:net'

export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfterS: number; readonly body: string }
  /** The connection ended before the answer was whole; whether the request had an effect is unknown. */
  | { readonly kind: 'broken'; readonly reason: string }

export interface Lines {
  exchange(request: Buffer): Promise<Exchange>
  close(): void
}

/** More at once than any load needs: beyond it a request waits for a line, and its wait is measured. */
const LINES_MAX = 512

export function openLines(port: number): Lines {
  const idle: Line[] = []
  const all = new Set<Line>()
  const waiting: (() => void)[] = []
  const take = async (): Promise<Line> => {
    for (;;) {
      const line = idle.pop()
      if (line !== undefined && !line.isBroken()) return line
      if (line !== undefined) continue
      if (all.size < LINES_MAX) break
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    const line: Line = openLine(port, () => all.delete(line))
    all.add(line)
    return line
  }
  return {
    exchange: async (request) => {
      const line = await take()
      const exchange = await line.exchange(request)
      if (!line.isBroken()) idle.push(line)
      waiting.shift()?.()
      return exchange
    },
    close: () => {
      for (const line of all) line.close()
    },
  }
}

interface Line {
  exchange(request: Buffer): Promise<Exchange>
  isBroken(): boolean
  close(): void
}

function openLine(port: number, onBroken: () => void): Line {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  let settle: ((exchange: Exchange) => void) | null = null
  let received = ''
  let broken: string | null = null
  const end = (exchange: Exchange) => {
    const settled = settle
    settle = null
    received = ''
    settled?.(exchange)
  }
  socket.on('data', (text: string) => {
    received += text
    const answer = parseAnswer(received)
    if (answer === null) return
    // The server says that it will take nothing more here.
    if (answer.closes) {
      broken = 'the server ended the connection'
      socket.end()
    }
    end(answer.exchange)
  })
  socket.on('error', (error) => {
    broken = error.message
  })
  socket.on('close', () => {
    broken ??= 'the connection was closed'
    onBroken()
    end({ kind: 'broken', reason: broken })
  })
  return {
    exchange: (request) =>
      new Promise((resolve) => {
        if (broken !== null) return resolve({ kind: 'broken', reason: broken })
        settle = resolve
        socket.write(request)
        return undefined
      }),
    isBroken: () => broken !== null,
    close: () => socket.destroy(),
  }
}

/** Null while the answer is not whole. Ours all have a length. */
export function parseAnswer(
  received: string,
): { readonly exchange: Extract<Exchange, { kind: 'answer' }>; readonly closes: boolean } | null {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd === -1) return null
  const head = received.slice(0, headEnd).toLowerCase()
  const bytes = Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0)
  const bodyStart = headEnd + 4
  if (received.length < bodyStart + bytes) return null
  const status = Number(received.slice(9, 12))
  const retryAfterS = Number(/\r\nretry-after: *(\d+)/.exec(head)?.[1] ?? 1)
  const body = received.slice(bodyStart, bodyStart + bytes)
  return {
    exchange: { kind: 'answer', status, retryAfterS, body },
    closes: /\r\nconnection: *close/.test(head),
  }
}
