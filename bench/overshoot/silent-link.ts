/**
 * A TCP link that can fall silent: what was sent lies where it is, new connections are not answered, and neither side
 * hears that the other has gone, as when a network is cut. When it speaks again, all of that arrives.
 */
import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

export interface SilentLink {
  readonly port: number
  silence(): void
  speak(): void
  /** Where new connections lead from now on, as a balancer does whose server is gone. */
  lead(port: number): void
  close(): Promise<void>
}

export async function openSilentLink(toPort: number): Promise<SilentLink> {
  const sockets = new Set<Socket>()
  let target = toPort
  let waiting: (() => void)[] | null = null
  const whenHeard = (deed: () => void): void => {
    if (waiting === null) deed()
    else waiting.push(deed)
  }
  const join = (client: Socket): void => {
    const server = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => undefined)
      one.once('close', () => {
        sockets.delete(one)
        whenHeard(() => other.destroy())
      })
      one.pipe(gate(whenHeard)).pipe(other)
    }
  }
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined)
    sockets.add(client)
    whenHeard(() => join(client))
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', resolve)
  })
  const address = listener.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    silence: () => {
      waiting ??= []
    },
    speak: () => {
      const deeds = waiting ?? []
      waiting = null
      for (const deed of deeds) deed()
    },
    lead: (port) => {
      target = port
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const gate = (whenHeard: (deed: () => void) => void): Transform =>
  new Transform({
    transform: (piece, _encoding, pass) => whenHeard(() => pass(null, piece)),
    flush: (done) => whenHeard(() => done()),
  })
