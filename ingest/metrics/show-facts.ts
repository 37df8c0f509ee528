/** Figures that are read when somebody asks for them, from the part that keeps them, so that nothing is counted twice. */
import { Counter, Gauge, type Registry } from 'prom-client'

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
}

export interface ReaderFacts {
  readonly lagEvents: number
  readonly lagSeconds: number
  readonly isFailing: boolean
}

export const DROP_REASONS = ['journal_damaged', 'not_countable', 'not_archived'] as const
export type DropReason = (typeof DROP_REASONS)[number]

export function showFacts(registry: Registry, facts: MetricsFacts): void {
  showJournal(registry, facts.journal)
  showReaders(registry, facts)
  const total = (name: string, help: string, read: () => number) =>
    showTotals(registry, { name, help, labelNames: [] }, () => [[{}, read()]])
  total('events_admitted_total', 'Events that count.', () => facts.ledger().admitted)
  total('events_repeated_total', 'Events that were counted before.', () => facts.ledger().repeated)
  total('events_archived_total', 'Events in Parquet and in ClickHouse.', () => facts.archive().archived)
  const dropped = {
    name: 'events_dropped_total',
    help: 'Acknowledged events that are lost, by what took them: 0 for good.',
    labelNames: ['reason'],
  }
  showTotals(registry, dropped, () => {
    const byReason = facts.dropped()
    return DROP_REASONS.map((reason) => [{ reason }, byReason[reason]])
  })
}

function showJournal(registry: Registry, journal: MetricsFacts['journal']): void {
  const gauge = (name: string, help: string, read: (facts: JournalFacts) => number) =>
    new Gauge({
      name: `lens_ingest_journal_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read(journal()))
      },
    })
  gauge('bytes', 'Bytes that the journal holds.', ({ bytesHeld }) => bytesHeld)
  gauge('bytes_max', 'Bytes that the journal may hold; full, it answers 503.', ({ bytesMax }) => bytesMax)
  gauge('pending_bytes', 'Bytes that wait for the disk.', ({ bytesPending }) => bytesPending)
  const taken = 'Events that the journal has taken since it was made: the offset of its end.'
  showTotals(registry, { name: 'journal_events_total', help: taken, labelNames: [] }, () => [
    [{}, journal().endOffset],
  ])
}

function showReaders(registry: Registry, facts: MetricsFacts): void {
  const gauge = (name: string, help: string, read: (reader: ReaderFacts) => number) =>
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
  gauge('lag_events', 'Events that a reader of the journal has not passed.', ({ lagEvents }) => lagEvents)
  const age = 'How long ago the oldest of them was taken; since the start, for what was there before.'
  gauge('lag_seconds', age, ({ lagSeconds }) => lagSeconds)
  gauge('failing', '1 while the last try of a reader failed.', ({ isFailing }) => (isFailing ? 1 : 0))
}

type Series = readonly [labels: Readonly<Record<string, string>>, value: number]

interface Total {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
}

/** Counters that somebody else keeps. */
function showTotals(
  registry: Registry,
  { name, help, labelNames }: Total,
  read: () => readonly Series[],
): void {
  new Counter({
    name: `lens_ingest_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of read()) this.inc(labels, value)
    },
  })
}
