/** How long after its acknowledgement an event was counted, from samples of both sides. */
import type { Mark } from './loads.ts'

/** A moment at which a store was seen to hold so many events of the run. */
export interface Seen {
  readonly atMs: number
  readonly events: number
}

/**
 * For each mark, how long until the store held as many events as the mark counts, in ascending order. A mark counts
 * what was on its way too, of which the order in the journal is not known: so each is an upper bound.
 * What was never seen took for ever.
 */
export function lagsOf(marks: readonly Mark[], seen: readonly Seen[], acknowledged: number): number[] {
  let next = 0
  const lags = marks.map(({ atMs, events }) => {
    const wanted = Math.min(events, acknowledged)
    while (next < seen.length && (seen[next]?.events ?? 0) < wanted) next += 1
    const moment = seen[next]
    return moment === undefined ? Number.POSITIVE_INFINITY : Math.max(0, moment.atMs - atMs)
  })
  return lags.sort((a, b) => a - b)
}
