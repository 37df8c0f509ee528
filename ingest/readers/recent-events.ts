/**
 * The events that were read last, in the order of their offsets, for whoever reads them next.
 * Invariant: bounded; what is given is exactly what reading the journal again would give.
 */
import type { JournaledEvent, ReadLimits } from '../journal/read-events.ts'

export interface RecentEvents {
  keep(events: readonly JournaledEvent[]): void
  /** From `fromOffset` on, up to `eventsMax` and to what is kept; none when the first is not kept. */
  take(fromOffset: number, limits: ReadLimits): readonly JournaledEvent[]
}

/** Several batches of the ledger, so that an archive that keeps up finds all that it needs. */
const BYTES_KEPT_MAX = 64 * 1024 * 1024

export function keepRecent(bytesMax = BYTES_KEPT_MAX): RecentEvents {
  const batches: (readonly JournaledEvent[])[] = []
  let bytesKept = 0
  return {
    keep(events) {
      const first = events[0]
      if (first === undefined) return
      const end = endOf(batches.at(-1))
      // A reader that goes back, or that skipped something: what lies between is not kept, so begin anew.
      if (end !== null && first.offset !== end) {
        if (first.offset < end) return
        batches.length = 0
        bytesKept = 0
      }
      batches.push(events)
      bytesKept += bytesOf(events)
      while (bytesKept > bytesMax && batches.length > 0) bytesKept -= bytesOf(batches.shift() ?? [])
    },
    take(fromOffset, { eventsMax: wanted }) {
      const taken: JournaledEvent[] = []
      for (const batch of batches) {
        const end = endOf(batch)
        if (end === null || end <= fromOffset) continue
        if (taken.length === 0 && (batch[0]?.offset ?? Number.POSITIVE_INFINITY) > fromOffset) break
        for (const event of batch) {
          if (event.offset < fromOffset) continue
          if (taken.length >= wanted) return taken
          taken.push(event)
        }
      }
      return taken
    },
  }
}

/** About what an event takes beside its two texts of free length. */
const EVENT_BYTES = 1_500

const bytesOf = (events: readonly JournaledEvent[]): number =>
  events.reduce(
    (sum, { event }) => sum + EVENT_BYTES + event.metadata.length + (event.rawUsage?.length ?? 0),
    0,
  )

const endOf = (batch: readonly JournaledEvent[] | undefined): number | null => {
  const last = batch?.at(-1)
  return last === undefined ? null : last.offset + 1
}
