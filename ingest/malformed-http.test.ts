/** What is no HTTP, and several requests on one connection, over real sockets. */
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersIn, BATCH, rawClients } from '../test/ingest/raw-clients.ts'

const { server, client, requestOf, whole, isServed } = rawClients({
  requestMs: 3_000,
  headMs: 3_000,
  lookEveryMs: 100,
  idleMs: 300,
})

describe('what is no HTTP', () => {
  const GARBAGE: readonly [string, () => Buffer, string][] = [
    ['a TLS handshake', () => Buffer.from('1603010200010001fc0303', 'hex'), 'request_malformed'],
    ['a line of text', () => Buffer.from('hello\r\n\r\n'), 'request_malformed'],
    [
      'headers without an end',
      () => Buffer.from(`GET / HTTP/1.1\r\nx: ${'x'.repeat(100_000)}`),
      'headers_too_large',
    ],
    [
      'a chunk whose length is none',
      () => requestOf('/v1/events', { 'transfer-encoding': 'chunked' }, 'zz\r\nx'),
      'request_malformed',
    ],
    [
      'a chunk without its end',
      () => requestOf('/v1/events', { 'transfer-encoding': 'chunked' }, '1\r\nxyz'),
      'request_malformed',
    ],
    [
      'two lengths',
      () => requestOf('/v1/events', { 'content-length': '5\r\ncontent-length: 6' }, 'xxxxx'),
      'request_malformed',
    ],
    [
      'a length and chunks',
      () => requestOf('/v1/events', { 'content-length': 5, 'transfer-encoding': 'chunked' }, '0\r\n\r\n'),
      'request_malformed',
    ],
    ['a negative length', () => requestOf('/v1/events', { 'content-length': -5 }), 'request_malformed'],
  ]
  it.each(GARBAGE)(
    'is refused in the one shape of errors, and the connection closed: %s',
    async (_name, bytes, code) => {
      const { socket, closed } = client()
      socket.write(bytes())
      const answers = answersIn(await closed)
      expect(answers.map((answer) => answer.code)).toEqual([code])
      expect(await isServed()).toBe(true)
    },
  )

  it('is answered by no 5xx and closed, whatever its bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.tuple(fc.nat(BATCH.length), fc.uint8Array({ maxLength: 30 })).map(([at, put]) => {
        const good = whole()
        return Buffer.concat([good.subarray(0, at * 2), put, good.subarray(at * 2)])
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 24, maxLength: 24 }), async (all) => {
        const heard = await Promise.all(
          all.map((each) => {
            const { socket, closed } = client()
            socket.write(each)
            return closed
          }),
        )
        for (const { status } of heard.flatMap(answersIn)) expect(status).toBeLessThan(500)
      }),
      { numRuns: 2 },
    )
    expect(await isServed()).toBe(true)
  })
})

describe('requests one after the other on a connection', () => {
  it('are each answered, in order', async () => {
    const { socket, closed } = client()
    socket.write(Buffer.concat([whole(), whole('/v1/none'), whole('/v1/events', '{}'), whole()]))
    expect(answersIn(await closed)).toEqual([
      { status: 202, code: null },
      { status: 404, code: 'route_unknown' },
      { status: 400, code: 'body_not_batch' },
      { status: 202, code: null },
    ])
  })

  it('are not taken after a body that could not be read: its answer says that the connection ends', async () => {
    const { socket, closed } = client()
    socket.write(Buffer.concat([whole('/v1/events', '{"events": ['), whole(), whole()]))
    const heard = await closed
    expect(answersIn(heard)).toEqual([{ status: 400, code: 'body_not_json' }])
    expect(heard).toMatch(/^connection: close\r$/im)
    expect(await server().taken()).toEqual([])
  })

  it('are not read out of a body that was longer than it said', async () => {
    const { socket, closed } = client()
    socket.write(requestOf('/v1/events', { 'content-length': BATCH.length - 1 }, BATCH))
    // Either the body is refused, or what follows it, whichever is seen first.
    expect(answersIn(await closed).map(({ status }) => status)).toEqual([400])
    expect(await server().taken()).toEqual([])
  })

  it('are answered although the first was sent slowly', async () => {
    const { socket, closed } = client()
    const bytes = Buffer.concat([whole(), whole()])
    const half = bytes.length / 4
    socket.write(bytes.subarray(0, half))
    await sleep(20)
    socket.write(bytes.subarray(half))
    expect(answersIn(await closed).map(({ status }) => status)).toEqual([202, 202])
  })
})
