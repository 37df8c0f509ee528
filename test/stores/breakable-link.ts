/** A TCP link to a server that can be cut, mended and slowed, so that tests meet an outage as clients do. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Transform } from 'node:stream'

export interface BreakableLink {
  /** The given URL, by way of the link. */
  readonly url: string
  /** Ends every connection, and refuses new ones. */
  cut(): Promise<void>
  /** A server that was started anew may be elsewhere. */
  mend(to?: string): Promise<void>
  /** From now on whatever passes waits this long, one piece after the other, in each direction; 0 for no more. */
  slowDown(delayMs: number): void
  close(): Promise<void>
}

export async function breakableLink(to: string): Promise<BreakableLink> {
  const target = new URL(to)
  const sockets = new Set<Socket>()
  let delayMs = 0
  const traffic: Traffic = { sockets, delayMs: () => delayMs }
  let server = await listen(traffic, target, 0)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = new URL(to)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  const cut = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    url: url.href,
    cut,
    mend: async (elsewhere = to) => {
      server = await listen(traffic, new URL(elsewhere), port)
    },
    slowDown: (ms) => {
      delayMs = ms
    },
    close: async () => {
      if (server.listening) await cut()
    },
  }
}

interface Traffic {
  readonly sockets: Set<Socket>
  readonly delayMs: () => number
}

function listen({ sockets, delayMs }: Traffic, target: URL, port: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(client)
    client.pipe(delayed(delayMs)).pipe(upstream).pipe(delayed(delayMs)).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    client.once('close', () => {
      sockets.delete(client)
      upstream.destroy()
    })
    upstream.once('close', () => client.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Each piece after the one before, so that a slow link is narrow too. */
const delayed = (delayMs: () => number): Transform =>
  new Transform({
    transform: (piece, _encoding, pass) => {
      const waitMs = delayMs()
      if (waitMs === 0) pass(null, piece)
      else setTimeout(pass, waitMs, null, piece)
    },
  })
