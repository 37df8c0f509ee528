/** Rate limits as callers meet them, on every call that asks for a key. */
import { Agent, request } from 'node:http'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { type IngestServer, openServer } from '../../test/ingest/a-server.ts'
import type { VerdictKeeper } from '../verdicts/keep-verdicts.ts'
import { knownVerdict } from '../verdicts/known-verdict.ts'
import type { KnownApiKey } from './known-keys.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const LIMIT = 5
const GUESSES = 4
const VERDICT = knownVerdict(
  { project_id: 'prj_1', allowed: true, as_of: NOON.toISOString(), budgets: [], stops: [] },
  () => 0,
)
const verdicts: VerdictKeeper = {
  latest: () => Promise.resolve(VERDICT),
  current: () => VERDICT,
  watch: (_projectId, hear) => {
    hear(VERDICT)
    return () => undefined
  },
  status: () => ({ projects: 1, lastError: null }),
  close: () => Promise.resolve(),
}

let keys: Map<string, KnownApiKey>
let asked: string[]
let server: IngestServer
async function open(trustedProxies: readonly string[] = []) {
  keys = new Map()
  asked = []
  server = await openServer(() => NOON, {
    ...{ verdicts, trustedProxies, log: pino({ level: 'silent' }) },
    rateLimits: { requestsPerMinute: LIMIT, guessesPerMinute: GUESSES },
    find: async (text) => {
      asked.push(text)
      return keys.get(text) ?? null
    },
  })
}
beforeEach(() => open())
afterEach(() => server.close())

function aKey(changes: Partial<KnownApiKey> = {}): string {
  const { text } = mintApiKey()
  keys.set(text, aKnownKey({ id: `key_${keys.size}`, scopes: ['ingest', 'verdicts'], ...changes }))
  return text
}

const JSON_TYPE = 'application/json'
const SENDS: readonly [string, string, string][] = [
  ['/v1/events', JSON_TYPE, JSON.stringify({ events: [aWireEvent()] })],
  ['/v1/traces', JSON_TYPE, '{}'],
  ['/v1/traces', 'application/x-protobuf', ''],
  ['/v1/metrics', JSON_TYPE, '{}'],
  ['/v1/logs', JSON_TYPE, '{}'],
  ['/v1/litellm', JSON_TYPE, '[]'],
]
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const send = (key: string, [url, type, body]: (typeof SENDS)[number] = ['/v1/metrics', JSON_TYPE, '{}']) =>
  server.call({ method: 'POST', url, body, headers: { ...bearer(key), 'content-type': type } })
const read = (key: string) => server.call({ url: '/v1/verdicts', headers: bearer(key) })
const codeOf = ({ bytes }: { bytes: Buffer }) => JSON.parse(bytes.toString()).error?.code
const told = ({ headers }: { headers: Readonly<Record<string, unknown>> }) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers[`ratelimit-${name}`]))

describe('a key', () => {
  it.each(SENDS)('is told on %s (%s) how much is left, and refused beyond its limit', async (...call) => {
    const key = aKey()
    for (let left = LIMIT - 1; left >= 0; left--) {
      const answer = await send(key, call)
      expect(answer.status).toBeLessThan(300)
      expect(told(answer).slice(0, 2)).toEqual([LIMIT, left])
    }
    const refused = await send(key, call)
    expect(refused.status).toBe(429)
    const [limit, remaining, resetS] = told(refused)
    expect([limit, remaining]).toEqual([LIMIT, 0])
    expect(Number(refused.headers['retry-after'])).toBe(resetS)
    expect(resetS).toBeGreaterThan(0)
    expect(resetS).toBeLessThanOrEqual(60)
    if (call[1] === JSON_TYPE) expect(codeOf(refused)).toBe('rate_limited')
    // google.rpc.Status: field 1 is RESOURCE_EXHAUSTED.
    else expect([...refused.bytes.subarray(0, 2)]).toEqual([8, 8])
    const takenOf = { '/v1/events': LIMIT }
    expect((await server.taken()).length).toBe(takenOf[call[0] as keyof typeof takenOf] ?? 0)
  })

  it('has one limit over all calls that send, and its own where it was given one', async () => {
    const [key, other, wide] = [aKey(), aKey(), aKey({ requestsPerMinute: LIMIT + 2 })]
    const statuses = []
    for (const call of SENDS) statuses.push((await send(key, call)).status)
    expect(statuses.at(-1)).toBe(429)
    expect(statuses.slice(0, -1).every((status) => status < 300)).toBe(true)
    expect((await send(other)).status).toBe(200)
    expect(told(await send(wide)).slice(0, 2)).toEqual([LIMIT + 2, LIMIT + 1])
  })

  it('hears its verdict still when it has sent too much, and the other way round', async () => {
    const [key, reader] = [aKey(), aKey()]
    for (let call = 0; call <= LIMIT; call++) await send(key)
    expect((await send(key)).status).toBe(429)
    expect((await read(key)).status).toBe(200)
    for (let call = 0; call <= LIMIT; call++) await read(reader)
    expect((await read(reader)).status).toBe(429)
    expect((await send(reader)).status).toBe(200)
  })

  it('is counted and told so when it lacks the scope, too', async () => {
    const key = aKey({ scopes: ['ingest'] })
    const answer = await read(key)
    expect([answer.status, ...told(answer).slice(0, 2)]).toEqual([403, LIMIT, LIMIT - 1])
    for (let call = 0; call < LIMIT; call++) await read(key)
    expect((await read(key)).status).toBe(429)
  })

  it('is refused on a connection that stays, however much it was sending', async () => {
    const key = aKey({ requestsPerMinute: 1 })
    const url = await server.listen()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const sockets = new Set<unknown>()
    const post = () =>
      new Promise<number>((resolve, reject) => {
        const headers = { ...bearer(key), 'content-type': JSON_TYPE }
        const sending = request(`${url}/v1/litellm`, { method: 'POST', headers, agent }, (response) => {
          sockets.add(response.socket)
          response.resume().once('end', () => resolve(response.statusCode ?? 0))
        })
        sending.once('error', reject)
        sending.end('[]'.padEnd(30 * 1024 * 1024))
      })
    expect([await post(), await post(), await post()]).toEqual([202, 429, 429])
    expect(sockets.size).toBe(1)
    agent.destroy()
  })

  it('is counted once for a stream, however long it is open', async () => {
    const key = aKey()
    const url = await server.listen()
    const aborting = new AbortController()
    const stream = await fetch(`${url}/v1/verdicts/stream`, { headers: bearer(key), signal: aborting.signal })
    expect([stream.status, stream.headers.get('ratelimit-limit')]).toEqual([200, String(LIMIT)])
    expect(stream.headers.get('ratelimit-remaining')).toBe(String(LIMIT - 1))
    expect(stream.headers.get('content-type')).toMatch('text/event-stream')
    const reader = stream.body?.getReader()
    await reader?.read()
    expect(told(await read(key))[1]).toBe(LIMIT - 2)
    aborting.abort()
    await reader?.closed.catch(() => undefined)
  })
})

describe('whoever presents keys that are none', () => {
  const guess = (from: string, key = mintApiKey().text) =>
    server.call({ url: '/v1/verdicts', headers: bearer(key), from })

  it('is refused after a while, and Postgres is not asked for them any more', async () => {
    const answers = []
    for (let call = 0; call < GUESSES * 3; call++) answers.push(await guess('203.0.113.7'))
    expect(answers.map(codeOf)).toEqual([
      ...Array(GUESSES).fill('key_unknown'),
      ...Array(GUESSES * 2).fill('keys_refused_too_often'),
    ])
    expect(
      answers.slice(-1).map(({ status, headers }) => [status, Number(headers['retry-after']) > 0]),
    ).toEqual([[429, true]])
    expect(asked).toHaveLength(GUESSES)
    expect(codeOf(await guess('203.0.113.8'))).toBe('key_unknown')
  })

  it('at once is refused as well: a look into Postgres is counted before it is made', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => guess('203.0.113.7')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(GUESSES)
    expect(asked).toHaveLength(GUESSES)
  })

  it.each<[string, () => string | undefined]>([
    ['none', () => undefined],
    ['one of no form', () => 'sk-1234'],
    ['a revoked one', () => aKey({ revokedAt: NOON })],
    ['an expired one', () => aKey({ expiresAt: NOON })],
  ])('is counted once a call: %s', async (_name, make) => {
    const key = make()
    const statuses = []
    for (let call = 0; call <= GUESSES; call++) {
      const headers = key === undefined ? {} : bearer(key)
      statuses.push((await server.call({ url: '/v1/verdicts', headers })).status)
    }
    expect(statuses).toEqual([...Array(GUESSES).fill(401), 429])
  })

  it('does not lock out the keys that are known there', async () => {
    const key = aKey()
    const from = '203.0.113.7'
    expect((await guess(from, key)).status).toBe(200)
    for (let call = 0; call < GUESSES * 2; call++) await guess(from)
    expect((await guess(from, key)).status).toBe(200)
  })

  it('in one network of IPv6 is one, whichever of its addresses speaks', async () => {
    const answers = []
    for (let call = 0; call <= GUESSES; call++) answers.push(await guess(`2001:db8:1:2::${call + 1}`))
    expect(answers.map(({ status }) => status)).toEqual([...Array(GUESSES).fill(401), 429])
    expect((await guess('2001:db8:1:3::1')).status).toBe(401)
  })

  it('is known by X-Forwarded-For behind a trusted proxy, and nowhere else', async () => {
    const through = (proxy: string, client: string) =>
      server.call({
        url: '/v1/verdicts',
        headers: { ...bearer(mintApiKey().text), 'x-forwarded-for': client },
        from: proxy,
      })
    await server.close()
    await open(['10.0.0.0/8'])
    const last = async (proxy: string) => {
      let status = 0
      for (let call = 0; call <= GUESSES; call++) ({ status } = await through(proxy, `203.0.113.${call}`))
      return status
    }
    expect(await last('10.1.2.3')).toBe(401)
    expect(await last('198.51.100.1')).toBe(429)
  })
})
