import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSilentLink, type SilentLink } from './silent-link.ts'

let server: Server
let link: SilentLink
let reached: Socket[]
let heard: string

/** A server that echoes, of this greeting. */
const listen = async (greeting: string) => {
  const opened = createServer((socket) => {
    reached.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      heard += bytes.toString()
      socket.write(greeting + bytes.toString())
    })
  })
  opened.listen(0, '127.0.0.1')
  await once(opened, 'listening')
  return opened
}
const portOf = (of: Server) => {
  const address = of.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
const say = async (socket: Socket, text: string): Promise<string> => {
  socket.write(text)
  const [answer] = await once(socket, 'data')
  return String(answer)
}
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 60))

beforeEach(async () => {
  reached = []
  heard = ''
  server = await listen('1:')
  link = await openSilentLink(portOf(server))
})
afterEach(async () => {
  await link.close()
  server.close()
})

describe('a link that falls silent', () => {
  it('passes nothing on and tells nobody, then all of it in order', async () => {
    const client = connect(link.port, '127.0.0.1')
    expect(await say(client, 'a')).toBe('1:a')
    link.silence()
    client.write('b')
    await aMoment()
    expect([heard, client.destroyed, reached[0]?.destroyed]).toEqual(['a', false, false])
    link.speak()
    expect(await say(client, 'c')).toMatch(/^1:b/)
    await aMoment()
    expect(heard).toBe('abc')
    client.destroy()
  })

  it.each([
    ['ended', (client: Socket) => client.destroy()],
    ['reset', (client: Socket) => client.resetAndDestroy()],
  ])('keeps from the server that its client has %s the connection, until it speaks', async (_how, leave) => {
    const client = connect(link.port, '127.0.0.1')
    await say(client, 'a')
    link.silence()
    leave(client)
    await aMoment()
    expect(reached[0]?.destroyed).toBe(false)
    link.speak()
    if (reached[0]) await once(reached[0], 'close')
    expect(reached[0]?.destroyed).toBe(true)
  })

  it('answers no new connection, and leads it on once it speaks', async () => {
    link.silence()
    const client = connect(link.port, '127.0.0.1')
    client.write('a')
    await aMoment()
    expect(reached).toEqual([])
    link.speak()
    expect(String((await once(client, 'data'))[0])).toBe('1:a')
    client.destroy()
  })

  it('leads new connections elsewhere, as a balancer does', async () => {
    const other = await listen('2:')
    link.lead(portOf(other))
    const client = connect(link.port, '127.0.0.1')
    expect(await say(client, 'a')).toBe('2:a')
    client.destroy()
    other.close()
  })
})
