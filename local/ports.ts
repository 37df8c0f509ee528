/** Chooses the ports of the parts: the one asked for, or a free one where nobody asked. */
import { createServer } from 'node:net'
import type { PortWish } from '../core/settings.ts'
import type { LocalConfig, ServedPart } from './config.ts'

export class PortBusyError extends Error {
  readonly code = 'port_busy'
}

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
  for (const part of parts) chosen[part] = await choose(wishes[part])
  return chosen
}

async function choose({ variable, port, asked }: PortWish): Promise<number> {
  const free = await tryPort(port)
  if (free !== null) return free
  if (asked) {
    throw new PortBusyError(
      `port ${port} is taken by another program: end that program, or set ${variable} to a free port`,
    )
  }
  const other = await tryPort(0)
  if (other === null) throw new PortBusyError(`no port is free on 127.0.0.1: set ${variable} to one that is`)
  return other
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
