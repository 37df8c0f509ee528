/**
 * A record: what one fsync made durable, as one unit with one checksum, so that a crash keeps or loses it whole.
 *
 *     u32 mark | u32 crc32 of all that follows | u32 payload bytes | u64 first offset | u32 event count | payload
 *
 * The payload is one JSON line per event, each ended by a newline. Its UTF-8 holds no byte 0xff, with which the mark
 * begins: so the next record is found again after damage. The mark's last byte is the version of this form.
 */
import { crc32 } from 'node:zlib'

export const RECORD_HEADER_BYTES = 24
const MARK = Buffer.from([0xff, 0x4c, 0x4a, 0x01])
const NEWLINE = 0x0a

export interface JournalRecord {
  readonly firstOffset: number
  readonly eventCount: number
  readonly payload: Buffer
}

export function encodeRecord(record: Omit<JournalRecord, 'payload'>, lines: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_BYTES)
  const bytes = Buffer.concat([header, ...lines])
  MARK.copy(bytes, 0)
  bytes.writeUInt32LE(bytes.length - RECORD_HEADER_BYTES, 8)
  bytes.writeBigUInt64LE(BigInt(record.firstOffset), 12)
  bytes.writeUInt32LE(record.eventCount, 20)
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4)
  return bytes
}

export type DecodedRecord =
  | { readonly kind: 'record'; readonly record: JournalRecord; readonly end: number }
  /** It claims to go on past these bytes, up to `end`. */
  | { readonly kind: 'short'; readonly end: number }
  | { readonly kind: 'bad' }

export function decodeRecord(bytes: Buffer, position: number): DecodedRecord {
  const payloadFrom = position + RECORD_HEADER_BYTES
  if (payloadFrom > bytes.length) return { kind: 'short', end: payloadFrom }
  if (!bytes.subarray(position, position + MARK.length).equals(MARK)) return { kind: 'bad' }
  const end = payloadFrom + bytes.readUInt32LE(position + 8)
  if (end > bytes.length) return { kind: 'short', end }
  if (crc32(bytes.subarray(position + 8, end)) !== bytes.readUInt32LE(position + 4)) return { kind: 'bad' }
  const record = {
    firstOffset: Number(bytes.readBigUInt64LE(position + 12)),
    eventCount: bytes.readUInt32LE(position + 20),
    payload: bytes.subarray(payloadFrom, end),
  }
  return { kind: 'record', record, end }
}

/** The position of the next whole record at or after `from`; null if there is none. */
export function findRecord(bytes: Buffer, from: number): number | null {
  let position = bytes.indexOf(MARK, from)
  while (position !== -1) {
    if (decodeRecord(bytes, position).kind === 'record') return position
    position = bytes.indexOf(MARK, position + 1)
  }
  return null
}

/** The lines of a record's events from `fromOffset` on, each with its offset and its bytes, newline included. */
export function* linesOf(record: JournalRecord, fromOffset: number) {
  let start = 0
  for (let index = 0; index < record.eventCount; index += 1) {
    const newline = record.payload.indexOf(NEWLINE, start)
    const end = newline === -1 ? record.payload.length : newline
    const offset = record.firstOffset + index
    if (offset >= fromOffset) {
      yield { offset, bytes: end + 1 - start, line: record.payload.toString('utf8', start, end) }
    }
    start = end + 1
  }
}
