/**
 * Events as rows of ClickHouse's RowBinary, in the columns of ROW_COLUMNS: what the journal keeps, what the ledger reads
 * the head of, and what becomes the archive's file without being decoded on the way.
 * Invariant: a row is written whole or refused by the name of the field; the same event at the same place is the same bytes.
 */
import { type Adjusts, callsOf, unpricedCallsOf } from '../../core/event/adjustment.ts'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { TOKEN_CLASSES } from '../../core/usage/token-laws.ts'
import { RowBytes } from './row-bytes.ts'

export type EventOfRow = PricedEvent & { readonly adjusts?: Adjusts }

export interface EncodedRows {
  /** One after another. */
  readonly bytes: Buffer
  /** Of each row, in bytes. */
  readonly lengths: Uint32Array
}

/** A field that no row can hold, such as a count that is no whole number. */
export class UnwritableEvent extends RangeError {}

const scratch = new RowBytes()

/** Rows at offset 0, until `placeRow` says where each belongs. Throws an UnwritableEvent. */
export function encodeRows(journalId: string, events: readonly EventOfRow[]): EncodedRows {
  scratch.clear()
  const lengths = new Uint32Array(events.length)
  for (let index = 0; index < events.length; index++) {
    const event = events[index]
    if (event === undefined) continue
    const from = scratch.length()
    writeHead(scratch, event)
    writeCaller(scratch, event)
    writeUsage(scratch, event)
    writeCost(scratch, event)
    writeTrace(scratch, event)
    writeCount(scratch, event, journalId)
    lengths[index] = scratch.length() - from
  }
  return { bytes: scratch.copy(), lengths }
}

/** Writes a row's place into it: its offset is what it begins with. */
export function placeRow(bytes: Buffer, position: number, journalOffset: number): void {
  bytes.writeBigInt64LE(BigInt(journalOffset), position)
}

function writeHead(out: RowBytes, event: EventOfRow): void {
  out.integer(0)
  out.integer(whole('ts', event.ts.getTime()))
  out.integer(whole('attempt', event.attempt))
  out.nullableBigInteger(event.cost)
  out.text(event.orgId)
  out.text(event.projectId)
  out.text(event.requestId)
  out.text(event.source)
  out.nullableText(event.providerResponseId)
}

function writeCaller(out: RowBytes, event: EventOfRow): void {
  out.text(event.apiKeyId)
  out.text(event.environment)
  out.nullableText(event.userId)
  out.nullableText(event.route)
  out.nullableText(event.sessionId)
  out.text(event.provider)
  out.text(event.model)
  out.nullableText(event.serviceTier)
}

function writeUsage(out: RowBytes, { tokens, tokensEstimated, rawUsage }: EventOfRow): void {
  for (const name of TOKEN_CLASSES) out.integer(whole(name, tokens[name]))
  out.flag(tokensEstimated)
  out.nullableText(rawUsage)
}

function writeCost(out: RowBytes, event: EventOfRow): void {
  out.text(event.costSource)
  out.nullableText(event.priceVersion)
  out.nullableBigInteger(event.reportedCost)
  out.integer(whole('latencyMs', event.latencyMs))
  out.nullableInteger(event.ttftMs === null ? null : whole('ttftMs', event.ttftMs))
  out.flag(event.streamed)
  out.text(event.status)
}

function writeTrace(out: RowBytes, event: EventOfRow): void {
  out.nullableText(event.traceId)
  out.nullableText(event.spanId)
  out.textMap(event.tags)
  out.text(event.metadata)
}

function writeCount(out: RowBytes, event: EventOfRow, journalId: string): void {
  out.flag(event.sampled)
  out.integer(whole('receivedAt', event.receivedAt.getTime()))
  out.text(journalId)
  out.nullableText(event.adjusts?.requestId ?? null)
  out.integer(callsOf(event))
  out.integer(unpricedCallsOf(event))
}

/** A broken count is refused here, not rounded into the archive. */
function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new UnwritableEvent(`event field ${name} is ${value}; it must be a whole number`)
}
