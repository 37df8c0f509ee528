/** Each limit of docs/api.md at its edge and one past it, on every call that takes a body. */
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWireEvent } from '../test/events/wire-event.ts'
import { type IngestServer, openServer } from '../test/ingest/a-server.ts'
import { aPayload } from '../test/litellm/a-payload.ts'
import { emit, toJson, toProtobuf } from '../test/otlp/emitted.ts'
import { CONTAINERS_MAX, DEPTH_MAX } from './body/parse-json.ts'
import { answerClientError } from './client-errors.ts'
import { BODY_BYTES_MAX } from './errors.ts'
import { LITELLM_BYTES_MAX, LITELLM_PAYLOADS_MAX } from './litellm/post-litellm.ts'
import { SPANS_MAX } from './otlp/decoded-spans.ts'
import { TRACES_BYTES_MAX } from './otlp/post-traces.ts'

let server: IngestServer
beforeAll(async () => {
  server = await openServer(() => new Date('2026-11-10T12:00:00Z'))
})
afterAll(() => server.close())

const JSON_TYPE = { 'content-type': 'application/json' }
const PROTOBUF = { 'content-type': 'application/x-protobuf' }
type Headers = Readonly<Record<string, string>>

async function post(url: string, body: string | Uint8Array, headers: Headers = JSON_TYPE) {
  const { status, bytes } = await server.post({ url, body, headers })
  await server.taken()
  const isJson = headers['content-type'] === JSON_TYPE['content-type']
  const answer = isJson ? JSON.parse(bytes.toString()) : {}
  return { status, code: answer.error?.code, body: answer }
}

/** An unknown field of protobuf, which is skipped, of so many bytes in all. */
function protobufOf(bytes: number): Buffer {
  const headBytes = 5
  const head = Buffer.from([(15 << 3) | 2, 0, 0, 0, 0])
  const length = bytes - headBytes
  for (let at = 0; at < 4; at++) head[at + 1] = ((length >> (7 * at)) & 0x7f) | (at < 3 ? 0x80 : 0)
  return Buffer.concat([head, Buffer.alloc(length)])
}

const EVENTS = JSON.stringify({ events: [aWireEvent()] })
const PAYLOADS = JSON.stringify([aPayload({ startTime: 1794312000, endTime: 1794312001 })])
/** Of each call a body of so many bytes that it takes. */
const BODIES: readonly [string, Headers, number, (bytes: number) => string | Buffer, number][] = [
  ['/v1/events', JSON_TYPE, BODY_BYTES_MAX, (bytes) => EVENTS.padEnd(bytes), 202],
  ['/v1/traces', JSON_TYPE, TRACES_BYTES_MAX, (bytes) => '{"resourceSpans":[]}'.padEnd(bytes), 200],
  ['/v1/traces', PROTOBUF, TRACES_BYTES_MAX, protobufOf, 200],
  ['/v1/litellm', JSON_TYPE, LITELLM_BYTES_MAX, (bytes) => PAYLOADS.padEnd(bytes), 202],
]

describe('a body', () => {
  it.each(BODIES)('of %s (%o) may be of %i bytes, as sent and inflated', async (...given) => {
    const [url, headers, bytesMax, bodyOf, ok] = given
    const packed = { ...headers, 'content-encoding': 'gzip' }
    expect((await post(url, bodyOf(bytesMax), headers)).status).toBe(ok)
    expect((await post(url, bodyOf(bytesMax + 1), headers)).status).toBe(413)
    expect((await post(url, gzipSync(bodyOf(bytesMax)), packed)).status).toBe(ok)
    expect((await post(url, gzipSync(bodyOf(bytesMax + 1)), packed)).status).toBe(413)
  })

  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const mixed = (levels: number) => `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`
  /** Of each call a body around something nested, and how deep that begins. */
  const DEEP: readonly [string, (inner: string) => string, number, number][] = [
    ['/v1/events', (inner) => `{"events":[{"metadata":{"a":${inner}}}]}`, 4, 202],
    ['/v1/traces', (inner) => `{"resourceSpans":[{"unknown":${inner}}]}`, 3, 200],
    ['/v1/litellm', (inner) => `[{"messages":${inner}}]`, 2, 202],
    ['/v1/litellm', (inner) => `{"a":1}\n{"messages":${inner}}`, 1, 202],
  ]
  it.each(DEEP)(`of %s may be ${DEPTH_MAX} deep`, async (url, around, outside, ok) => {
    for (const fill of [nested, mixed]) {
      const levels = DEPTH_MAX - outside
      expect((await post(url, around(fill(levels - (levels % 2))))).status).toBe(ok)
      const beyond = await post(url, around(fill(levels + 2)))
      expect([beyond.status, beyond.code]).toEqual([400, 'body_too_deep'])
    }
    expect((await post(url, around(nested(DEPTH_MAX - outside)))).status).toBe(ok)
    expect((await post(url, around(nested(DEPTH_MAX - outside + 1)))).code).toBe('body_too_deep')
    // Brackets in texts are no depth, whatever is escaped around them.
    for (const escaped of ['"', '\\', '\\"', '']) {
      const text = JSON.stringify(`${escaped}${'[{'.repeat(DEPTH_MAX)}${escaped}`)
      expect((await post(url, around(text))).status).toBe(ok)
    }
  })

  it.each<[string, number]>([
    ['/v1/events', BODY_BYTES_MAX],
    ['/v1/traces', TRACES_BYTES_MAX],
    ['/v1/litellm', LITELLM_BYTES_MAX],
  ])('of %s that is nothing but brackets is refused without being parsed', async (url, bytesMax) => {
    for (const body of [
      '['.repeat(bytesMax),
      nested(bytesMax / 2),
      '{"a":'.repeat(bytesMax / 5),
      // Lines of which the first ends in a text without end, so that the rest would pass for text.
      `"\n${'['.repeat(bytesMax / 2)}`,
    ]) {
      const refused = await post(url, body)
      expect(refused.status).toBe(400)
      expect(['body_too_deep', 'body_not_json']).toContain(refused.code)
    }
  })

  const many = (count: number) => `[${'{},'.repeat(count - 1)}{}]`
  it.each<[string, (inner: string) => string, number, number]>([
    ['/v1/traces', (inner) => `{"unknown":${inner}}`, 2, 200],
    ['/v1/litellm', (inner) => `[{"messages":${inner}}]`, 3, 202],
    ['/v1/litellm', (inner) => `{"a":[]}\n{"messages":${inner}}`, 4, 202],
  ])(`of %s may hold ${CONTAINERS_MAX} lists and objects`, async (url, around, outside, ok) => {
    expect((await post(url, around(many(CONTAINERS_MAX - outside)))).status).toBe(ok)
    const beyond = await post(url, around(many(CONTAINERS_MAX - outside + 1)))
    expect([beyond.status, beyond.code]).toEqual([413, 'body_too_large'])
  })

  it('may hold so many events, payloads or spans', async () => {
    const events = (count: number) =>
      JSON.stringify({
        events: Array.from({ length: count }, (_, at) => aWireEvent({ request_id: `r${at}` })),
      })
    expect((await post('/v1/events', events(1_000))).body.accepted).toBe(1_000)
    expect((await post('/v1/events', events(1_001))).code).toBe('body_not_batch')
    const payloads = (count: number) => `${'{"a":1}\n'.repeat(count)}\n\n`
    for (const body of [payloads, (count: number) => `[${payloads(count).trim().replaceAll('\n', ',')}]`]) {
      expect((await post('/v1/litellm', body(LITELLM_PAYLOADS_MAX))).body.rejected).toHaveLength(
        LITELLM_PAYLOADS_MAX,
      )
      expect((await post('/v1/litellm', body(LITELLM_PAYLOADS_MAX + 1))).code).toBe('body_too_large')
    }
    // A resource and a scope count as one each.
    const spans = (count: number) =>
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: Array(count - 2).fill({}) }] }] })
    expect((await post('/v1/traces', spans(SPANS_MAX))).status).toBe(200)
    expect((await post('/v1/traces', spans(SPANS_MAX + 1))).status).toBe(413)
  })

  it('of blank lines between payloads loses none of them', async () => {
    const line = JSON.stringify(aPayload({ startTime: 1794312000, endTime: 1794312001 }))
    const body = Array.from({ length: 10 }, () => `${line}${'\n \r\n'.repeat(LITELLM_PAYLOADS_MAX)}`).join('')
    const { body: answer } = await post('/v1/litellm', body)
    expect(answer.accepted + answer.rejected.length).toBe(10)
  })
})

describe('a text of an event', () => {
  it.each([
    ...[
      ['request_id', 128],
      ['provider', 64],
      ['model', 128],
      ['environment', 64],
    ],
    ...['user_id', 'route', 'session_id', 'service_tier', 'provider_response_id', 'trace_id', 'span_id'].map(
      (name) => [name, 256],
    ),
  ] as [string, number][])('%s may have %i characters', async (name, charsMax) => {
    // Of two units each: a character is what people count.
    for (const letter of ['x', '🦊']) {
      const at = async (chars: number) => {
        const events = [aWireEvent({ [name]: letter.repeat(chars) })]
        const { status, body } = await post('/v1/events', JSON.stringify({ events }))
        return [status, body.accepted, body.rejected?.[0]?.code]
      }
      expect(await at(charsMax)).toEqual([202, 1, undefined])
      expect(await at(charsMax + 1)).toEqual([202, 0, 'field_invalid'])
    }
  })
})

describe('a text that another emitter chose', () => {
  const letters = (chars: number) => 'x'.repeat(chars)
  const spansOf = (name: string, chars: number) =>
    emit({
      spans: [
        {
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': 'openai',
            'gen_ai.request.model': 'gpt-4o',
            'gen_ai.usage.input_tokens': 10,
            'gen_ai.usage.output_tokens': 1,
            [name]: letters(chars),
          },
        },
      ],
    })
  const payloadOf = (chars: number) =>
    JSON.stringify(aPayload({ startTime: 1794312000, endTime: 1794312001, end_user: letters(chars) }))
  const userOf = async (url: string, body: string | Uint8Array, headers: Headers) => {
    const { status } = await server.post({ url, body, headers })
    const [event, ...others] = await server.taken()
    expect([status < 300, others]).toEqual([true, []])
    return event?.userId?.length
  }

  it('is kept in so many characters, and beyond them costs no call: in spans it is cut', async () => {
    for (const [chars, kept] of [
      [256, 256],
      [257, 256],
      [513, 256],
      [100_000, 256],
    ] as const) {
      const spans = spansOf('user.id', chars)
      expect(await userOf('/v1/traces', toProtobuf(spans), PROTOBUF)).toBe(kept)
      expect(await userOf('/v1/traces', toJson(spans), JSON_TYPE)).toBe(kept)
    }
    // Of a name that is too long there is no attribute to know.
    expect(
      await userOf('/v1/traces', toProtobuf(spansOf('user.id'.padEnd(10_000), 9)), PROTOBUF),
    ).toBeUndefined()
  })

  it('and in payloads it is left out, since a user that was cut would be another one', async () => {
    expect(await userOf('/v1/litellm', payloadOf(256), JSON_TYPE)).toBe(256)
    expect(await userOf('/v1/litellm', payloadOf(257), JSON_TYPE)).toBeUndefined()
  })
})

describe('what never becomes a request', () => {
  /** All that the server writes before it ends the connection. */
  function say(url: string, text: string): Promise<string> {
    const { hostname, port } = new URL(url)
    return new Promise((resolve, reject) => {
      let heard = ''
      const socket = connect(Number(port), hostname, () => socket.write(text))
      socket.on('data', (chunk) => {
        heard += chunk.toString()
      })
      socket.once('close', () => resolve(heard))
      socket.once('error', reject)
    })
  }

  it('has the one shape of errors as well', async () => {
    const url = await server.listen()
    const head = 'GET /v1/verdicts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n'
    const headers = (bytes: number) => `${head}x-pad: ${'x'.repeat(bytes)}\r\n\r\n`
    expect(await say(url, headers(15 * 1024))).toMatch(/^HTTP\/1.1 401 [\s\S]*"code":"key_missing"/)
    for (const [text, status, code] of [
      [headers(17 * 1024), 431, 'headers_too_large'],
      ['no HTTP at all\r\n\r\n', 400, 'request_malformed'],
      [`${head}bad header: 1\r\n\r\n`, 400, 'request_malformed'],
      [`${head.replace('/v1/verdicts', '/%zz')}\r\n`, 400, 'request_malformed'],
      [`GET /${'x'.repeat(17 * 1024)} HTTP/1.1\r\n\r\n`, 431, 'headers_too_large'],
    ] as const) {
      const answer = await say(url, text)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      const [, body = ''] = answer.split('\r\n\r\n')
      const { error } = JSON.parse(body)
      expect([Object.keys(error), error.code]).toEqual([['code', 'message', 'docs'], code])
    }
  })

  it('and does not arrive in time is told so', async () => {
    const timing = { requestTimeout: 50, headersTimeout: 50, connectionsCheckingInterval: 20 }
    const slow = createServer(timing).on('clientError', answerClientError)
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    const address = slow.address()
    const port = typeof address === 'object' ? address?.port : 0
    const answer = await say(`http://127.0.0.1:${port}`, 'POST /v1/events HTTP/1.1\r\nhost: x\r\n')
    slow.close()
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout[\s\S]*"code":"request_timeout"/)
  })
})
