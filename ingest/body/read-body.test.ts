/** Compressed bodies, as POST /v1/events takes them. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { type IngestServer, openServer } from '../../test/ingest/a-server.ts'
import { BODY_BYTES_MAX } from '../errors.ts'
import { inflate } from './inflate.ts'

let server: IngestServer
beforeAll(async () => {
  server = await openServer(() => new Date('2026-11-10T12:00:00Z'))
})
afterAll(() => server.close())

async function post(body: Uint8Array, encoding: string) {
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
  const { status, bytes } = await server.post({ url: '/v1/events', body, headers })
  return { status, code: JSON.parse(bytes.toString()).error?.code, taken: (await server.taken()).length }
}

const batch = Buffer.from(JSON.stringify({ events: [aWireEvent()] }))

describe('a compressed batch', () => {
  it.each(['gzip', 'GZIP', 'x-gzip'])('is taken as the batch that it holds: %s', async (encoding) => {
    expect(await post(gzipSync(batch), encoding)).toEqual({ status: 202, code: undefined, taken: 1 })
  })

  it.each<[string, Uint8Array, string, number, string]>([
    ['more than it may be', gzipSync(Buffer.alloc(BODY_BYTES_MAX + 1, ' ')), 'gzip', 413, 'body_too_large'],
    ['no gzip', batch, 'gzip', 400, 'body_not_gzip'],
    ['half of it', gzipSync(batch).subarray(0, 30), 'gzip', 400, 'body_not_gzip'],
    ['nothing', Buffer.alloc(0), 'gzip', 400, 'body_not_gzip'],
    ['broken UTF-8 inside', gzipSync(Buffer.from([0x22, 0xff, 0x22])), 'gzip', 400, 'body_not_json'],
    ['another compression', batch, 'deflate', 415, 'encoding_unsupported'],
  ])('is refused when it is %s', async (_name, body, encoding, status, code) => {
    expect(await post(body, encoding)).toEqual({ status, code, taken: 0 })
  })
})

describe('inflating', () => {
  it('gives back what was compressed, up to its limit and not one byte beyond', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        const packed = gzipSync(bytes)
        const fits = await inflate(packed, { encoding: 'gzip', bytesMax: bytes.length })
        expect(fits).toEqual({ kind: 'bytes', bytes: Buffer.from(bytes) })
        if (bytes.length === 1) return
        const beyond = await inflate(packed, { encoding: 'gzip', bytesMax: bytes.length - 1 })
        expect(beyond.kind).toBe('too_large')
      }),
      { numRuns: 50 },
    )
  })

  it('takes no memory for a bomb beyond its limit', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const before = process.memoryUsage().arrayBuffers
    expect((await inflate(bomb, { encoding: 'gzip', bytesMax: 1024 * 1024 })).kind).toBe('too_large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024)
  })
})
