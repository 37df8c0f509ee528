/**
 * The rows that were read last, in the order of their offsets, for whoever reads them next.
 * Invariant: bounded; what is given is exactly what reading the journal again would give.
 */
import type { ReadLimits } from '../journal/read-rows.ts'
import type { JournaledRow } from '../journal/rows-of-record.ts'

export interface RecentRows {
  keep(rows: readonly JournaledRow[]): void
  /** From `fromOffset` on, up to `eventsMax` and to what is kept; none when the first is not kept. */
  take(fromOffset: number, limits: ReadLimits): readonly JournaledRow[]
}

/** Several batches of the ledger, so that an archive that keeps up finds all that it needs. */
const BYTES_KEPT_MAX = 64 * 1024 * 1024

export function keepRecent(bytesMax = BYTES_KEPT_MAX): RecentRows {
  const batches: (readonly JournaledRow[])[] = []
  let bytesKept = 0
  return {
    keep(rows) {
      const first = rows[0]
      if (first === undefined) return
      const end = endOf(batches.at(-1))
      // A reader that goes back, or that skipped something: what lies between is not kept, so begin anew.
      if (end !== null && first.offset !== end) {
        if (first.offset < end) return
        batches.length = 0
        bytesKept = 0
      }
      batches.push(rows)
      bytesKept += bytesOf(rows)
      while (bytesKept > bytesMax && batches.length > 0) bytesKept -= bytesOf(batches.shift() ?? [])
    },
    take(fromOffset, { eventsMax: wanted }) {
      const taken: JournaledRow[] = []
      for (const batch of batches) {
        const end = endOf(batch)
        if (end === null || end <= fromOffset) continue
        if (taken.length === 0 && (batch[0]?.offset ?? Number.POSITIVE_INFINITY) > fromOffset) break
        for (const row of batch) {
          if (row.offset < fromOffset) continue
          if (taken.length >= wanted) return taken
          taken.push(row)
        }
      }
      return taken
    },
  }
}

/** What a row takes beside its bytes: an object, and a view of the buffer that it is a part of. */
const ROW_BYTES = 200

const bytesOf = (rows: readonly JournaledRow[]): number =>
  rows.reduce((sum, { row }) => sum + ROW_BYTES + row.length, 0)

const endOf = (batch: readonly JournaledRow[] | undefined): number | null => {
  const last = batch?.at(-1)
  return last === undefined ? null : last.offset + 1
}
