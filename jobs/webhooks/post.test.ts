import type { LookupAddress } from 'node:dns'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { RECEIVER_CERTIFICATE, RECEIVER_NAME } from '../../test/webhooks/certificate.ts'
import { openReceiver, type Receiver, status } from '../../test/webhooks/receiver.ts'
import { type PostDeps, post } from './post.ts'
import { lookupOf } from './public-addresses.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})
async function receiver(isSecure = false): Promise<Receiver> {
  const opened = await openReceiver({ isSecure })
  open.push(opened.close)
  return opened
}

const v4 = (address: string): LookupAddress => ({ address, family: 4 })
const HERE = [v4('127.0.0.1')]
const deps = (changed: Partial<PostDeps> = {}): PostDeps => ({
  resolve: async () => HERE,
  allowLoopback: true,
  now: () => new Date('2026-11-10T12:00:00Z'),
  timeoutMs: 5_000,
  ca: RECEIVER_CERTIFICATE,
  ...changed,
})
const send = (url: string, changed: Partial<PostDeps> = {}) =>
  post({ url, body: '{"type":"budget.stopped","é":1}', headers: { 'webhook-id': 'msg_1' } }, deps(changed))
const nobodyAsked = async () => {
  throw new Error('nobody should be asked')
}

describe('an attempt', () => {
  it('posts the very bytes and headers over TLS to who has the certificate of the name', async () => {
    const there = await receiver(true)
    const outcome = await send(`https://${RECEIVER_NAME}:${there.port}/hook?k=v`)
    expect(outcome).toEqual({ kind: 'answered', status: 204, retryAfterMs: null })
    expect(there.received).toMatchObject([
      {
        path: '/hook?k=v',
        body: '{"type":"budget.stopped","é":1}',
        headers: { 'webhook-id': 'msg_1', host: `${RECEIVER_NAME}:${there.port}` },
      },
    ])
  })

  it('tells nothing to a certificate that nobody vouches for, or of another name', async () => {
    const there = await receiver(true)
    const { ca: _, ...untrusting } = deps()
    const unknown = await post(
      { url: `https://${RECEIVER_NAME}:${there.port}/`, body: '{}', headers: {} },
      untrusting,
    )
    expect(unknown).toEqual({ kind: 'unanswered', why: 'its certificate or TLS is not right' })
    expect(await send(`https://other.example.com:${there.port}/`)).toEqual({
      ...{ kind: 'unanswered', why: 'its certificate is for another name' },
    })
    expect(there.received).toEqual([])
  })

  it('follows no redirect, to a private address least of all', async () => {
    const [there, inside] = [await receiver(), await receiver()]
    for (const code of [301, 302, 303, 307, 308]) {
      there.answer = status(code, { location: inside.url })
      expect(await send(there.url)).toMatchObject({ kind: 'answered', status: code })
    }
    expect(inside.received).toEqual([])
  })

  it('says what the receiver says of when to come again', async () => {
    const there = await receiver()
    there.answer = status(503, { 'retry-after': '90' })
    expect(await send(there.url)).toEqual({ kind: 'answered', status: 503, retryAfterMs: 90_000 })
  })

  it('ends in time, whether nothing answers, the name is not found, or the answer never ends', async () => {
    const there = await receiver()
    there.answer = () => undefined
    const late = { kind: 'unanswered', why: 'no answer within 0.2 s' }
    expect(await send(there.url, { timeoutMs: 200 })).toEqual(late)
    const asking = { timeoutMs: 200, resolve: () => new Promise<never>(() => undefined) }
    expect(await send(`https://${RECEIVER_NAME}/`, asking)).toEqual(late)
    there.answer = (response) => {
      response.writeHead(200).write('and so on')
    }
    expect(await send(there.url, { timeoutMs: 200 })).toMatchObject({ kind: 'answered', status: 200 })
  })

  it('reads a little of the answer, and cuts off the rest', async () => {
    const there = await receiver()
    let written = 0
    const cutOff = new Promise<void>((resolve) => {
      there.answer = (response) => {
        response.writeHead(200)
        const more = () => {
          written += 1
          if (!response.destroyed && written < 10_000)
            response.write('x'.repeat(16_384), () => setImmediate(more))
        }
        response.once('close', resolve)
        more()
      }
    })
    expect(await send(there.url)).toMatchObject({ kind: 'answered', status: 200 })
    await cutOff
    expect(written).toBeLessThan(10_000)
  })

  it('says in words of ours why there was no answer: none of the receiver, its URL or our network', async () => {
    const secret = 'hush-7f3a'
    const garbage: Server = createServer((socket) => socket.resume().end(`${secret}\r\n\r\n`))
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve))
    open.push(() => new Promise((resolve) => garbage.close(() => resolve())))
    const address = garbage.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const outcomes = [
      await send(`http://127.0.0.1:${port}/?token=${secret}`),
      await send(`http://127.0.0.1:1/?token=${secret}`),
      await send(`https://${RECEIVER_NAME}/?token=${secret}`, {
        resolve: async () => {
          throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${secret}`), { code: 'ENOTFOUND' })
        },
      }),
      await send(`https://${RECEIVER_NAME}/?token=${secret}`, { resolve: async () => [v4('10.1.2.3')] }),
    ]
    expect(outcomes.map((outcome) => outcome.kind === 'unanswered' && outcome.why)).toEqual([
      'it answered no HTTP',
      'the connection was refused',
      'its name has no address',
      'its name leads to an address that is not public',
    ])
  })
})

describe('the way into private networks', () => {
  it.each([
    '10.0.0.1',
    '169.254.169.254',
    '127.0.0.1',
    '100.64.0.1',
    '192.168.0.1',
    '0.0.0.0',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ])('is closed where a name leads to %s', async (address) => {
    const there = await receiver()
    const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
    const refused = { kind: 'unanswered', why: 'its name leads to an address that is not public' }
    expect(await send(`https://${RECEIVER_NAME}:${there.port}/`, { allowLoopback: false, resolve })).toEqual(
      refused,
    )
  })

  it('is closed where only some of the addresses of a name are public', async () => {
    const there = await receiver(true)
    const resolve = async () => [v4('8.8.8.8'), v4('127.0.0.1')]
    const outcome = await send(`https://${RECEIVER_NAME}:${there.port}/`, { allowLoopback: false, resolve })
    expect(outcome).toMatchObject({ kind: 'unanswered', why: expect.stringContaining('not public') })
    expect(there.received).toEqual([])
  })

  it('is closed where the URL itself is an address, which no look-up would see', async () => {
    const there = await receiver()
    const closed = { allowLoopback: false, resolve: nobodyAsked }
    for (const url of [
      there.url,
      `https://127.0.0.1:${there.port}/`,
      `https://[::1]:${there.port}/`,
      'https://0x0a000001/',
    ]) {
      expect(await send(url, closed)).toMatchObject({ why: expect.stringContaining('not public') })
    }
    expect(there.received).toEqual([])
  })

  it('is closed to a name that is rebound: one look-up an attempt, and its addresses are the ones connected to', async () => {
    const there = await receiver(true)
    const answers = [[v4('127.0.0.1')], [v4('10.0.0.1')]]
    let asked = 0
    const resolve = async () => answers[asked++] ?? []
    const url = `https://${RECEIVER_NAME}:${there.port}/`
    expect(await send(url, { resolve })).toMatchObject({ kind: 'answered', status: 204 })
    expect([asked, there.received.length]).toEqual([1, 1])
    // The next attempt looks anew, and finds it rebound.
    expect(await send(url, { resolve })).toMatchObject({ why: expect.stringContaining('not public') })
    expect([asked, there.received.length]).toEqual([2, 1])
  })

  it('is closed by a look-up for the connection that knows the checked addresses alone, whoever asks for what', () => {
    const lookup = lookupOf([v4('8.8.8.8'), v4('1.1.1.1')])
    const found: unknown[] = []
    lookup('rebound.example.com', { all: true }, (_error, all) => found.push(all))
    lookup('rebound.example.com', {}, (_error, address, family) => found.push([address, family]))
    expect(found).toEqual([
      [v4('8.8.8.8'), v4('1.1.1.1')],
      ['8.8.8.8', 4],
    ])
  })

  it('is closed to plain http, which is for this machine alone', async () => {
    const resolve = async () => [v4('8.8.8.8')]
    expect(await send('http://hooks.example.com/', { resolve })).toMatchObject({
      why: expect.stringContaining('not public'),
    })
  })

  it('takes no proxy from the environment', async () => {
    const [there, proxy] = [await receiver(), await receiver()]
    const names = [
      'HTTP_PROXY',
      'http_proxy',
      'HTTPS_PROXY',
      'https_proxy',
      'ALL_PROXY',
      'NODE_USE_ENV_PROXY',
    ]
    const before = names.map((name) => [name, process.env[name]] as const)
    for (const name of names)
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`
    try {
      expect(await send(there.url)).toMatchObject({ kind: 'answered', status: 204 })
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
    expect([there.received.length, proxy.received.length]).toEqual([1, 0])
  })
})
