/**
 * The journal as another thread reads it: the segments as they were told, the bytes from the files themselves.
 * What was read lately is kept for the next reader, so that a row is read from the disk once for the ledger and the archive.
 * Invariant: only what the journal said to be durable is read.
 */

import { unreachable } from '../../core/unreachable.ts'
import type { JournalChange } from '../journal/journal-change.ts'
import { type ReadLimits, readRows } from '../journal/read-rows.ts'
import type { JournaledRow } from '../journal/rows-of-record.ts'
import { noteRecord, type Segment } from '../journal/segment.ts'
import { buildWaiters } from '../journal/waiters.ts'
import { keepRecent } from './recent-rows.ts'

export interface MirrorJournal {
  readonly journalId: string
  apply(change: JournalChange): void
  /** As the journal's own; rejects with a JournalError for offsets that are not held. */
  read(fromOffset: number, limits: ReadLimits): Promise<readonly JournaledRow[]>
  endOffset(): number
  waitForMore(fromOffset: number, options: { timeoutMs: number; signal?: AbortSignal }): Promise<void>
}

export function mirrorJournal(journalId: string, given: readonly Segment[]): MirrorJournal {
  const segments = [...given]
  const endOffset = () => segments.at(-1)?.endOffset ?? 0
  const waiters = buildWaiters(endOffset)
  const recent = keepRecent()
  return {
    journalId,
    apply(change) {
      switch (change.kind) {
        case 'rotated':
          segments.push(change.segment)
          return
        case 'recorded': {
          const last = segments.at(-1)
          if (last) noteRecord(last, change.record, change.place)
          waiters.wake(endOffset())
          return
        }
        case 'released':
          while (isReleased(segments, change.beforeOffset)) segments.shift()
          return
        default:
          unreachable(change)
      }
    },
    async read(fromOffset, limits) {
      const kept = recent.take(fromOffset, limits)
      if (kept.length > 0) return kept
      const rows = await readRows({ journalId, segments }, fromOffset, limits)
      recent.keep(rows)
      return rows
    },
    endOffset,
    waitForMore: (fromOffset, options) => waiters.wait(fromOffset, options),
  }
}

/** The last segment is never released: it is being written. */
const isReleased = (segments: readonly Segment[], beforeOffset: number): boolean =>
  segments.length > 1 && (segments[0]?.endOffset ?? Number.POSITIVE_INFINITY) <= beforeOffset
