/** What ingest tells its metrics of a moment at which all is well, for tests. */
import type { MetricsFacts } from '../../ingest/metrics/show-facts.ts'

const READER = { lagEvents: 0, lagSeconds: 0, isFailing: false }
export const aFacts = (changes: Partial<MetricsFacts> = {}): MetricsFacts => ({
  journal: () => ({ bytesHeld: 1_000, bytesPending: 10, bytesMax: 4_096, endOffset: 7 }),
  ledger: () => ({ ...READER, admitted: 5, repeated: 2 }),
  archive: () => ({ ...READER, archived: 5 }),
  dropped: () => ({ journal_damaged: 0, not_countable: 0, not_archived: 0 }),
  ...changes,
})
