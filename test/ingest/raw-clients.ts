/** Clients of ingest that write bytes to a socket, for what no HTTP client would send. */
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach } from 'vitest'
import type { ConnectionLimits } from '../../ingest/connections.ts'
import { aWireEvent } from '../events/wire-event.ts'
import { type IngestServer, openServer } from './a-server.ts'

/** So short that a test need not wait for long; a good request may be cut off by them on a machine that stalls. */
export const SHORT_LIMITS: ConnectionLimits = { requestMs: 300, headMs: 200, lookEveryMs: 25, idleMs: 500 }
export const BATCH = JSON.stringify({ events: [aWireEvent()] })

export interface RawClient {
  readonly socket: Socket
  /** Resolves with all that was answered once the server has closed the connection. */
  readonly closed: Promise<string>
}

export interface RawClients {
  /** Opened anew for each test. */
  readonly server: () => IngestServer
  /** Replaces the server by one with other limits. */
  readonly serveWith: (connectionLimits: ConnectionLimits) => Promise<void>
  readonly client: () => RawClient
  readonly requestOf: (path: string, headers: Headers, body?: string | Buffer) => Buffer
  /** A good request, unless its body says otherwise. */
  readonly whole: (path?: string, body?: string) => Buffer
  /** Whether another client's batch is taken, tried again when its connection was cut off. */
  readonly isServed: () => Promise<boolean>
}

type Headers = Readonly<Record<string, string | number>>

const TRIES = 20

/** For the tests of a file, each on a server of its own. */
export function rawClients(limits: ConnectionLimits): RawClients {
  let server: IngestServer
  let port: number
  let sockets: Socket[]
  const serveWith = async (connectionLimits: ConnectionLimits) => {
    server = await openServer(() => new Date('2026-11-10T12:00:00Z'), { connectionLimits })
    port = Number(new URL(await server.listen()).port)
  }
  beforeEach(async () => {
    sockets = []
    await serveWith(limits)
  })
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    await server.close()
  })
  const requestOf = (path: string, headers: Headers, body: string | Buffer = '') => {
    const own = { host: 'x', authorization: `Bearer ${server.key}`, 'content-type': 'application/json' }
    const lines = Object.entries({ ...own, ...headers }).map(([name, value]) => `${name}: ${value}`)
    const head = `${[`POST ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
    return Buffer.concat([Buffer.from(head), Buffer.from(body)])
  }
  return {
    server: () => server,
    serveWith: async (others) => {
      await server.close()
      await serveWith(others)
    },
    client: () => {
      // Its own half stays open, as that of a client which never ends anything.
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      sockets.push(socket)
      return { socket, closed: heardOf(socket) }
    },
    requestOf,
    whole: (path = '/v1/events', body = BATCH) =>
      requestOf(path, { 'content-length': Buffer.byteLength(body) }, body),
    isServed: async () => {
      const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' }
      const request = { method: 'POST', body: BATCH, headers: { ...headers, connection: 'close' } }
      for (let left = TRIES; left > 0; left -= 1) {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/events`, request).catch(() => null)
        if (answer?.status === 202) return true
      }
      return false
    },
  }
}

function heardOf(socket: Socket): Promise<string> {
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1')
  })
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    socket.once('end', () => resolve(heard))
    socket.once('close', () => resolve(heard))
  })
}

/** Each answer in order: its status and, when it is a refusal, the code. */
export const answersIn = (heard: string): { readonly status: number; readonly code: string | null }[] =>
  heard
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((answer) => answer !== '')
    .map((answer) => ({
      status: Number(answer.slice(9, 12)),
      code: /"error":\{"code":"(\w+)"/.exec(answer)?.[1] ?? null,
    }))
