/**
 * Reads a row as ClickHouse's RowBinary is documented, into the event that it was written from. Written from the names
 * and types of the columns, not from the encoder, so that a swapped field shows.
 */
import { ROW_COLUMNS } from '../../db/event-rows/event-columns.ts'
import { eventOfRow } from './event-of-row.ts'

/** The event as a plain object, with its place, to be compared with the one that was encoded. */
export function decodeRow(row: Buffer): Record<string, unknown> {
  const cursor = { row, at: 0 }
  const values = Object.fromEntries(ROW_COLUMNS.map(([name, type]) => [name, take(cursor, type)]))
  if (cursor.at !== row.length) throw new Error(`the row has ${row.length - cursor.at} bytes too many`)
  return eventOfRow(values)
}

interface Cursor {
  readonly row: Buffer
  at: number
}

function take(cursor: Cursor, type: string): unknown {
  const inner = /^Nullable\((.*)\)$/.exec(type)?.[1]
  if (inner !== undefined) return takeByte(cursor) === 1 ? null : take(cursor, inner)
  if (type === 'String') return takeText(cursor)
  if (type === 'Bool') return takeByte(cursor) === 1
  if (type === 'Int64') return takeInteger(cursor)
  if (type.startsWith('DateTime64(3')) return new Date(Number(takeInteger(cursor)))
  if (type !== 'Map(String, String)') throw new Error(`no reading of ${type} is known`)
  const entries = Array.from({ length: takeVarint(cursor) }, () => [takeText(cursor), takeText(cursor)])
  return Object.fromEntries(entries)
}

function takeByte(cursor: Cursor): number {
  const byte = cursor.row.readUInt8(cursor.at)
  cursor.at += 1
  return byte
}

function takeInteger(cursor: Cursor): bigint {
  const value = cursor.row.readBigInt64LE(cursor.at)
  cursor.at += 8
  return value
}

function takeVarint(cursor: Cursor): number {
  const byte = takeByte(cursor)
  return byte < 0x80 ? byte : (byte & 0x7f) + 0x80 * takeVarint(cursor)
}

function takeText(cursor: Cursor): string {
  const bytes = takeVarint(cursor)
  cursor.at += bytes
  return cursor.row.toString('utf8', cursor.at - bytes, cursor.at)
}
