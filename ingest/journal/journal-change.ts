/**
 * What changes in a journal, for those who read its folder from another thread: told once it is durable, in order.
 * Plain data, so that it can be posted.
 */
import type { RecordPlace, RecordRange, Segment } from './segment.ts'

export type JournalChange =
  /** A new last segment; empty so far. */
  | { readonly kind: 'rotated'; readonly segment: Segment }
  /** A record in the last segment. */
  | { readonly kind: 'recorded'; readonly record: RecordRange; readonly place: RecordPlace }
  /** The segments that end at or below the offset are gone. */
  | { readonly kind: 'released'; readonly beforeOffset: number }
