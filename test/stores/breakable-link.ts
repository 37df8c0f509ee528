/** A TCP link to a server that can be cut and mended, so that tests meet an outage as clients do. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface BreakableLink {
  /** The given URL, by way of the link. */
  readonly url: string
  /** Ends every connection, and refuses new ones. */
  cut(): Promise<void>
  /** A server that was started anew may be elsewhere. */
  mend(to?: string): Promise<void>
  close(): Promise<void>
}

export async function breakableLink(to: string): Promise<BreakableLink> {
  const target = new URL(to)
  const sockets = new Set<Socket>()
  let server = await listen(sockets, target, 0)
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
      server = await listen(sockets, new URL(elsewhere), port)
    },
    close: async () => {
      if (server.listening) await cut()
    },
  }
}

function listen(sockets: Set<Socket>, target: URL, port: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(client)
    client.pipe(upstream).pipe(client)
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
