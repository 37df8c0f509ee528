/** Chooses the ports of the parts: the one asked for, or a free one where nobody asked. */
import { createServer } from 'node:net'
import type { PortWish } from '../core/settings.ts'
import type { LocalConfig, ServedPart } from './config.ts'

export class PortBusyError extends Error {
  readonly code = 'port_busy'
}

const TRIES_MAX = 10

/** Ports that are free now; rejects with one sentence when a port that was asked for is taken. */
export async function choosePorts(
  wishes: LocalConfig['ports'],
  parts: readonly ServedPart[],
): Promise<Readonly<Record<ServedPart, number>>> {
  const chosen: Record<ServedPart, number> = {
    ingest: wishes.ingest.port,
    app: wishes.app.port,
    sandbox: wishes.sandbox.port,
  }
  const given = new Set<number>()
  for (const part of parts) {
    chosen[part] = await choose(wishes[part], given)
    given.add(chosen[part])
  }
  return chosen
}

/** `given` are free still, as nothing listens there yet, but they are other parts'. */
async function choose({ variable, port, asked }: PortWish, given: ReadonlySet<number>): Promise<number> {
  if (asked && given.has(port)) {
    throw new PortBusyError(`port ${port} is that of another part: set ${variable} to a free port`)
  }
  const free = given.has(port) ? null : await tryPort(port)
  if (free !== null) return free
  if (asked) {
    throw new PortBusyError(
      `port ${port} is taken by another program: end that program, or set ${variable} to a free port`,
    )
  }
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const other = await tryPort(0)
    if (other !== null && !given.has(other)) return other
  }
  throw new PortBusyError(`no port is free on 127.0.0.1: set ${variable} to one that is`)
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : null
      server.close(() => resolve(bound))
    })
  })
}
