/**
 * Reads the head of a row: what the ledger counts by and the archive sorts by, without the rest of the row.
 * Rows come from the journal, which has checked their checksum, so that what stands here was written by encodeRows.
 */
import { EVENT_SOURCES, type EventSource } from '../../core/event/usage-event.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { takeFlag, takeText } from './row-cursor.ts'

/** What a row of a call says to whoever counts it. */
export interface RowHead {
  readonly journalOffset: number
  readonly ts: Date
  readonly attempt: number
  readonly cost: NanoUsd | null
  readonly orgId: string
  readonly projectId: string
  readonly requestId: string
  readonly source: EventSource
  readonly providerResponseId: string | null
}

/** Where the texts of a row begin: behind the fixed numbers and the cost, which may be absent. */
export const textsAt = (row: Buffer): number => (row[COST_AT] === 0 ? COST_AT + 9 : COST_AT + 1)

const TS_AT = 8
const ATTEMPT_AT = 16
const COST_AT = 24
const TWO_TO_32 = 0x1_0000_0000

/** Throws a RangeError for bytes that are no row. */
export function readHead(row: Buffer): RowHead {
  const isPriced = row[COST_AT] === 0
  const cursor = { row, at: textsAt(row) }
  return {
    journalOffset: integerAt(row, 0),
    ts: new Date(integerAt(row, TS_AT)),
    attempt: integerAt(row, ATTEMPT_AT),
    cost: isPriced ? nanoUsd(row.readBigInt64LE(COST_AT + 1)) : null,
    orgId: takeText(cursor),
    projectId: takeText(cursor),
    requestId: takeText(cursor),
    source: sourceOf(takeText(cursor)),
    providerResponseId: takeFlag(cursor) ? null : takeText(cursor),
  }
}

const integerAt = (row: Buffer, at: number): number =>
  row.readInt32LE(at + 4) * TWO_TO_32 + row.readUInt32LE(at)

function sourceOf(text: string): EventSource {
  for (const source of EVENT_SOURCES) if (source === text) return source
  throw new RangeError('the source of a row is none that this version knows')
}
