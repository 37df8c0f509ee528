/**
 * A record: what one fsync made durable, as one unit with one checksum, so that a crash keeps or loses it whole.
 *
 *     u32 mark | u32 crc32 of all that follows | u32 payload bytes | u64 first offset | u32 event count | payload
 *
 * The mark's last byte is the form of the payload. Form 2: the length of each row as a u32, then the rows
 * (db/event-rows). Form 1, of versions before: one JSON line per event, each ended by a newline. A row may hold the
 * bytes of a mark; what makes a record is its checksum, with which the next one is found again after damage.
 */
import { crc32 } from 'node:zlib'
import { type EncodedRows, placeRow } from '../../db/event-rows/encode-rows.ts'

export const RECORD_HEADER_BYTES = 24
/** A row's length in the payload. */
export const ROW_LENGTH_BYTES = 4
const MARK = Buffer.from([0xff, 0x4c, 0x4a])
const FORM_AT = 3
const FORMS = [1, 2] as const
export type RecordForm = (typeof FORMS)[number]

export interface JournalRecord {
  readonly form: RecordForm
  readonly firstOffset: number
  readonly eventCount: number
  readonly payload: Buffer
}

/** The rows of all appends as one record, each row told its offset. */
export function encodeRecord(firstOffset: number, appends: readonly EncodedRows[]): Buffer {
  const eventCount = appends.reduce((sum, { lengths }) => sum + lengths.length, 0)
  const rowBytes = appends.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const record = Buffer.allocUnsafe(RECORD_HEADER_BYTES + ROW_LENGTH_BYTES * eventCount + rowBytes)
  MARK.copy(record, 0)
  record[FORM_AT] = 2
  record.writeUInt32LE(record.length - RECORD_HEADER_BYTES, 8)
  record.writeBigUInt64LE(BigInt(firstOffset), 12)
  record.writeUInt32LE(eventCount, 20)
  let lengthAt = RECORD_HEADER_BYTES
  let rowAt = RECORD_HEADER_BYTES + ROW_LENGTH_BYTES * eventCount
  let offset = firstOffset
  for (const { bytes, lengths } of appends) {
    bytes.copy(record, rowAt)
    for (const length of lengths) {
      record.writeUInt32LE(length, lengthAt)
      placeRow(record, rowAt, offset)
      lengthAt += ROW_LENGTH_BYTES
      rowAt += length
      offset += 1
    }
  }
  record.writeUInt32LE(checksumOf(record.subarray(8), 2), 4)
  return record
}

export type DecodedRecord =
  | { readonly kind: 'record'; readonly record: JournalRecord; readonly end: number }
  /** It claims to go on past these bytes, up to `end`. */
  | { readonly kind: 'short'; readonly end: number }
  | { readonly kind: 'bad' }

export function decodeRecord(bytes: Buffer, position: number): DecodedRecord {
  const payloadFrom = position + RECORD_HEADER_BYTES
  if (payloadFrom > bytes.length) return { kind: 'short', end: payloadFrom }
  const form = FORMS.find((known) => known === bytes[position + FORM_AT])
  if (form === undefined || !bytes.subarray(position, position + MARK.length).equals(MARK)) {
    return { kind: 'bad' }
  }
  const end = payloadFrom + bytes.readUInt32LE(position + 8)
  if (end > bytes.length) return { kind: 'short', end }
  if (checksumOf(bytes.subarray(position + 8, end), form) !== bytes.readUInt32LE(position + 4)) {
    return { kind: 'bad' }
  }
  const record = {
    form,
    firstOffset: Number(bytes.readBigUInt64LE(position + 12)),
    eventCount: bytes.readUInt32LE(position + 20),
    payload: bytes.subarray(payloadFrom, end),
  }
  return { kind: 'record', record, end }
}

/** Begun with the form, which stands before what is checked: a record is never read in another form than its own. */
const checksumOf = (bytes: Buffer, form: RecordForm): number => crc32(bytes, form === 1 ? 0 : form)

/** The position of the next whole record at or after `from`; null if there is none. */
export function findRecord(bytes: Buffer, from: number): number | null {
  let position = bytes.indexOf(MARK, from)
  while (position !== -1) {
    if (decodeRecord(bytes, position).kind === 'record') return position
    position = bytes.indexOf(MARK, position + 1)
  }
  return null
}
