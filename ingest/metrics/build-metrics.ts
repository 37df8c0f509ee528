/**
 * The figures of one ingest process for Prometheus: what the meter was told, and what is so when they are asked for.
 * Invariant: labels are members of closed sets, so that the number of series has a bound and no customer is named.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter } from './meter.ts'

/** What is read when somebody asks. */
export interface MetricsFacts {
  readonly journal: () => JournalFacts
  readonly ledger: () => ReaderFacts & { readonly admitted: number; readonly repeated: number }
  readonly archive: () => ReaderFacts & { readonly archived: number }
  /** Acknowledged events that are in no store and never will be, by what took them: all must be 0 for good. */
  readonly dropped: () => Readonly<Record<DropReason, number>>
}

export interface JournalFacts {
  readonly bytesHeld: number
  readonly bytesPending: number
  readonly bytesMax: number
  readonly endOffset: number
  readonly commits: number
  readonly commitSeconds: number
}

export interface ReaderFacts {
  readonly lagEvents: number
  readonly lagSeconds: number
  readonly isFailing: boolean
}

export const DROP_REASONS = ['journal_damaged', 'not_countable', 'not_archived'] as const
export type DropReason = (typeof DROP_REASONS)[number]

export interface Metrics extends Meter {
  /** In the text format of Prometheus. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function buildMetrics(facts: MetricsFacts): Metrics {
  const registers = [new Registry()] as const
  const [registry] = registers
  collectDefaultMetrics({ register: registry })
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `lens_ingest_${name}`, help, labelNames: [...labelNames], registers: [registry] })
  gaugesOf(registry, facts)

  const taken = counter('events_accepted_total', 'Events on disk, by how they came.', ['source'])
  const priced = counter('events_priced_total', 'Events on disk, by what their cost rests on.', [
    'cost_source',
  ])
  const rejected = counter('events_rejected_total', 'Events refused by name within a batch that was taken.', [
    'code',
  ])
  const redacted = counter('redactions_total', 'What redaction took out of events, by kind.', ['kind'])
  const refused = counter('refusals_total', 'Calls refused, by the code that they were told.', ['code'])
  const paced = counter('paced_seconds_total', 'How long calls were held up because counting was late.')
  const answers = new Histogram({
    name: 'lens_ingest_answer_seconds',
    help: 'From the headers of a call to its answer, by route and class of status.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  const streams = new Gauge({
    name: 'lens_ingest_verdict_streams',
    help: 'Streams of verdicts that are open.',
    registers: [registry],
  })

  return {
    taken: ({ source, events, byCostSource }) => {
      taken.inc({ source }, events)
      for (const [costSource, count] of byCostSource) priced.inc({ cost_source: costSource }, count)
    },
    rejected: (code, events) => rejected.inc({ code }, events),
    redacted: (counts) => {
      for (const [kind, count] of Object.entries(counts)) redacted.inc({ kind }, count)
    },
    refused: (code) => refused.inc({ code }),
    answered: ({ route, status, seconds }) =>
      answers.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds),
    paced: (seconds) => paced.inc(seconds),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

/** Read when they are asked for, so that nothing is counted twice. */
function gaugesOf(registry: Registry, facts: MetricsFacts): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `lens_ingest_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('journal_bytes', 'Bytes that the journal holds.', () => facts.journal().bytesHeld)
  gauge(
    'journal_bytes_max',
    'Bytes that the journal may hold; full, it answers 503.',
    () => facts.journal().bytesMax,
  )
  gauge('journal_pending_bytes', 'Bytes that wait for the disk.', () => facts.journal().bytesPending)
  totalOf(registry, 'journal_events_total', 'Events that the journal has taken since it was made.', () => [
    [{}, facts.journal().endOffset],
  ])
  totalOf(registry, 'journal_commits_total', 'Writes that were waited for by the disk.', () => [
    [{}, facts.journal().commits],
  ])
  totalOf(registry, 'journal_commit_seconds_total', 'What those waited for the disk.', () => [
    [{}, facts.journal().commitSeconds],
  ])
  totalOf(registry, 'events_admitted_total', 'Events that count.', () => [[{}, facts.ledger().admitted]])
  totalOf(registry, 'events_repeated_total', 'Events that were counted before.', () => [
    [{}, facts.ledger().repeated],
  ])
  totalOf(registry, 'events_archived_total', 'Events in Parquet and in ClickHouse.', () => [
    [{}, facts.archive().archived],
  ])
  totalOf(
    registry,
    'events_dropped_total',
    'Acknowledged events that are lost, by what took them: 0 for good.',
    () => DROP_REASONS.map((reason) => [{ reason }, facts.dropped()[reason]]),
  )
  readerGauges(registry, facts)
}

function readerGauges(registry: Registry, facts: MetricsFacts): void {
  const of = (name: string, help: string, read: (reader: ReaderFacts) => number) =>
    new Gauge({
      name: `lens_ingest_reader_${name}`,
      help,
      labelNames: ['reader'],
      registers: [registry],
      collect() {
        this.set({ reader: 'ledger' }, read(facts.ledger()))
        this.set({ reader: 'archive' }, read(facts.archive()))
      },
    })
  of('lag_events', 'Events that a reader of the journal has not passed.', ({ lagEvents }) => lagEvents)
  of('lag_seconds', 'The age of the oldest of them.', ({ lagSeconds }) => lagSeconds)
  of('failing', '1 while the last try of a reader failed.', ({ isFailing }) => (isFailing ? 1 : 0))
}

type Series = readonly [labels: Readonly<Record<string, string>>, value: number]

/** A counter that somebody else keeps. */
function totalOf(registry: Registry, name: string, help: string, read: () => readonly Series[]): void {
  new Counter({
    name: `lens_ingest_${name}`,
    help,
    labelNames: [...new Set(read().flatMap(([labels]) => Object.keys(labels)))],
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of read()) this.inc(labels, value)
    },
  })
}
