import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { choosePorts } from './ports.ts'

let taken: Server
let busy: number

beforeEach(async () => {
  taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  busy = (taken.address() as AddressInfo).port
})
afterEach(() => new Promise((resolve) => taken.close(resolve)))

const wish = (variable: string, port: number, asked: boolean) => ({ variable, port, asked })
const wishes = (asked: boolean) => ({
  ingest: wish('INGEST_PORT', busy, asked),
  app: wish('APP_PORT', busy, asked),
  sandbox: wish('SANDBOX_PORT', busy, asked),
})

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
  return true
}

describe('the ports of npm start', () => {
  it('are those that are free', async () => {
    await new Promise((resolve) => taken.close(resolve))
    const ports = await choosePorts({ ...wishes(false), app: wish('APP_PORT', busy, true) }, ['app'])
    expect(ports.app).toBe(busy)
    taken.listen(0, '127.0.0.1')
  })

  it('are other free ones where nobody asked and one is taken, each another', async () => {
    const ports = Object.values(await choosePorts(wishes(false), ['ingest', 'app', 'sandbox']))
    expect(new Set([...ports, busy]).size).toBe(4)
    for (const port of ports) expect(await isFree(port)).toBe(true)
  })

  it('are never another one than was asked for: one sentence names the variable', async () => {
    await expect(choosePorts(wishes(true), ['ingest'])).rejects.toMatchObject({
      code: 'port_busy',
      message: `port ${busy} is taken by another program: end that program, or set INGEST_PORT to a free port`,
    })
  })

  it('are each of one part: who asks for one twice is told', async () => {
    await new Promise((resolve) => taken.close(resolve))
    await expect(choosePorts(wishes(true), ['ingest', 'app'])).rejects.toMatchObject({
      message: `port ${busy} is that of another part: set APP_PORT to a free port`,
    })
    expect((await choosePorts(wishes(false), ['ingest', 'app'])).app).not.toBe(busy)
    taken.listen(0, '127.0.0.1')
  })

  it('are not asked of a part that does not run here', async () => {
    const ports = { ...wishes(false), sandbox: wish('SANDBOX_PORT', busy, true) }
    await expect(choosePorts(ports, ['ingest', 'app'])).resolves.toBeDefined()
  })
})
