/**
 * What ingest counts of its own work, as verbs: the server tells what happens, and knows nothing of how it is shown.
 * Invariant: nothing of a customer goes through here but numbers: no id, no name, no value.
 */
import type { RejectionCode } from '../../core/event/rejection.ts'
import type { CostSource, EventSource } from '../../core/event/usage-event.ts'
import type { RedactionCounts } from '../../core/redact/kinds.ts'
import type { ErrorCode } from '../errors.ts'

/** A batch that is on disk. */
export interface TakenBatch {
  readonly source: EventSource
  readonly events: number
  readonly byCostSource: ReadonlyMap<CostSource, number>
}

export interface AnsweredCall {
  /** As the route is written, never the path that was asked for. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

export interface Meter {
  taken(batch: TakenBatch): void
  rejected(code: RejectionCode | 'span_not_counted', events: number): void
  redacted(counts: RedactionCounts): void
  refused(code: ErrorCode): void
  answered(call: AnsweredCall): void
  paced(seconds: number): void
  streamOpened(): void
  streamClosed(): void
}

/** For a server whose work nobody counts. */
export const NO_METER: Meter = {
  taken: () => undefined,
  rejected: () => undefined,
  redacted: () => undefined,
  refused: () => undefined,
  answered: () => undefined,
  paced: () => undefined,
  streamOpened: () => undefined,
  streamClosed: () => undefined,
}
