import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../core/api-key.ts'
import { aWireEvent } from '../test/events/wire-event.ts'
import { aKnownKey } from '../test/ingest/a-key.ts'
import { journaledFrom } from '../test/ingest/journaled.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { BODY_BYTES_MAX, ERROR_CODES } from './errors.ts'
import { type Journal, openJournal } from './journal/journal.ts'
import { knownKeys } from './keys/known-keys.ts'
import { buildIngest } from './server.ts'
import type { VerdictKeeper } from './verdicts/keep-verdicts.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const now = () => NOON
const log = pino({ level: 'silent' })

const texts = {
  good: mintApiKey().text,
  revoked: mintApiKey().text,
  expired: mintApiKey().text,
  reader: mintApiKey().text,
  unknown: mintApiKey().text,
}
const stored = new Map([
  [texts.good, aKnownKey()],
  [texts.revoked, aKnownKey({ revokedAt: new Date('2026-11-10T11:00:00Z') })],
  [texts.expired, aKnownKey({ expiresAt: NOON })],
  [texts.reader, aKnownKey({ scopes: ['verdicts'] })],
])

/** No verdict can be read here: these tests are about events. */
const noVerdicts: VerdictKeeper = {
  latest: () => Promise.reject(new Error('secret host db-7 refused')),
  current: () => null,
  watch: () => () => undefined,
  status: () => ({ projects: 0, lastError: null }),
  close: () => Promise.resolve(),
}

let folder: TemporaryFolder
let journal: Journal
let app: ReturnType<typeof buildIngest>
let append: Journal['append']
beforeEach(async () => {
  folder = await temporaryFolder()
  journal = await openJournal({ dir: folder.path, segmentBytesMax: 1024 ** 2, bytesMax: 64 * 1024 ** 2, log })
  append = (events) => journal.append(events)
  app = buildIngest({
    keys: knownKeys({
      find: async (text) => stored.get(text) ?? null,
      touch: async () => undefined,
      now,
      log,
    }),
    journal: { append: (events) => append(events) },
    verdicts: noVerdicts,
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
    now,
    log,
  })
})
afterEach(async () => {
  await app.close()
  await journal.close()
  await folder.remove()
})

interface Sent {
  readonly key?: string | null
  readonly type?: string
}
async function post(payload: string | Buffer, { key = texts.good, type = 'application/json' }: Sent = {}) {
  const authorization = key === null ? {} : { authorization: `Bearer ${key}` }
  const headers = { 'content-type': type, ...authorization }
  const response = await app.inject({ method: 'POST', url: '/v1/events', headers, payload })
  return { status: response.statusCode, headers: response.headers, body: response.json() }
}
const send = (events: readonly unknown[], sent?: Sent) => post(JSON.stringify({ events }), sent)
const journaled = async () => await journaledFrom(journal, 0)

describe('an accepted batch', () => {
  it('is on disk when the 202 arrives, priced, and owned by whom the key says', async () => {
    const answer = await send([aWireEvent(), aWireEvent({ request_id: 'r2', project_id: undefined })])
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2, rejected: [] } })
    const [first] = await journaled()
    // 1,000 tokens in at $2.50 and 100 out at $10 a million.
    expect(first?.event).toMatchObject({
      requestId: 'r1',
      orgId: 'org_1',
      projectId: 'prj_1',
      apiKeyId: 'key_1',
      cost: 3_500_000n,
      costSource: 'computed',
      sampled: true,
      receivedAt: NOON,
    })
    expect(journal.endOffset()).toBe(2)
  })

  it('names what it rejects by index, code and reason, and takes the rest', async () => {
    const answer = await send([
      aWireEvent({ tokens_in: -4 }),
      aWireEvent({ request_id: 'kept' }),
      aWireEvent({ request_id: 'r3', ts: '2027-11-10T12:00:00Z' }),
      'no event',
    ])
    expect(answer.status).toBe(202)
    expect(answer.body.accepted).toBe(1)
    expect(answer.body.rejected).toMatchObject([
      { index: 0, code: 'tokens_negative', reason: expect.stringContaining('-4') },
      { index: 2, code: 'ts_in_future', reason: expect.stringContaining('2027') },
      { index: 3, code: 'event_not_object' },
    ])
    expect((await journaled()).map(({ event }) => event.requestId)).toEqual(['kept'])
  })

  it('says what was taken out of it by redaction, and nothing of that when nothing was', async () => {
    const mails = { user: 'ada@example.com', others: ['bob@example.com', '+1 415 555 2671'] }
    const answer = await send([
      aWireEvent({ request_id: 'a', metadata: mails }),
      aWireEvent({ request_id: 'b', metadata: { mail: 'ada@example.com' } }),
    ])
    expect(answer.body).toEqual({ accepted: 2, rejected: [], redacted: { email: 3, phone: 1 } })
    expect((await send([aWireEvent()])).body).toEqual({ accepted: 1, rejected: [] })
  })

  it('keeps an unknown model as unpriced, never as $0', async () => {
    await send([aWireEvent({ model: 'frontier-9000-unheard-of', provider: 'nobody' })])
    const [only] = await journaled()
    expect(only?.event).toMatchObject({ cost: null, costSource: 'unpriced', priceVersion: null })
  })
})

describe('a call that cannot be taken', () => {
  const batch = JSON.stringify({ events: [aWireEvent()] })
  it.each<[string, () => ReturnType<typeof post>, number, string]>([
    ['no key', () => post(batch, { key: null }), 401, 'key_missing'],
    ['a key of no form', () => post(batch, { key: 'sk-123' }), 401, 'key_unknown'],
    ['a key that nobody made', () => post(batch, { key: texts.unknown }), 401, 'key_unknown'],
    ['a revoked key', () => post(batch, { key: texts.revoked }), 401, 'key_revoked'],
    ['an expired key', () => post(batch, { key: texts.expired }), 401, 'key_expired'],
    ['a key for verdicts only', () => post(batch, { key: texts.reader }), 403, 'scope_missing'],
    ['no JSON', () => post('{"events": [', {}), 400, 'body_not_json'],
    ['an empty body', () => post('', {}), 400, 'body_not_json'],
    ['broken UTF-8', () => post(Buffer.from([0x22, 0xff, 0x22])), 400, 'body_not_json'],
    ['JSON that is no batch', () => post('[1, 2]'), 400, 'body_not_batch'],
    ['a batch of nothing', () => post('{"events": []}'), 400, 'body_not_batch'],
    ['1,001 events', () => send(Array.from({ length: 1001 }, () => aWireEvent())), 400, 'body_not_batch'],
    ['5 MB', () => post(Buffer.alloc(5_000_000, ' ')), 413, 'body_too_large'],
    ['text', () => post(batch, { type: 'text/plain' }), 415, 'content_type_unsupported'],
  ])(
    'is told so in the one shape of errors, and nothing of it is kept: %s',
    async (_name, call, status, code) => {
      const { status: given, body } = await call()
      expect([given, body.error?.code]).toEqual([status, code])
      expect(Object.keys(body)).toEqual(['error'])
      expect(Object.keys(body.error)).toEqual(['code', 'message', 'docs'])
      expect(journal.endOffset()).toBe(0)
    },
  )

  it('is told to come back when the journal is full, and nothing of it is kept', async () => {
    append = async () => ({ kind: 'full', reason: 'bytes_max' })
    const { status, headers, body } = await send([aWireEvent()])
    expect([status, body.error.code]).toEqual([503, 'journal_full'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  it('says nothing of the inside when something fails there', async () => {
    append = () => Promise.reject(new Error('disk /dev/secret7 failed'))
    const { status, headers, body } = await send([aWireEvent()])
    expect([status, body.error.code]).toEqual([500, 'internal'])
    expect(JSON.stringify(body)).not.toContain('secret7')
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is told so on paths and methods that do not exist', async () => {
    for (const [method, url] of [
      ['GET', '/v1/events'],
      ['POST', '/v2/events'],
      ['DELETE', '/v1/verdicts'],
    ] as const) {
      const response = await app.inject({ method, url })
      expect([response.statusCode, response.json().error.code]).toEqual([404, 'route_unknown'])
    }
  })

  it('reads a verdict as unavailable, without the reason, when it cannot be read', async () => {
    const headers = { authorization: `Bearer ${texts.reader}` }
    const response = await app.inject({ method: 'GET', url: '/v1/verdicts', headers })
    expect([response.statusCode, response.json().error.code]).toEqual([503, 'unavailable'])
    expect(response.body).not.toContain('db-7')
  })
})

describe('whatever is sent', () => {
  const anything = fc.anything({ withBigInt: false, withNullPrototype: true, maxDepth: 4 })
  const event = fc
    .record(
      Object.fromEntries(
        Object.keys(aWireEvent({ usage: 1, tags: 1, metadata: 1 })).map((name) => [name, anything]),
      ),
      { requiredKeys: [] },
    )
    .map((fields) => ({ ...aWireEvent(), ...fields }))
  const bodies = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ maxDepth: 5 }),
    fc.array(fc.oneof(event, anything), { maxLength: 4 }).map((events) => JSON.stringify({ events })),
    fc
      .integer({ min: 1, max: 100_000 })
      .map((depth) => `{"events":[{"metadata":${'['.repeat(depth)}${']'.repeat(depth)}}]}`),
    fc.constantFrom(
      '{"__proto__": 1}',
      '{"events": {"length": 3}}',
      '{"events": [{"__proto__": {"ts": 1}}]}',
    ),
  )

  it('is answered 2xx or 4xx with a known code, and accepted means kept', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (payload) => {
        const before = journal.endOffset()
        const { status, body } = await post(payload)
        const accepted = status === 202 ? body.accepted : 0
        expect(status).toBeLessThan(500)
        if (status !== 202) expect(ERROR_CODES).toContain(body.error.code)
        expect(journal.endOffset() - before).toBe(accepted)
      }),
      { numRuns: 300 },
    )
  })

  it('up to the stated limit is read', async () => {
    const tags = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`t${index}`, 'x'.repeat(48)]))
    const events = Array.from({ length: 1000 }, (_, index) => aWireEvent({ request_id: `r${index}`, tags }))
    const body = JSON.stringify({ events })
    expect(body.length).toBeLessThanOrEqual(BODY_BYTES_MAX)
    const answer = await post(body.padEnd(BODY_BYTES_MAX))
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1000 } })
  })
})

describe('health', () => {
  it('lives, and is ready', async () => {
    for (const url of ['/healthz', '/readyz']) expect((await app.inject({ url })).statusCode).toBe(200)
  })
})
