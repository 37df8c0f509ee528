/**
 * Clients that stop in the middle or send byte by byte, over real sockets: each is answered or cut off by the limits of
 * a connection, while others are served; and none holds up the end of the server.
 */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { answersIn, BATCH, rawClients, SHORT_LIMITS } from '../test/ingest/raw-clients.ts'
import { ERROR_CODES } from './errors.ts'

const { server, serveWith, client, requestOf, whole, isServed } = rawClients(SHORT_LIMITS)

const POSTS = ['/v1/events', '/v1/traces', '/v1/litellm', '/v1/metrics']

describe('a client that never finishes', () => {
  it.each<[string, () => Buffer]>([
    ['sends nothing', () => Buffer.alloc(0)],
    ['sends half of its first line', () => Buffer.from('POST /v1/ev')],
    ['sends half of its headers', () => whole().subarray(0, 40)],
    ['sends a head and no body', () => requestOf('/v1/events', { 'content-length': 500 })],
    ...POSTS.map((path): [string, () => Buffer] => [
      `sends half of its body to ${path}`,
      () => requestOf(path, { 'content-length': 500 }, '{"events":'),
    ]),
    [
      'sends a chunk and no end',
      () => requestOf('/v1/events', { 'transfer-encoding': 'chunked' }, '5\r\n{"eve\r\n'),
    ],
    [
      'sends half of a body that is refused unread',
      () => requestOf('/v1/events', { authorization: 'x', 'content-length': 500 }, '{'),
    ],
    [
      'sends a part of a body that is too large',
      () => requestOf('/v1/events', { 'content-length': 3_000_000 }, '{'),
    ],
    [
      'sends half of its gzip',
      () =>
        requestOf(
          '/v1/events',
          { 'content-encoding': 'gzip', 'content-length': 500 },
          gzipSync(BATCH).subarray(0, 20),
        ),
    ],
  ])('is answered or cut off, and others are served meanwhile: it %s', async (_name, bytes) => {
    const { socket, closed } = client()
    socket.write(bytes())
    expect(await isServed()).toBe(true)
    const answers = answersIn(await closed)
    for (const { status, code } of answers) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(ERROR_CODES).toContain(code)
    }
    expect(await isServed()).toBe(true)
    expect(await server().taken()).toHaveLength(2)
  })

  it.each(POSTS)('is cut off although it sends a byte now and then: %s', async (path) => {
    const { socket, closed } = client()
    const bytes = requestOf(path, { 'content-length': 500 })
    socket.write(bytes)
    const dripping = setInterval(() => socket.write(' '), 20)
    try {
      const answers = answersIn(await closed)
      expect(answers.map(({ code }) => code)).toEqual(['request_timeout'])
    } finally {
      clearInterval(dripping)
    }
  })

  it('is cut off in its headers too, sent a byte now and then', async () => {
    const { socket, closed } = client()
    socket.write('POST /v1/events HTTP/1.1\r\n')
    const dripping = setInterval(() => socket.write('x'), 20)
    try {
      expect(answersIn(await closed)).toEqual([{ status: 408, code: 'request_timeout' }])
    } finally {
      clearInterval(dripping)
    }
  })

  it('and asks for nothing more is left alone until it was idle for long enough', async () => {
    await serveWith({ ...SHORT_LIMITS, requestMs: 60_000, headMs: 60_000 })
    const { socket, closed } = client()
    socket.write(whole())
    expect(answersIn(await closed)).toEqual([{ status: 202, code: null }])
  })

  it('does not hold up the end of the server, a hundred of them neither', async () => {
    const limitMs = 600_000
    await serveWith({ requestMs: limitMs, headMs: limitMs, lookEveryMs: limitMs, idleMs: limitMs })
    const clients = Array.from({ length: 100 }, client)
    for (const [index, { socket }] of clients.entries()) {
      const bytes = whole(POSTS[index % POSTS.length])
      socket.write(bytes.subarray(0, (index * bytes.length) / clients.length))
    }
    expect(await isServed()).toBe(true)
    // Without an end of its own this test has no end either.
    await server().close()
    await Promise.all(clients.map(({ closed }) => closed))
  })
})
