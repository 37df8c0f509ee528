import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { knownVerdict } from './known-verdict.ts'
import { openVerdictStream } from './verdict-stream.ts'

const bytes = 64 * 1024
const wide = () =>
  knownVerdict(
    {
      project_id: randomBytes(bytes / 2).toString('hex'),
      allowed: true,
      as_of: '2026-11-10T12:00:00.000Z',
      budgets: [],
      stops: [],
    },
    () => 0,
  )

describe('a stream whose client does not read', () => {
  it('is dropped before it holds much', async () => {
    let sent = 0
    const over = new Promise<void>((resolve) => {
      server.once('request', (_request, response) => {
        const stream = openVerdictStream(response, { keyId: 'key_1' })
        const sending = setInterval(() => {
          sent += 1
          stream.send(wide())
        }, 1)
        stream.onEnd(() => {
          clearInterval(sending)
          resolve()
        })
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
    client.pause()
    client.on('error', () => undefined)
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await over
    // What the two sockets' own buffers take, in the kernel, is the kernel's to bound.
    expect(sent * bytes).toBeLessThan(32 * 1024 ** 2)
    client.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
})

const server = createServer()
