/** POST /v1/litellm as LiteLLM's callback meets it: its log formats, and what becomes of a batch. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IngestServer, openServer } from '../../test/ingest/a-server.ts'
import { aPayload, SECRET } from '../../test/litellm/a-payload.ts'
import { LITELLM_BYTES_MAX, LITELLM_PAYLOADS_MAX } from './post-litellm.ts'

let server: IngestServer
beforeAll(async () => {
  server = await openServer(() => new Date('2026-11-24T05:30:00Z'))
})
afterAll(() => server.close())

const JSON_TYPE = { 'content-type': 'application/json' }

async function post(body: string | Uint8Array, headers: Readonly<Record<string, string>> = JSON_TYPE) {
  const { status, bytes } = await server.post({ url: '/v1/litellm', body, headers })
  return { status, body: JSON.parse(bytes.toString()) }
}

const calls = [aPayload(), aPayload({ litellm_call_id: 'call-2' })]
const FORMATS: Readonly<Record<string, string>> = {
  json_array: JSON.stringify(calls),
  ndjson: calls.map((call) => JSON.stringify(call)).join('\n'),
}

describe('a batch of LiteLLM', () => {
  it.each(Object.entries(FORMATS))(
    'is taken in the format %s, as LiteLLM declares it',
    async (_format, body) => {
      expect(await post(body)).toEqual({ status: 202, body: { accepted: 2, rejected: [] } })
      const taken = await server.taken()
      expect(taken.map(({ source, model, cost }) => [source, model, cost !== null])).toEqual([
        ['litellm', 'gpt-4o-2024-08-06', true],
        ['litellm', 'gpt-4o-2024-08-06', true],
      ])
    },
  )

  it('is taken as one object, compressed, and as ndjson that says so', async () => {
    const one = JSON.stringify(aPayload())
    expect((await post(one)).body.accepted).toBe(1)
    expect((await post(gzipSync(one), { ...JSON_TYPE, 'content-encoding': 'gzip' })).body.accepted).toBe(1)
    const ndjson = { 'content-type': 'application/x-ndjson' }
    expect((await post(`${FORMATS.ndjson}\n`, ndjson)).body.accepted).toBe(2)
    expect(await server.taken()).toHaveLength(4)
  })

  it('loses only what cannot be counted, which is named', async () => {
    const { status, body } = await post([JSON.stringify(aPayload()), '{"id": NaN}', '{"id": "x"}'].join('\n'))
    expect(status).toBe(202)
    expect(body).toEqual({
      accepted: 1,
      rejected: [
        { index: 1, code: 'event_not_object', reason: 'line 2 is no JSON' },
        { index: 2, code: 'field_missing', reason: 'ts is missing; it is required' },
      ],
    })
    expect(await server.taken()).toHaveLength(1)
  })

  it('is told what was taken out of it by redaction', async () => {
    const { body } = await post(JSON.stringify(aPayload({ end_user: 'ada@example.com' })))
    expect(body).toEqual({ accepted: 1, rejected: [], redacted: { email: 1 } })
  })

  it('leaves no word of a prompt or an answer in the journal', async () => {
    await post(FORMATS.json_array ?? '')
    const shown = JSON.stringify(await server.taken(), (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(shown).toContain('litellm')
    expect(shown).not.toContain(SECRET)
  })

  it('is refused when nothing of it was taken, so that LiteLLM may send it again', async () => {
    server.appendWith(async () => ({ kind: 'full', reason: 'bytes_max' }))
    const { status, body } = await post(FORMATS.json_array ?? '')
    server.appendWith(undefined)
    expect([status, body.error.code]).toEqual([503, 'journal_full'])
  })

  it.each<[string, string | Uint8Array, number, string]>([
    ['text', 'no JSON', 400, 'body_not_json'],
    ['nothing', '', 400, 'body_not_json'],
    ['lines of which none is JSON', '{"a"\n{"b"', 400, 'body_not_json'],
    ['a number', '7', 400, 'body_not_batch'],
    ['too many', JSON.stringify(Array(LITELLM_PAYLOADS_MAX + 1).fill(0)), 413, 'body_too_large'],
    ['too much', ' '.repeat(LITELLM_BYTES_MAX + 1), 413, 'body_too_large'],
  ])('is refused with a code for %s', async (_name, body, status, code) => {
    const answer = await post(body)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
  })

  it('of any JSON and any bytes is answered, and never by a failure of ours', async () => {
    const odd = fc.oneof(
      fc.json(),
      fc.array(fc.json(), { maxLength: 5 }).map((lines) => lines.join('\n')),
      fc.uint8Array({ maxLength: 200 }),
    )
    await fc.assert(
      fc.asyncProperty(odd, async (body) => {
        expect((await post(body)).status).toBeLessThan(500)
      }),
      { numRuns: 60 },
    )
  })
})
