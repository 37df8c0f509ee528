import { connect } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { aFacts } from '../../test/metrics/a-facts.ts'
import { parseExposition } from '../../test/metrics/parse-exposition.ts'
import { knownKeys } from '../keys/known-keys.ts'
import { buildIngest } from '../server.ts'
import { knownVerdict } from '../verdicts/known-verdict.ts'
import { buildMetrics, type Metrics } from './build-metrics.ts'
import type { MetricsFacts } from './show-facts.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const now = () => NOON
const log = pino({ level: 'silent' })
const [{ text: key }, { text: lostKey }] = [mintApiKey(), mintApiKey()]
function metricsOf(facts: MetricsFacts): Metrics {
  const built = buildMetrics()
  built.show(facts)
  return built
}

let full: boolean
let metrics: Metrics
let app: ReturnType<typeof buildIngest>
beforeEach(() => {
  full = false
  metrics = metricsOf(aFacts())
  app = buildIngest({
    journal: {
      append: async () =>
        full ? { kind: 'full', reason: 'bytes_max' } : { kind: 'durable', firstOffset: 0 },
    },
    verdicts: {
      latest: () => Promise.reject(new Error('no verdict')),
      current: () => null,
      watch: (_project, send) => {
        send(
          knownVerdict(
            { project_id: 'prj_1', allowed: true, as_of: NOON.toISOString(), budgets: [], stops: [] },
            () => 0,
          ),
        )
        return () => undefined
      },
      status: () => ({ projects: 0, lastError: null }),
      close: async () => undefined,
    },
    keys: knownKeys({
      find: async (text) => {
        if (text === lostKey) throw new Error('connection refused')
        return text === key ? aKnownKey({ scopes: ['ingest', 'verdicts'] }) : null
      },
      touch: async () => undefined,
      onFailed: metrics.keyLookUpFailed,
      ...{ now, log },
    }),
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
    ...{ now, log },
    meter: metrics,
  })
})
afterEach(() => app.close())

const seriesOf = async (of: Pick<Metrics, 'expose'> = metrics) => parseExposition((await of.expose()).text)
const ours = async (of?: Metrics) =>
  Object.fromEntries([...(await seriesOf(of))].filter(([name]) => name.startsWith('lens_')))
const post = (url: string, body: unknown, authorization = `Bearer ${key}`) =>
  app.inject({
    ...{ method: 'POST', url },
    headers: { authorization, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
const send = (...events: readonly Record<string, unknown>[]) => post('/v1/events', { events })
const personal = (changes: Record<string, unknown>) =>
  aWireEvent({ metadata: { mail: 'ada@example.com', other: 'bob@example.com' }, ...changes })
const aSpan = (spanId: string, attributes: Readonly<Record<string, string>>) => ({
  ...{ traceId: '5b8efff798038103d269b633813fc60c', spanId, name: 'chat' },
  ...{ startTimeUnixNano: `${NOON.getTime()}000000`, endTimeUnixNano: `${NOON.getTime() + 5}000000` },
  attributes: Object.entries(attributes).map(([name, value]) => ({
    key: name,
    value: /^\d+$/.test(value) ? { intValue: value } : { stringValue: value },
  })),
})
const sendSpans = (...spans: readonly object[]) =>
  post('/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })

describe('the metrics of ingest', () => {
  it('say what was taken, rejected and priced, and how calls were answered', async () => {
    await send(
      aWireEvent(),
      aWireEvent({ request_id: 'r2', model: 'no-such-model' }),
      aWireEvent({ request_id: 'r4', tokens_in: -1 }),
      aWireEvent({ request_id: 'r5', tokens_in: -1 }),
    )
    full = true
    await send(aWireEvent())
    await app.inject({ method: 'GET', url: '/nothing/here?of=ada@example.com' })
    expect(await ours()).toMatchObject({
      'lens_ingest_events_accepted_total{source="sdk"}': 2,
      'lens_ingest_events_priced_total{cost_source="computed"}': 1,
      'lens_ingest_events_priced_total{cost_source="unpriced"}': 1,
      'lens_ingest_events_rejected_total{code="tokens_negative"}': 2,
      'lens_ingest_refusals_total{code="journal_full"}': 1,
      'lens_ingest_refusals_total{code="route_unknown"}': 1,
      'lens_ingest_answer_seconds_count{route="/v1/events",status="2xx"}': 1,
      'lens_ingest_answer_seconds_count{route="/v1/events",status="5xx"}': 1,
      'lens_ingest_answer_seconds_count{route="none",status="4xx"}': 1,
    })
  })

  it('tell events by how they came, and say why spans were not counted', async () => {
    const usage = { 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '5' }
    const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' }
    await sendSpans(
      aSpan('eee19b7ec3c1b174', { ...chat, ...usage }),
      aSpan('eee19b7ec3c1b175', chat),
      aSpan('eee19b7ec3c1b176', { 'gen_ai.operation.name': 'dream', ...usage }),
      aSpan('no-hex', { ...chat, ...usage }),
    )
    await post('/v1/litellm', ['no payload'])
    expect(await ours()).toMatchObject({
      'lens_ingest_events_accepted_total{source="otlp"}': 1,
      'lens_ingest_events_accepted_total{source="sdk"}': 0,
      'lens_ingest_events_rejected_total{code="usage_missing"}': 1,
      'lens_ingest_events_rejected_total{code="operation_unknown"}': 1,
      'lens_ingest_events_rejected_total{code="span_unidentified"}': 1,
      'lens_ingest_events_rejected_total{code="event_not_object"}': 1,
    })
  })

  it('count what redaction took out of events that were taken, and of no others', async () => {
    await send(personal({ request_id: 'a' }), personal({ request_id: 'b' }), aWireEvent())
    full = true
    await send(personal({ request_id: 'c' }))
    expect(await ours()).toMatchObject({ 'lens_ingest_redactions_total{kind="email"}': 4 })
  })

  it('count look-ups of keys that Postgres did not answer', async () => {
    await post('/v1/events', { events: [] }, `Bearer ${lostKey}`)
    await post('/v1/events', { events: [] }, 'Bearer lens_unknown')
    expect(await ours()).toMatchObject({
      lens_ingest_key_lookup_failures_total: 1,
      'lens_ingest_refusals_total{code="unavailable"}': 1,
      'lens_ingest_refusals_total{code="key_unknown"}': 1,
    })
  })

  it('count what never became a call', async () => {
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(port), '127.0.0.1').end('no HTTP\r\n\r\n')
    await new Promise((resolve) => socket.resume().once('close', resolve))
    expect(await ours()).toMatchObject({ 'lens_ingest_refusals_total{code="request_malformed"}': 1 })
  })

  it('show streams while they are open, each answered when it begins', async () => {
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const headers = { authorization: `Bearer ${key}` }
    const stop = new AbortController()
    const stream = await fetch(`${url}/v1/verdicts/stream`, { headers, signal: stop.signal })
    const answered = 'lens_ingest_answer_seconds_count{route="/v1/verdicts/stream",status="2xx"}'
    expect(stream.status).toBe(200)
    expect(await ours()).toMatchObject({ lens_ingest_verdict_streams: 1, [answered]: 1 })
    stop.abort()
    await expect.poll(async () => (await ours()).lens_ingest_verdict_streams).toBe(0)
    expect(await ours()).toMatchObject({ [answered]: 1 })
  })

  it('say how the journal writes, and how it and its readers stand when they are asked', async () => {
    const stuck = { lagEvents: 1_234, lagSeconds: 61.5, isFailing: true }
    const one = metricsOf(
      aFacts({
        archive: () => ({ ...stuck, archived: 4 }),
        dropped: () => ({ journal_damaged: 1, not_countable: 2, not_archived: 3 }),
      }),
    )
    one.committed({ events: 250, seconds: 0.004 })
    one.committed({ events: 1, seconds: 2 })
    await one.expose()
    expect(await ours(one)).toMatchObject({
      'lens_ingest_journal_commit_seconds_bucket{le="0.005"}': 1,
      lens_ingest_journal_commit_seconds_count: 2,
      lens_ingest_journal_commit_events_sum: 251,
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

  it('show every count as 0 before there is one, so that an alert sees the first', async () => {
    const before = await ours()
    const counters = Object.entries(before).filter(([name]) => /_total\{/.test(name))
    expect(counters.length).toBeGreaterThan(50)
    expect(counters.filter(([, count]) => count !== 0)).toEqual([])
    await send(personal({ model: 'no-such-model', status: 'error' }), aWireEvent({ tokens_in: -1 }))
    const newCounters = Object.keys(await ours()).filter(
      (name) => !(name in before) && !/_seconds/.test(name),
    )
    expect(newCounters).toEqual([])
  })

  it('belong to one server: another in the same process has its own', async () => {
    await send(aWireEvent())
    const accepted = 'lens_ingest_events_accepted_total{source="sdk"}'
    expect([(await ours())[accepted], (await ours(metricsOf(aFacts())))[accepted]]).toEqual([1, 0])
  })
})

describe('whatever customers send', () => {
  it('names none of them in the metrics, and makes no new series', async () => {
    const everywhere = (named: string) =>
      Promise.all([
        send(
          aWireEvent({
            ...{ request_id: named, model: named, provider: named, route: named, user_id: named },
            ...{
              environment: named,
              session_id: named,
              tags: { [named]: named },
              metadata: { [named]: named },
            },
          }),
          { [named]: named },
          aWireEvent({ request_id: `${named}-`, status: named }),
        ),
        sendSpans(
          aSpan('eee19b7ec3c1b174', { 'gen_ai.operation.name': named, 'gen_ai.request.model': named }),
        ),
        post('/v1/litellm', [{ id: named, model: named, call_type: named }]),
        post('/v1/events', { events: [aWireEvent()] }, `Bearer ${named}`),
        app.inject({ method: 'GET', url: `/v1/${named}?${named}=${named}`, headers: { [named]: named } }),
        app.inject({ method: 'DELETE', url: `/v1/events/${named}` }),
      ])
    await everywhere('zz-first')
    const before = Object.keys(await ours())
    const secrets = ['zz-first', 'prj_1', 'org_1', 'key_1', key]
    for (let nth = 0; nth < 30; nth += 1) {
      secrets.push(`zz-${nth}-th`)
      await everywhere(`zz-${nth}-th`)
    }
    const { text } = await metrics.expose()
    for (const secret of secrets) expect(text).not.toContain(secret)
    expect(Object.keys(await ours())).toEqual(before)
  })
})

it('metrics are not served on the port of clients', async () => {
  expect((await app.inject({ method: 'GET', url: '/metrics' })).statusCode).toBe(404)
})
