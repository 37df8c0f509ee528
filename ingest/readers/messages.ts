/** What the server's thread and the readers' thread tell each other: plain data, posted in order. */
import type { ArchiveStatus } from '../archive/run-archive.ts'
import type { JournalChange } from '../journal/journal-change.ts'
import type { Segment } from '../journal/segment.ts'
import type { LedgerStatus } from '../ledger/run-ledger.ts'

/** What the readers' thread begins with. */
export interface ReadersSetup {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly objectStoreUrl: string
  readonly logLevel: string
  readonly journalId: string
  readonly segments: readonly Segment[]
}

export type ToReaders =
  | { readonly kind: 'changed'; readonly change: JournalChange }
  /** Read up to the journal's end if that is done in `drainMs`, then end. */
  | { readonly kind: 'stop'; readonly drainMs: number }

export interface ReadersStatus {
  readonly ledger: Omit<LedgerStatus, 'lagEvents'>
  readonly archive: Omit<ArchiveStatus, 'lagEvents'>
}

export type FromReaders =
  | { readonly kind: 'status'; readonly status: ReadersStatus }
  /** Every reader has passed the offset. */
  | { readonly kind: 'release'; readonly beforeOffset: number }
  /** The folder is an older copy: nothing appended to it from now on would be counted. */
  | { readonly kind: 'behind'; readonly message: string }
