/**
 * What ingest counts of its own work, as verbs: the server tells what happens, and knows nothing of how it is shown.
 * Invariant: nothing of a customer goes through here but numbers: no id, no name, no value.
 */
import type { CostSource, EventSource } from '../../core/event/usage-event.ts'
import type { SpanRejectionCode } from '../../core/otel/span-rejection.ts'
import type { RedactionCounts } from '../../core/redact/kinds.ts'
import type { ErrorCode } from '../errors.ts'
import type { Commit } from '../journal/group-commit.ts'

/** A batch that is on disk. */
export interface TakenBatch {
  readonly source: EventSource
  readonly events: number
  readonly byCostSource: ReadonlyMap<CostSource, number>
  readonly redacted: RedactionCounts
}

export interface AnsweredCall {
  /** As the route is written, never the path that was asked for. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

export interface Meter {
  taken(batch: TakenBatch): void
  /** Of a batch that was taken. */
  rejected(byCode: ReadonlyMap<SpanRejectionCode, number>): void
  refused(code: ErrorCode): void
  answered(call: AnsweredCall): void
  /** A write to the journal is on disk. */
  committed(commit: Commit): void
  paced(seconds: number): void
  /** Postgres did not say whose key it is. */
  keyLookUpFailed(): void
  streamOpened(): void
  streamClosed(): void
}

/** How many of a batch were rejected with each code. */
export function countByCode(
  rejected: readonly { readonly code: SpanRejectionCode }[],
): Map<SpanRejectionCode, number> {
  const byCode = new Map<SpanRejectionCode, number>()
  for (const { code } of rejected) byCode.set(code, (byCode.get(code) ?? 0) + 1)
  return byCode
}

/** For a server whose work nobody counts. */
export const NO_METER: Meter = {
  taken: () => undefined,
  rejected: () => undefined,
  refused: () => undefined,
  answered: () => undefined,
  committed: () => undefined,
  paced: () => undefined,
  keyLookUpFailed: () => undefined,
  streamOpened: () => undefined,
  streamClosed: () => undefined,
}
