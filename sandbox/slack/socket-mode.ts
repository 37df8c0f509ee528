/**
 * Socket Mode: connections that the app asks for, each by an address that is good once, and deliveries as envelopes
 * through one of them.
 * Invariant: an envelope goes to one connection, and only an acknowledgement from that one, in time, counts.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer } from './api-answer.ts'
import { type AppToken, type ConnectionCall, refuseConnection } from './app-tokens.ts'
import type { Attempt, Parcel } from './deliver.ts'
import type { SandboxLog } from './sandbox-context.ts'
import { type Ack, type Envelope, envelopeOf, readAck } from './socket-envelope.ts'
import { acceptWebSocket, refuseUpgrade, type WebSocketEnd } from './web-socket.ts'

export interface SocketModeOptions {
  /** The app-level tokens that exist, whatever they may do. */
  readonly appTokens: readonly AppToken[]
  /** How long before its end a connection is warned: about ten seconds in life. */
  readonly warningMs?: number
  /** How long what is unanswered may still be answered once Slack has told the app to go. Slack does not say how long. */
  readonly graceMs?: number
}

/** What a test does to the connections. */
export interface SocketControl {
  count: () => number
  /** Slack renews every connection: a warning, then the word to go, then the end. */
  refresh: () => Promise<void>
  /** Pulls every cable, without a word. */
  cut: () => void
  /** Socket Mode is turned off on the app's page. */
  disable: () => void
}

export interface SocketMode extends SocketControl {
  open: (call: ConnectionCall) => Answer
  /** An app-level token is none for any other method. */
  isAppToken: (token: unknown) => boolean
  upgrade: (request: IncomingMessage, socket: Duplex) => void
  deliver: (parcel: Parcel, ackTimeoutMs: number) => Promise<Attempt>
  close: () => void
}

interface Connection {
  readonly end: WebSocketEnd
  readonly waiting: Map<string, { readonly envelope: Envelope; readonly acked: (ack: Ack) => void }>
}

const LINK_PATH = '/link/'
const TICKET_LIFE_MS = 30_000
const CONNECTIONS_MAX = 10
const WARNING_MS = 10_000
const GRACE_MS = 1_000
const PING_MS = 5_000

export function openSocketMode(
  options: SocketModeOptions,
  deps: { now: () => Date; log: SandboxLog; publicUrl: () => string; appId: string },
): SocketMode {
  const tickets = new Map<string, number>()
  const connections = new Set<Connection>()
  let turn = 0
  let isOff = false
  const pings = setInterval(() => {
    for (const { end } of connections) end.ping()
  }, PING_MS)
  pings.unref()

  const say = ({ end }: Connection, message: object): void => end.sendText(JSON.stringify(message))
  const debugInfo = { host: 'applink-local', build_number: 1, approximate_connection_time: 18_060 }
  const tell = (connection: Connection, reason: string): void =>
    say(connection, { type: 'disconnect', reason, debug_info: { host: debugInfo.host } })
  /** Nothing more is sent by it from now on. */
  const dismiss = (connection: Connection, reason: string, graceMs = 0): void => {
    tell(connection, reason)
    connections.delete(connection)
    setTimeout(() => connection.end.close(1000, reason), graceMs).unref()
  }

  function take(connection: Connection, text: string): void {
    const ack = readAck(text)
    const waiting = ack && connection.waiting.get(ack.envelopeId)
    if (ack === null || !waiting) {
      deps.log.warn({ envelope_id: ack?.envelopeId }, 'the app acknowledged what this connection did not ask')
      return
    }
    connection.waiting.delete(ack.envelopeId)
    waiting.acked(ack)
  }

  function redeem(url: string | undefined): boolean {
    const at = new URL(url ?? '/', 'http://localhost')
    const ticket = at.searchParams.get('ticket') ?? ''
    const until = tickets.get(ticket)
    tickets.delete(ticket)
    return at.pathname === LINK_PATH && until !== undefined && until > deps.now().getTime()
  }

  return {
    open(call) {
      const refused = refuseConnection(isOff ? [] : options.appTokens, call)
      if (refused) return refused
      const ticket = randomBytes(16).toString('hex')
      tickets.set(ticket, deps.now().getTime() + TICKET_LIFE_MS)
      const url = new URL(`${LINK_PATH}?ticket=${ticket}&app_id=${deps.appId}`, deps.publicUrl())
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      return { ok: true, url: url.href }
    },
    isAppToken: (token) => options.appTokens.some((one) => one.token === token),
    upgrade(request, socket) {
      if (!redeem(request.url)) return refuseUpgrade(socket, '403 Forbidden')
      const waiting: Connection['waiting'] = new Map()
      const end = acceptWebSocket(request, socket, {
        onText: (text) => take(connection, text),
        onEnd: () => connections.delete(connection),
      })
      if (end === null) return
      const connection: Connection = { end, waiting }
      if (connections.size >= CONNECTIONS_MAX) return dismiss(connection, 'too_many_websockets')
      connections.add(connection)
      say(connection, {
        type: 'hello',
        num_connections: connections.size,
        debug_info: debugInfo,
        connection_info: { app_id: deps.appId },
      })
    },
    async deliver(parcel, ackTimeoutMs) {
      const all = [...connections]
      turn += 1
      const connection = all[turn % Math.max(1, all.length)]
      if (connection === undefined) return { ...silent, outcome: 'unreachable' }
      const envelope = envelopeOf(parcel)
      const { envelope_id: id } = envelope
      const ack = await new Promise<Ack | null>((acked) => {
        connection.waiting.set(id, { envelope, acked })
        // Slack cannot know that a connection is gone before its patience ends.
        setTimeout(() => acked(null), ackTimeoutMs)
        say(connection, envelope)
      })
      connection.waiting.delete(id)
      if (ack === null) return { ...silent, outcome: 'timed_out' }
      if (ack.payload !== null && !envelope.accepts_response_payload)
        deps.log.warn({ kind: parcel.kind }, 'the app answered with a payload where Slack takes none')
      return {
        ...silent,
        outcome: 'acknowledged',
        body: envelope.accepts_response_payload ? ack.payload : null,
      }
    },
    count: () => connections.size,
    async refresh() {
      const old = [...connections]
      for (const one of old) tell(one, 'warning')
      await new Promise((over) => setTimeout(over, options.warningMs ?? WARNING_MS))
      const graceMs = options.graceMs ?? GRACE_MS
      for (const one of old) if (connections.has(one)) dismiss(one, 'refresh_requested', graceMs)
    },
    cut() {
      for (const { end } of connections) end.cut()
      connections.clear()
    },
    disable() {
      isOff = true
      for (const one of connections) dismiss(one, 'link_disabled')
    },
    close() {
      clearInterval(pings)
      for (const { end } of connections) end.cut()
    },
  }
}

const silent = { httpStatus: null, body: null, noRetry: false } as const
