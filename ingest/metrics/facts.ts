/** What the parts of ingest say of themselves, as the figures that are shown of them. */
import type { Journal } from '../journal/journal.ts'
import type { Pacing } from '../pacing.ts'
import type { RunningReaders } from '../readers/start-readers.ts'
import type { MetricsFacts } from './show-facts.ts'

export interface FactsDeps {
  readonly journal: Pick<Journal, 'stats' | 'endOffset'>
  readonly readers: Pick<RunningReaders, 'ledger' | 'archive'>
  readonly pacing: Pick<Pacing, 'lagMs'>
  readonly journalBytesMax: number
}

export function factsOf({ journal, readers, pacing, journalBytesMax }: FactsDeps): MetricsFacts {
  const readerOf = (status: ReturnType<RunningReaders['ledger' | 'archive']>) => ({
    lagEvents: status.lagEvents,
    lagSeconds: pacing.lagMs(status) / 1_000,
    isFailing: status.lastError !== null,
  })
  return {
    journal: () => {
      const { bytesHeld, bytesPending } = journal.stats()
      return { bytesHeld, bytesPending, bytesMax: journalBytesMax, endOffset: journal.endOffset() }
    },
    ledger: () => {
      const status = readers.ledger()
      const { admitted, repeated } = status.totals
      return { ...readerOf(status), admitted, repeated }
    },
    archive: () => {
      const status = readers.archive()
      return { ...readerOf(status), archived: status.totals.archived }
    },
    dropped: () => ({
      journal_damaged: journal.stats().eventsMissing,
      not_countable: readers.ledger().totals.leftOut,
      not_archived: readers.archive().totals.missing,
    }),
  }
}
