/** The rows of a record, whatever form it was written in, each with its offset. */
import { unreachable } from '../../core/unreachable.ts'
import { encodeRows, placeRow } from '../../db/event-rows/encode-rows.ts'
import { fromJournalLine } from './form-1/event-json.ts'
import { JournalError } from './journal-error.ts'
import { type JournalRecord, ROW_LENGTH_BYTES } from './record.ts'

export interface JournaledRow {
  readonly offset: number
  /** As encodeRows wrote it, at its place. */
  readonly row: Buffer
}

/** From `fromOffset` on. */
export function rowsOf(record: JournalRecord, fromOffset: number, journalId: string): JournaledRow[] {
  switch (record.form) {
    case 1:
      return rowsOfLines(record, fromOffset, journalId)
    case 2:
      return storedRows(record, fromOffset)
    default:
      return unreachable(record.form)
  }
}

function storedRows({ payload, firstOffset, eventCount }: JournalRecord, fromOffset: number): JournaledRow[] {
  const rows: JournaledRow[] = []
  let at = ROW_LENGTH_BYTES * eventCount
  for (let index = 0; index < eventCount; index += 1) {
    const end = at + payload.readUInt32LE(ROW_LENGTH_BYTES * index)
    const offset = firstOffset + index
    if (offset >= fromOffset) rows.push({ offset, row: payload.subarray(at, end) })
    at = end
  }
  return rows
}

/** Of a journal that a version before this one began: a version is upgraded without draining it. */
function rowsOfLines(
  { payload, firstOffset, eventCount }: JournalRecord,
  fromOffset: number,
  journalId: string,
): JournaledRow[] {
  const lines = payload.toString('utf8').split('\n')
  return lines.slice(0, eventCount).flatMap((line, index) => {
    const offset = firstOffset + index
    return offset < fromOffset ? [] : [{ offset, row: rowOfLine(line, offset, journalId) }]
  })
}

function rowOfLine(line: string, offset: number, journalId: string): Buffer {
  try {
    const { bytes } = encodeRows(journalId, [fromJournalLine(line)])
    placeRow(bytes, 0, offset)
    return bytes
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    throw new JournalError(error.code, `journal offset ${offset}: ${error.message}`, { cause: error })
  }
}
