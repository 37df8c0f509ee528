/** A TCP link to a server that can be cut, mended, slowed and silenced, so that tests meet an outage as clients do. */
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
  /** Nothing passes any more, not even that a side is gone, as when a network is cut; new connections are not answered. */
  silence(): void
  /** What was held back passes. */
  speak(): void
  close(): Promise<void>
}

export async function breakableLink(to: string): Promise<BreakableLink> {
  const target = new URL(to)
  const sockets = new Set<Socket>()
  let delayMs = 0
  let held: (() => void)[] | null = null
  const passing = (deed: () => void): void => {
    if (held !== null) held.push(deed)
    else if (delayMs === 0) deed()
    else setTimeout(deed, delayMs)
  }
  const unlessSilent = (deed: () => void): void => {
    if (held === null) deed()
    else held.push(deed)
  }
  const traffic: Traffic = { sockets, passing, unlessSilent }
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
    silence: () => {
      held ??= []
    },
    speak: () => {
      const deeds = held ?? []
      held = null
      for (const deed of deeds) deed()
    },
    close: async () => {
      if (server.listening) await cut()
    },
  }
}

interface Traffic {
  readonly sockets: Set<Socket>
  /** When a piece may pass. */
  readonly passing: (deed: () => void) => void
  /** When it is heard that a side is gone. */
  readonly unlessSilent: (deed: () => void) => void
}

function listen({ sockets, passing, unlessSilent }: Traffic, target: URL, port: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(client)
    client.pipe(piecewise(passing)).pipe(upstream).pipe(piecewise(passing)).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    client.once('close', () => {
      sockets.delete(client)
      unlessSilent(() => upstream.destroy())
    })
    upstream.once('close', () => unlessSilent(() => client.destroy()))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Each piece after the one before, so that a slow link is narrow too. */
const piecewise = (passing: (deed: () => void) => void): Transform =>
  new Transform({
    transform: (piece, _encoding, pass) => passing(() => pass(null, piece)),
    flush: (done) => passing(() => done()),
  })
