/**
 * The figures of one ingest process for Prometheus: what the meter was told, and what is so when they are asked for.
 * Invariant: labels are members of closed sets, so that the number of series has a bound and no customer is named.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { REJECTION_CODES } from '../../core/event/rejection.ts'
import { COST_SOURCES, EVENT_SOURCES } from '../../core/event/usage-event.ts'
import { SPAN_REJECTION_CODES } from '../../core/otel/span-rejection.ts'
import { REDACTION_KINDS } from '../../core/redact/kinds.ts'
import { ERROR_CODES } from '../errors.ts'
import type { Meter } from './meter.ts'
import { type MetricsFacts, showFacts } from './show-facts.ts'

export interface Metrics extends Meter {
  /** Shows from now on how things are at the time somebody asks; once. */
  show(facts: MetricsFacts): void
  /** In the text format of Prometheus. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>
}

const ANSWER_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const COMMIT_SECONDS = [0.0005, ...ANSWER_SECONDS]
const COMMIT_EVENTS = [1, 10, 30, 100, 300, 1_000, 3_000, 10_000]

/** The process's own figures come with it: its event loop, memory, processor and garbage, over all of its threads. */
export function buildMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    ...countersIn(registry),
    ...timesIn(registry),
    ...streamsIn(registry),
    show: (facts) => showFacts(registry, facts),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

function countersIn(
  registry: Registry,
): Pick<Meter, 'taken' | 'rejected' | 'refused' | 'paced' | 'keyLookUpFailed'> {
  const taken = counterOf(registry, {
    name: 'events_accepted_total',
    help: 'Events on disk, by how they came.',
    label: 'source',
    members: EVENT_SOURCES,
  })
  const priced = counterOf(registry, {
    name: 'events_priced_total',
    help: 'Events on disk, by what their cost rests on.',
    label: 'cost_source',
    members: COST_SOURCES,
  })
  const redacted = counterOf(registry, {
    name: 'redactions_total',
    help: 'What redaction took out of events on disk, by kind.',
    label: 'kind',
    members: REDACTION_KINDS,
  })
  const rejected = counterOf(registry, {
    name: 'events_rejected_total',
    help: 'Events refused within a batch that was taken, by why.',
    label: 'code',
    members: [...REJECTION_CODES, ...SPAN_REJECTION_CODES],
  })
  const refused = counterOf(registry, {
    name: 'refusals_total',
    help: 'Calls refused, by the code that they were told.',
    label: 'code',
    members: ERROR_CODES,
  })
  const paced = new Counter({
    name: 'lens_ingest_paced_seconds_total',
    help: 'How long calls were held up because counting was late.',
    registers: [registry],
  })
  const lookUps = new Counter({
    name: 'lens_ingest_key_lookup_failures_total',
    help: 'Look-ups of API keys that Postgres did not answer; keys found lately work on.',
    registers: [registry],
  })
  return {
    taken: (batch) => {
      taken(batch.source, batch.events)
      for (const [costSource, count] of batch.byCostSource) priced(costSource, count)
      for (const [kind, count] of Object.entries(batch.redacted)) redacted(kind, count)
    },
    rejected: (byCode) => {
      for (const [code, count] of byCode) rejected(code, count)
    },
    refused: (code) => refused(code, 1),
    paced: (seconds) => paced.inc(seconds),
    keyLookUpFailed: () => lookUps.inc(),
  }
}

interface LabelledCounter {
  readonly name: string
  readonly help: string
  readonly label: string
  readonly members: readonly string[]
}

/** Every member is there from the start: what appears with its first count has no increase. */
function counterOf(registry: Registry, { name, help, label, members }: LabelledCounter) {
  const counter = new Counter({
    name: `lens_ingest_${name}`,
    help,
    labelNames: [label],
    registers: [registry],
  })
  for (const member of members) counter.inc({ [label]: member }, 0)
  return (member: string, count: number) => counter.inc({ [label]: member }, count)
}

function timesIn(registry: Registry): Pick<Meter, 'answered' | 'committed'> {
  const answers = new Histogram({
    name: 'lens_ingest_answer_seconds',
    help: 'From the headers of a call to its answer, by route and class of status; of a stream, to its beginning.',
    labelNames: ['route', 'status'],
    buckets: ANSWER_SECONDS,
    registers: [registry],
  })
  const commits = new Histogram({
    name: 'lens_ingest_journal_commit_seconds',
    help: 'How long one write to the journal waited for the disk.',
    buckets: COMMIT_SECONDS,
    registers: [registry],
  })
  const groups = new Histogram({
    name: 'lens_ingest_journal_commit_events',
    help: 'Events that shared one write to the journal.',
    buckets: COMMIT_EVENTS,
    registers: [registry],
  })
  return {
    answered: ({ route, status, seconds }) =>
      answers.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds),
    committed: ({ events, seconds }) => {
      commits.observe(seconds)
      groups.observe(events)
    },
  }
}

function streamsIn(registry: Registry): Pick<Meter, 'streamOpened' | 'streamClosed'> {
  const streams = new Gauge({
    name: 'lens_ingest_verdict_streams',
    help: 'Streams of verdicts that are open.',
    registers: [registry],
  })
  return { streamOpened: () => streams.inc(), streamClosed: () => streams.dec() }
}
