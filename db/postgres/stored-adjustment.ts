/** An adjustment as jsonb, until the archive has it. Its texts hold nothing that jsonb cannot: ingest refused that. */
import type { Adjustment } from '../../core/event/adjustment.ts'
import { nanoUsd } from '../../core/money.ts'

export type NumberedAdjustment = Adjustment & { readonly journalId: string; readonly journalOffset: number }

export type StoredAdjustment = Omit<NumberedAdjustment, 'ts' | 'receivedAt' | 'cost' | 'reportedCost'> & {
  readonly ts: string
  readonly receivedAt: string
  /** Whole nano-dollars, as JSON has no integers of 64 bits. */
  readonly cost: string | null
}

export const toDbAdjustment = ({ reportedCost: _, ...event }: NumberedAdjustment): StoredAdjustment => ({
  ...event,
  ts: event.ts.toISOString(),
  receivedAt: event.receivedAt.toISOString(),
  cost: event.cost === null ? null : event.cost.toString(),
})

export const fromDbAdjustment = (stored: StoredAdjustment): NumberedAdjustment => ({
  ...stored,
  ts: new Date(stored.ts),
  receivedAt: new Date(stored.receivedAt),
  cost: stored.cost === null ? null : nanoUsd(BigInt(stored.cost)),
  // What a provider reported is the call's alone.
  reportedCost: null,
})
