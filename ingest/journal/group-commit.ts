/**
 * Group commit: all appends that arrived while the disk was busy become one record and share its one sync.
 * Invariant: an append is answered `durable` only after its record is synced, in the order of arrival; after a write
 * error nothing is acknowledged any more.
 */
import type { EncodedRows } from '../../db/event-rows/encode-rows.ts'
import { JournalError } from './journal-error.ts'
import { RECORD_HEADER_BYTES, ROW_LENGTH_BYTES } from './record.ts'
import type { JournalLog } from './recover.ts'
import type { SegmentWriter } from './segment-writer.ts'

/** `pending`: more is waiting for the disk than may wait. */
export type AppendOutcome =
  | { readonly kind: 'durable'; readonly firstOffset: number }
  | { readonly kind: 'full'; readonly reason: 'bytes_max' | 'no_space' | 'pending' }

export interface GroupCommit {
  append(rows: EncodedRows): Promise<AppendOutcome>
  pendingBytes(): number
  /** Resolves when nothing is pending. */
  drain(): Promise<void>
}

export interface GroupCommitDeps {
  readonly writer: SegmentWriter
  readonly endOffset: () => number
  readonly onDurable: () => void
  readonly onCommit: (commit: Commit) => void
  readonly log: JournalLog
}

/** One record that was written and synced. */
export interface Commit {
  readonly events: number
  readonly seconds: number
}

/** Enough to fill a disk's bandwidth, small enough to be read back in one piece. */
const GROUP_BYTES_MAX = 1024 * 1024

interface PendingAppend {
  readonly rows: EncodedRows
  readonly resolve: (outcome: AppendOutcome) => void
  readonly reject: (error: JournalError) => void
}

export function buildGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const queue: PendingAppend[] = []
  let pendingBytes = 0
  let broken: JournalError | null = null
  let flushing: Promise<void> | null = null

  async function flush(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together share the first record too.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const group = takeGroup(queue)
      await commit(group)
      for (const append of group) pendingBytes -= recordBytes(append.rows)
    }
    flushing = null
  }

  async function commit(group: readonly PendingAppend[]): Promise<void> {
    if (broken) return rejectAll(group, broken)
    const beganAtOffset = deps.endOffset()
    const beganAtMs = performance.now()
    try {
      const written = await deps.writer.write(group.map((append) => append.rows))
      if (written === 'no_space') {
        for (const append of group) append.resolve({ kind: 'full', reason: 'no_space' })
        return
      }
    } catch (error) {
      broken = brokenBy(error)
      deps.log.error({ err: error }, broken.message)
      return rejectAll(group, broken)
    }
    const seconds = (performance.now() - beganAtMs) / 1_000
    let firstOffset = beganAtOffset
    for (const append of group) {
      append.resolve({ kind: 'durable', firstOffset })
      firstOffset += append.rows.lengths.length
    }
    deps.onDurable()
    deps.onCommit({ events: firstOffset - beganAtOffset, seconds })
  }

  return {
    append: (rows) =>
      new Promise((resolve, reject) => {
        queue.push({ rows, resolve, reject })
        pendingBytes += recordBytes(rows)
        flushing ??= flush()
      }),
    pendingBytes: () => pendingBytes,
    drain: async () => {
      while (flushing !== null) await flushing
    },
  }
}

/** Counted as if it became a record of its own, so that the limit holds however the groups fall. */
export const recordBytes = ({ bytes, lengths }: EncodedRows): number =>
  RECORD_HEADER_BYTES + ROW_LENGTH_BYTES * lengths.length + bytes.length

function takeGroup(queue: PendingAppend[]): PendingAppend[] {
  let bytes = 0
  const until = queue.findIndex((append, index) => {
    bytes += append.rows.bytes.length
    return index > 0 && bytes > GROUP_BYTES_MAX
  })
  return queue.splice(0, until === -1 ? queue.length : until)
}

function rejectAll(group: readonly PendingAppend[], error: JournalError): void {
  for (const append of group) append.reject(error)
}

function brokenBy(cause: unknown): JournalError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new JournalError(
    'journal_broken',
    `the journal could not be written (${why}); nothing is accepted until the disk is well and the process restarted`,
    { cause },
  )
}
