/** The description of the API against the API: all that is there is described, and nothing else. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { type Called, type IngestServer, openServer } from '../../test/ingest/a-server.ts'
import { type Described, describedBy } from '../../test/ingest/described.ts'
import { noManaging } from '../../test/ingest/no-managing.ts'
import { knownVerdict } from '../verdicts/known-verdict.ts'
import { routesDescribed } from './document.ts'
import { HOLDS } from './holds.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const key = mintApiKey().text

let server: IngestServer
let document: Record<string, unknown>
let described: Described
beforeAll(async () => {
  server = await openServer(() => NOON, {
    manage: noManaging,
    find: async (text) => (text === key ? aKnownKey({ scopes: ['ingest', 'verdicts'] }) : null),
    verdicts: {
      latest: async (projectId) =>
        knownVerdict(
          { project_id: projectId, allowed: true, as_of: NOON.toISOString(), budgets: [], stops: [] },
          () => 0,
        ),
      current: () => null,
      watch: () => () => undefined,
      status: () => ({ projects: 0, lastError: null }),
      close: () => Promise.resolve(),
    },
  })
  const answer = await server.call({ url: '/openapi.json' })
  expect(answer.status).toBe(200)
  document = JSON.parse(answer.bytes.toString())
  described = describedBy(document)
})
afterAll(() => server.close())

const wordsOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const inDocument = () =>
  Object.entries(document.paths as Record<string, object>)
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .sort()

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validated = await new Validator().validate(structuredClone(document))
    expect(validated).toMatchObject({ valid: true })
    expect(document.openapi).toBe('3.1.0')
  })

  it('describes every call that there is, and no other', () => {
    const there = server.routes().map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
    expect(inDocument()).toEqual(there.filter((route) => !route.startsWith('HEAD ')).sort())
  })

  it('has a table with nothing that is not there', () => {
    const holds = new Set(routesDescribed(HOLDS).map(wordsOf))
    const isWithHolds = inDocument().some((route) => holds.has(route))
    const expected = routesDescribed()
      .map(wordsOf)
      .filter((route) => isWithHolds || !holds.has(route))
    expect(inDocument()).toEqual(expected.sort())
  })

  it('names each call and each reference once', () => {
    const text = JSON.stringify(document)
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(text).toContain(`"${name}":{`)
    }
  })

  it('is what clients are answered', async () => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const post = (url: string, sent: unknown): Called & { sent: unknown } => ({
      method: 'POST',
      url,
      headers,
      body: JSON.stringify(sent),
      sent,
    })
    const calls: (Called & { sent?: unknown })[] = [
      post('/v1/events', { events: [aWireEvent({ ts: NOON.toISOString() })] }),
      { ...post('/v1/events', { events: [aWireEvent({ tokens_in: -1 })] }), sent: undefined },
      post('/v1/traces', { resourceSpans: [] }),
      post('/v1/litellm', [{ id: 'x' }]),
      post('/v1/metrics', { resourceMetrics: [] }),
      post('/v1/logs', { resourceLogs: [] }),
      { url: '/v1/verdicts', headers },
      { url: '/v1/verdicts' },
      { url: '/v1/verdicts/stream' },
      { url: '/v1/budgets', headers },
      { url: '/healthz' },
      { url: '/readyz' },
      { url: '/openapi.json' },
    ]
    for (const { sent, ...called } of calls) {
      const { status, headers: given, bytes } = await server.call(called)
      const type = typeof given['content-type'] === 'string' ? given['content-type'] : null
      const { method = 'GET', url } = called
      expect(described.problemsOf({ method, url, sent, status, type, body: bytes.toString() })).toEqual([])
    }
  })
})
