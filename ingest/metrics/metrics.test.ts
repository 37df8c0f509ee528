import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { parseExposition } from '../../test/metrics/parse-exposition.ts'
import { buildIngest } from '../server.ts'
import { buildMetrics, type Metrics, type MetricsFacts } from './build-metrics.ts'
import { serveMetrics } from './serve-metrics.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const { text: key } = mintApiKey()
const READER = { lagEvents: 0, lagSeconds: 0, isFailing: false }
const aFacts = (changes: Partial<MetricsFacts> = {}): MetricsFacts => ({
  journal: () => ({
    ...{ bytesHeld: 1_000, bytesPending: 10, bytesMax: 4_096, endOffset: 7, commits: 3, commitSeconds: 0.5 },
  }),
  ledger: () => ({ ...READER, admitted: 5, repeated: 2 }),
  archive: () => ({ ...READER, archived: 5 }),
  dropped: () => ({ journal_damaged: 0, not_countable: 0, not_archived: 0 }),
  ...changes,
})

let full: boolean
let metrics: Metrics
let app: ReturnType<typeof buildIngest>
beforeEach(() => {
  full = false
  metrics = buildMetrics(aFacts())
  app = buildIngest({
    journal: {
      append: async () =>
        full ? { kind: 'full', reason: 'bytes_max' } : { kind: 'durable', firstOffset: 0 },
    },
    verdicts: {
      latest: () => Promise.reject(new Error('no verdict')),
      watch: () => () => undefined,
      status: () => ({ projects: 0, lastError: null }),
      close: async () => undefined,
    },
    keys: {
      lookUp: async (text) => (text === key ? { kind: 'known', key: aKnownKey() } : { kind: 'unknown' }),
    },
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
    now: () => NOON,
    log: pino({ level: 'silent' }),
    meter: metrics,
  })
})
afterEach(() => app.close())

const seriesOf = async (of: Pick<Metrics, 'expose'> = metrics) => parseExposition((await of.expose()).text)
const send = (...events: readonly Record<string, unknown>[]) =>
  app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: JSON.stringify({ events }),
  })

describe('the metrics of ingest', () => {
  it('say what was taken, rejected, priced and redacted, and how calls were answered', async () => {
    await send(
      aWireEvent(),
      aWireEvent({ request_id: 'r2', model: 'no-such-model' }),
      aWireEvent({ request_id: 'r3', metadata: { mail: 'ada@example.com' } }),
      aWireEvent({ request_id: 'r4', tokens_in: -1 }),
    )
    full = true
    await send(aWireEvent())
    await app.inject({ method: 'GET', url: '/nothing/here?of=ada@example.com' })
    const series = await seriesOf()
    expect(Object.fromEntries(series)).toMatchObject({
      'lens_ingest_events_accepted_total{source="sdk"}': 3,
      'lens_ingest_events_priced_total{cost_source="computed"}': 2,
      'lens_ingest_events_priced_total{cost_source="unpriced"}': 1,
      'lens_ingest_events_rejected_total{code="tokens_negative"}': 1,
      'lens_ingest_redactions_total{kind="email"}': 1,
      'lens_ingest_refusals_total{code="journal_full"}': 1,
      'lens_ingest_refusals_total{code="route_unknown"}': 1,
      'lens_ingest_answer_seconds_count{route="/v1/events",status="2xx"}': 1,
      'lens_ingest_answer_seconds_count{route="/v1/events",status="5xx"}': 1,
      'lens_ingest_answer_seconds_count{route="none",status="4xx"}': 1,
    })
  })

  it('say how the journal and its readers stand when they are asked', async () => {
    const stuck = { lagEvents: 1_234, lagSeconds: 61.5, isFailing: true }
    const facts = aFacts({
      archive: () => ({ ...stuck, archived: 4 }),
      dropped: () => ({ journal_damaged: 1, not_countable: 2, not_archived: 3 }),
    })
    const one = buildMetrics(facts)
    await one.expose()
    expect(Object.fromEntries(await seriesOf(one))).toMatchObject({
      lens_ingest_journal_bytes: 1_000,
      lens_ingest_journal_bytes_max: 4_096,
      lens_ingest_journal_events_total: 7,
      'lens_ingest_reader_lag_events{reader="archive"}': 1_234,
      'lens_ingest_reader_lag_seconds{reader="archive"}': 61.5,
      'lens_ingest_reader_failing{reader="archive"}': 1,
      'lens_ingest_reader_failing{reader="ledger"}': 0,
      lens_ingest_events_admitted_total: 5,
      lens_ingest_events_repeated_total: 2,
      'lens_ingest_events_dropped_total{reason="journal_damaged"}': 1,
      'lens_ingest_events_dropped_total{reason="not_countable"}': 2,
      'lens_ingest_events_dropped_total{reason="not_archived"}': 3,
    })
  })

  it('show every reason for a loss as 0 before there is one, so that an alert can be set on it', async () => {
    const dropped = [...(await seriesOf())].filter(([name]) => name.includes('_dropped_'))
    expect(dropped.map(([, value]) => value)).toEqual([0, 0, 0])
  })

  it('name no customer, and grow with no value that one sends', async () => {
    await send(aWireEvent())
    const before = [...(await seriesOf()).keys()].sort()
    const secrets = ['prj_1', 'org_1', 'key_1', key]
    for (let nth = 0; nth < 50; nth += 1) {
      const named = `zz-${nth}`
      secrets.push(named)
      await send(
        aWireEvent({ request_id: named, model: named, provider: named, route: named, user_id: named }),
      )
    }
    const { text } = await metrics.expose()
    for (const secret of secrets) expect(text).not.toContain(secret)
    const after = [...(await seriesOf()).keys()].sort()
    expect(after.filter((name) => !before.includes(name) && !/priced_total|nodejs_/.test(name))).toEqual([])
  })
})

describe('the port of metrics', () => {
  it('answers GET /metrics and nothing else', async () => {
    const served = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 })
    try {
      const answer = await fetch(served.url)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('text/plain'),
      ])
      expect(parseExposition(await answer.text()).size).toBeGreaterThan(20)
      expect((await fetch(served.url, { method: 'POST' })).status).toBe(404)
      expect((await fetch(new URL('/v1/events', served.url))).status).toBe(404)
    } finally {
      await served.close()
    }
  })

  it('is not the port of clients', async () => {
    expect((await app.inject({ method: 'GET', url: '/metrics' })).statusCode).toBe(404)
  })
})
