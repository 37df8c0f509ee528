/**
 * Every POST route on bodies that nobody would send, from any bytes to good bodies changed in one place: no failure of
 * ours, the one shape of errors, nothing accepted that is not valid, and an answer to the next who calls.
 */
import { gzipSync } from 'node:zlib'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWireEvent } from '../test/events/wire-event.ts'
import { mutatedJson } from '../test/fuzz/mutated-json.ts'
import { mutatedProtobuf } from '../test/fuzz/mutated-protobuf.ts'
import { problemOfEvent } from '../test/fuzz/problem-of-event.ts'
import { type Answer, type IngestServer, openServer, type Sent } from '../test/ingest/a-server.ts'
import { aPayload } from '../test/litellm/a-payload.ts'
import { emit, toJson, toProtobuf } from '../test/otlp/emitted.ts'
import { ERROR_CODES } from './errors.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const JSON_TYPE = 'application/json'
const PROTOBUF_TYPE = 'application/x-protobuf'

let server: IngestServer
beforeAll(async () => {
  server = await openServer(() => NOON)
})
afterAll(() => server.close())

const events = [
  aWireEvent({
    ...{ request_id: 'r2', attempt: 2, environment: 'dev', user_id: 'u-1', route: '/chat', session_id: 's' },
    ...{ ttft_ms: 20, streamed: true, status: 'ok', service_tier: 'flex', reported_cost_usd: '0.5' },
    ...{ tags: { team: 'search' }, metadata: { plan: { size: [1, 'x'] } }, provider_response_id: 'resp-1' },
  }),
  aWireEvent({
    ...{ request_id: 'r3', tokens_in: undefined, tokens_out: undefined, provider: 'anthropic' },
    ...{
      model: 'claude-sonnet-4-5',
      usage: { input_tokens: 9, output_tokens: 4, cache_read_input_tokens: 7 },
    },
  }),
].map((event) => JSON.parse(JSON.stringify(event)))
const spans = emit({
  spans: [
    {
      attributes: {
        ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'user.id': 'u-1' },
        ...{ 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.id': 'resp-2' },
        ...{ 'gen_ai.usage.input_tokens': 1000, 'gen_ai.usage.output_tokens': 100 },
      },
      inside: [{ name: 'GET /', failed: true }],
    },
  ],
})
const started = NOON.getTime() / 1000 - 1
const payload = aPayload({ startTime: started, endTime: started + 0.5, completionStartTime: started + 0.1 })

interface Route {
  readonly url: string
  readonly type: string
  readonly good: string | Uint8Array
  readonly mutated: fc.Arbitrary<string | Uint8Array>
}
const ROUTES: readonly Route[] = [
  jsonRoute('/v1/events', { events }),
  jsonRoute('/v1/traces', JSON.parse(toJson(spans))),
  jsonRoute('/v1/litellm', [payload]),
  {
    ...{ url: '/v1/litellm', type: 'application/x-ndjson', good: JSON.stringify(payload) },
    mutated: fc.array(mutatedJson(payload), { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
  },
  {
    ...{ url: '/v1/traces', type: PROTOBUF_TYPE, good: toProtobuf(spans) },
    mutated: mutatedProtobuf(toProtobuf(spans)),
  },
  jsonRoute('/v1/metrics', { resourceMetrics: [] }),
  jsonRoute('/v1/logs', { resourceLogs: [] }),
]

function jsonRoute(url: string, value: unknown): Route {
  return { url, type: JSON_TYPE, good: JSON.stringify(value), mutated: mutatedJson(value) }
}

/** The ways in which a body may travel, most of them wrong. */
const transport = fc.record(
  {
    type: fc.constantFrom(
      ...[JSON_TYPE, PROTOBUF_TYPE, 'application/protobuf; charset=x', 'APPLICATION/JSON; charset=utf-16'],
      ...[
        'application/x-ndjson',
        'text/plain',
        'multipart/form-data',
        'x',
        '/',
        ';',
        'application/json,text/html',
      ],
    ),
    packing: fc.constantFrom('none', 'gzip', 'gzip cut off', 'gzip and more', 'gzip twice', 'not at all'),
    encoding: fc.constantFrom('gzip', 'GZIP', 'deflate', 'br', 'identity', 'gzip, gzip', '', 'x'),
  },
  { requiredKeys: [] },
)
type Transport = typeof transport extends fc.Arbitrary<infer T> ? T : never

function sent(route: Route, body: string | Uint8Array, { type, packing, encoding }: Transport): Sent {
  const bytes = Buffer.from(body)
  const packed = {
    none: () => bytes,
    'not at all': () => bytes,
    gzip: () => gzipSync(bytes),
    'gzip cut off': () => gzipSync(bytes).subarray(0, -5),
    'gzip and more': () => Buffer.concat([gzipSync(bytes), Buffer.from('more')]),
    'gzip twice': () => gzipSync(gzipSync(bytes)),
  }[packing ?? 'none']()
  const declared = encoding ?? (packing === undefined || packing === 'none' ? null : 'gzip')
  return {
    url: route.url,
    body: packed,
    headers: {
      'content-type': type ?? route.type,
      ...(declared === null ? {} : { 'content-encoding': declared }),
    },
  }
}

/** Whatever was sent. */
async function isAnsweredWell(call: Sent): Promise<void> {
  const answer = await server.post(call)
  const taken = await server.taken()
  const shown = `${answer.status} ${answer.bytes.toString('latin1').slice(0, 200)}`
  expect(answer.status, shown).toBeGreaterThanOrEqual(200)
  expect(answer.status, shown).toBeLessThan(500)
  if (answer.status >= 300) {
    expect(problemOfRefusal(answer), shown).toBeNull()
    expect(taken).toEqual([])
    return
  }
  for (const event of taken) expect(problemOfEvent(event, NOON)).toBeNull()
  if (answer.status === 202) expect(JSON.parse(answer.bytes.toString()).accepted).toBe(taken.length)
}

function problemOfRefusal({ status, headers, bytes }: Answer): string | null {
  if (status < 400) return 'it is neither a success nor a refusal'
  if (String(headers['content-type']).includes('protobuf')) {
    const reader = new BinaryReader(bytes)
    const fields = new Map<number, number | string>()
    while (reader.pos < reader.len) {
      const [field] = reader.tag()
      fields.set(field, field === 1 ? reader.int32() : reader.string())
    }
    return fields.get(1) && fields.get(2) ? null : 'it is no Status'
  }
  const body: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(bytes.toString())
  if (Object.keys(body).join() !== 'error') return 'it is not the shape of errors'
  if (Object.keys(body.error ?? {}).join() !== 'code,message,docs') return 'it is not the shape of errors'
  return ERROR_CODES.includes(body.error?.code ?? '') ? null : 'its code is unknown'
}

describe.each(ROUTES.map((route) => [`${route.url} as ${route.type}`, route] as const))(
  '%s',
  (_name, route) => {
    const runs = { numRuns: 120 }

    it('takes a good body, so that what follows is about changes to one', async () => {
      const answer = await server.post(sent(route, route.good, {}))
      expect(answer.status).toBeLessThan(300)
      const isCounted = !['/v1/metrics', '/v1/logs'].includes(route.url)
      expect((await server.taken()).length > 0).toBe(isCounted)
    })

    it('answers any bytes and any JSON, however it came', async () => {
      const bodies = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'binary' }),
        fc.json({ maxDepth: 5 }),
      )
      await fc.assert(
        fc.asyncProperty(bodies, transport, (body, how) => isAnsweredWell(sent(route, body, how))),
        runs,
      )
    })

    it('answers a body that was changed here and there', async () => {
      await fc.assert(
        fc.asyncProperty(route.mutated, (body) => isAnsweredWell(sent(route, body, {}))),
        { numRuns: 400 },
      )
    })

    it('answers a good body, whatever it is declared to be, cut off or compressed amiss', async () => {
      const bytes = Buffer.from(route.good)
      const cut = fc.nat(bytes.length).map((length) => bytes.subarray(0, length))
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.constant(bytes), cut), transport, (body, how) =>
          isAnsweredWell(sent(route, body, how)),
        ),
        runs,
      )
    })

    it('takes a good body after all that', async () => {
      expect((await server.post(sent(route, route.good, {}))).status).toBeLessThan(300)
      await server.taken()
    })
  },
)
