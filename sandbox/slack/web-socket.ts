/**
 * One WebSocket connection at the server's end (RFC 6455), over a socket that HTTP has handed over: text, pings, and the end.
 * Invariant: a client that breaks the protocol is told why and cut off; nothing of it is guessed at.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

export interface WebSocketEnd {
  sendText: (text: string) => void
  ping: () => void
  /** Says goodbye, and waits a moment for the other end to do so too. */
  close: (code: number, reason: string) => void
  /** As a cable that is pulled. */
  cut: () => void
}

export interface WebSocketListeners {
  onText: (text: string) => void
  /** Once, however it ended. */
  onEnd: () => void
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const MESSAGE_BYTES_MAX = 1_000_000
const GOODBYE_MS = 1_000
const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

interface Frame {
  readonly isLast: boolean
  readonly opcode: number
  readonly payload: Buffer
}

/** Refuses before there is a connection, as plain HTTP. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Null when what was asked for is no WebSocket of version 13; the asker is told so. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  listeners: WebSocketListeners,
): WebSocketEnd | null {
  const { 'sec-websocket-key': key, 'sec-websocket-version': version, upgrade } = request.headers
  if (upgrade?.toLowerCase() !== 'websocket' || key === undefined || version !== '13') {
    refuseUpgrade(socket, '400 Bad Request')
    return null
  }
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  return overSocket(socket, listeners)
}

function overSocket(socket: Duplex, { onText, onEnd }: WebSocketListeners): WebSocketEnd {
  let received = Buffer.alloc(0)
  let parts: Buffer[] | null = null
  let saidGoodbye = false

  const send = (opcode: number, payload: Buffer): void => {
    if (socket.writable) socket.write(frameOf(opcode, payload))
  }
  const close = (code: number, reason: string): void => {
    if (saidGoodbye) return
    saidGoodbye = true
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason))
    payload.writeUInt16BE(code)
    payload.write(reason, 2)
    send(OPCODES.close, payload)
    setTimeout(() => socket.destroy(), GOODBYE_MS).unref()
  }
  const takeText = ({ isLast, payload }: Frame): void => {
    parts = [...(parts ?? []), payload]
    if (parts.reduce((sum, part) => sum + part.length, 0) > MESSAGE_BYTES_MAX) {
      close(1009, 'too big')
    } else if (isLast) {
      const text = Buffer.concat(parts).toString('utf8')
      parts = null
      onText(text)
    }
  }
  const take = (frame: Frame): void => {
    switch (frame.opcode) {
      case OPCODES.text:
        if (parts === null) takeText(frame)
        else close(1002, 'a message within a message')
        break
      case OPCODES.continuation:
        if (parts === null) close(1002, 'nothing to continue')
        else takeText(frame)
        break
      case OPCODES.ping:
        send(OPCODES.pong, frame.payload)
        break
      case OPCODES.pong:
        break
      case OPCODES.close:
        close(1000, '')
        socket.end()
        break
      default:
        close(1003, 'text only')
    }
  }
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (let read = readFrame(received); read !== null; read = readFrame(received)) {
      if (read.kind === 'broken') {
        close(1002, read.why)
        received = Buffer.alloc(0)
        return
      }
      received = received.subarray(read.bytes)
      take(read.frame)
    }
  })
  // A cable that is pulled is no error here; the end that follows says all.
  socket.on('error', () => undefined)
  socket.once('close', onEnd)
  return {
    sendText: (text) => send(OPCODES.text, Buffer.from(text)),
    ping: () => send(OPCODES.ping, Buffer.from('Ping from the local Slack')),
    close,
    cut: () => socket.destroy(),
  }
}

type Read = { kind: 'frame'; frame: Frame; bytes: number } | { kind: 'broken'; why: string }

/** Null while the rest of the frame is still under way. */
function readFrame(from: Buffer): Read | null {
  const [first, second] = from
  if (first === undefined || second === undefined) return null
  if ((first & 0x70) !== 0) return { kind: 'broken', why: 'no extension was agreed on' }
  if ((second & 0x80) === 0) return { kind: 'broken', why: 'what a client sends is masked' }
  const short = second & 0x7f
  const headBytes = short === 126 ? 4 : short === 127 ? 10 : 2
  if (from.length < headBytes + 4) return null
  const length =
    short === 126 ? from.readUInt16BE(2) : short === 127 ? Number(from.readBigUInt64BE(2)) : short
  if (length > MESSAGE_BYTES_MAX) return { kind: 'broken', why: 'too big' }
  const bytes = headBytes + 4 + length
  if (from.length < bytes) return null
  const mask = from.subarray(headBytes, headBytes + 4)
  const payload = Buffer.from(from.subarray(headBytes + 4, bytes))
  for (let index = 0; index < payload.length; index += 1)
    payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0)
  return { kind: 'frame', frame: { isLast: (first & 0x80) !== 0, opcode: first & 0x0f, payload }, bytes }
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = 0x80 | opcode
  if (length < 126) head[1] = length
  else if (length < 65_536) {
    head[1] = 126
    head.writeUInt16BE(length, 2)
  } else {
    head[1] = 127
    head.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([head, payload])
}
