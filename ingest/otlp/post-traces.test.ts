/** POST /v1/traces as an exporter meets it: encodings, answers and refusals. */
import { gzipSync } from 'node:zlib'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IngestServer, openServer } from '../../test/ingest/a-server.ts'
import { type Emitted, emit, toJson, toProtobuf } from '../../test/otlp/emitted.ts'
import { TRACES_BYTES_MAX } from './post-traces.ts'

const now = () => new Date('2026-11-10T12:00:00Z')
const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const JSON_TYPE = { 'content-type': 'application/json' }
const GZIP = { 'content-encoding': 'gzip' }
const TRACES = '/v1/traces'

const CALL: Emitted = {
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.usage.input_tokens': 1000,
    'gen_ai.usage.output_tokens': 100,
  },
}
const UNCOUNTED: Emitted = {
  attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' },
}

let server: IngestServer
beforeAll(async () => {
  server = await openServer(now)
})
afterAll(() => server.close())

const postProtobuf = (body: Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  server.post({ url: TRACES, body, headers: { ...PROTOBUF, ...headers } })
const postJson = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  server.post({ url: TRACES, body, headers: { ...JSON_TYPE, ...headers } })

/** google.rpc.Status, read by its field numbers. */
function statusIn(bytes: Uint8Array): { code: number; message: string } {
  const reader = new BinaryReader(bytes)
  const status = { code: 0, message: '' }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) status.code = reader.int32()
    else if (field === 2) status.message = reader.string()
    else reader.skip(wireType)
  }
  return status
}

describe('an exporter that sends calls', () => {
  it('is told of success in its own encoding, once the calls are on disk and priced', async () => {
    const spans = emit({ spans: [CALL] })
    const protobuf = await postProtobuf(toProtobuf(spans))
    expect(protobuf.status).toBe(200)
    expect(protobuf.headers['content-type']).toBe('application/x-protobuf')
    expect(ProtobufTraceSerializer.deserializeResponse(protobuf.bytes)).toEqual({})
    const json = await postJson(toJson(spans))
    expect(json.status).toBe(200)
    expect(json.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(json.bytes.toString())).toEqual({})
    // 1,000 tokens in at $2.50 and 100 out at $10 a million.
    const taken = await server.taken()
    expect(taken).toMatchObject([
      { source: 'otlp', projectId: 'prj_1', cost: 3_500_000n, costSource: 'computed' },
      { source: 'otlp' },
    ])
    expect(taken[0]).toEqual(taken[1])
  })

  it('may compress, in either encoding', async () => {
    const spans = emit({ spans: [CALL] })
    expect((await postProtobuf(gzipSync(toProtobuf(spans)), GZIP)).status).toBe(200)
    const packed = gzipSync(toJson(spans))
    const answer = await server.post({ url: TRACES, body: packed, headers: { ...JSON_TYPE, ...GZIP } })
    expect(answer.status).toBe(200)
    expect(await server.taken()).toHaveLength(2)
  })

  it('is told how many spans were not counted and why, and the others are', async () => {
    const spans = emit({ spans: [CALL, UNCOUNTED, { name: 'GET /' }] })
    const { partialSuccess } = ProtobufTraceSerializer.deserializeResponse(
      (await postProtobuf(toProtobuf(spans))).bytes,
    )
    expect(Number(partialSuccess?.rejectedSpans)).toBe(1)
    expect(partialSuccess?.errorMessage).toContain('no token counts')
    expect(await server.taken()).toHaveLength(1)
    const { bytes } = await postJson(toJson(spans))
    expect(JSON.parse(bytes.toString())).toMatchObject({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('no token counts') },
    })
    await server.taken()
  })

  it('is told to come back when nothing can be stored', async () => {
    server.appendWith(async () => ({ kind: 'full', reason: 'bytes_max' }))
    const body = toProtobuf(emit({ spans: [CALL] }))
    const protobuf = await postProtobuf(body)
    const json = await postJson(toJson(emit({ spans: [CALL] })))
    server.appendWith(undefined)
    expect([protobuf.status, json.status]).toEqual([503, 503])
    expect(Number(protobuf.headers['retry-after'])).toBeGreaterThan(0)
    expect(statusIn(protobuf.bytes)).toMatchObject({
      code: 14,
      message: expect.stringContaining('nothing was taken'),
    })
    expect(JSON.parse(json.bytes.toString())).toMatchObject({ error: { code: 'journal_full' } })
    expect(await server.taken()).toEqual([])
  })
})

describe('a request that cannot be read', () => {
  const good = toProtobuf(emit({ spans: [CALL] }))
  const bomb = gzipSync(Buffer.alloc(TRACES_BYTES_MAX + 1))

  it.each<[string, Uint8Array, Readonly<Record<string, string>>, number]>([
    ['bytes that are no protobuf', Buffer.from('not a request'), {}, 400],
    ['a request that is cut off', good.subarray(0, good.length - 1), {}, 400],
    ['gzip that is none', good, GZIP, 400],
    ['gzip that is cut off', gzipSync(good).subarray(0, 40), GZIP, 400],
    ['a compression that is not taken', good, { 'content-encoding': 'br' }, 415],
    ['two compressions', good, { 'content-encoding': 'gzip, gzip' }, 415],
    ['a body beyond the limit', Buffer.alloc(TRACES_BYTES_MAX + 1), {}, 413],
    ['a small body that inflates beyond it', bomb, GZIP, 413],
    ['no key', good, { authorization: '' }, 401],
  ])('is refused with a Status that protobuf clients read: %s', async (_name, body, headers, status) => {
    const answer = await postProtobuf(body, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/x-protobuf')
    expect(statusIn(answer.bytes)).toEqual({
      code: expect.any(Number),
      message: expect.stringMatching(/\.$/),
    })
    expect(await server.taken()).toEqual([])
  })

  it.each<[string, string, Readonly<Record<string, string>>, number, string]>([
    ['no JSON', '{', {}, 400, 'body_not_json'],
    ['another shape', '{"resourceSpans": 7}', {}, 400, 'body_not_otlp'],
    ['a list', '[]', {}, 400, 'body_not_otlp'],
    ['text', 'x', { 'content-type': 'text/plain' }, 415, 'content_type_unsupported'],
    ['a compression that is not taken', '{}', { 'content-encoding': 'zstd' }, 415, 'encoding_unsupported'],
  ])('is refused in the one shape of errors as JSON: %s', async (_name, body, headers, status, code) => {
    const answer = await postJson(body, headers)
    expect([answer.status, JSON.parse(answer.bytes.toString()).error.code]).toEqual([status, code])
  })

  it('is answered 200 or 4xx, whatever its bytes', async () => {
    const flips = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 6,
      })
      .map((changes) => {
        const bytes = Uint8Array.from(good)
        for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask
        return bytes
      })
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      flips,
      fc.json().map((text) => Buffer.from(text)),
    )
    const headers = fc.constantFrom(
      PROTOBUF,
      JSON_TYPE,
      { ...PROTOBUF, ...GZIP },
      { 'content-type': 'x/y' },
      {},
    )
    await fc.assert(
      fc.asyncProperty(bytes, headers, fc.boolean(), async (body, given, packed) => {
        const sent = packed ? gzipSync(body) : body
        const answer = await server.post({
          url: TRACES,
          body: sent,
          headers: packed ? { ...given, ...GZIP } : given,
        })
        expect(answer.status === 200 || (answer.status >= 400 && answer.status < 500)).toBe(true)
      }),
      { numRuns: 400 },
    )
    await server.taken()
  })
})

describe('what is no span', () => {
  it.each(['/v1/metrics', '/v1/logs'])(
    'is answered as taken and is not, so that its exporter is quiet: %s',
    async (url) => {
      const protobuf = await server.post({ url, body: Buffer.alloc(3_000_000, 1), headers: PROTOBUF })
      expect([protobuf.status, protobuf.bytes.length]).toEqual([200, 0])
      expect(protobuf.headers['content-type']).toBe('application/x-protobuf')
      const json = await server.post({ url, body: '{"resourceMetrics": []}', headers: JSON_TYPE })
      expect([json.status, json.bytes.toString()]).toEqual([200, '{}'])
      expect(
        (await server.post({ url, body: '{}', headers: { ...JSON_TYPE, authorization: '' } })).status,
      ).toBe(401)
      expect(await server.taken()).toEqual([])
    },
  )
})
