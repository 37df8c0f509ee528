/**
 * A segment: one file of records, named by the first offset it can hold; only the last one is written to.
 * Invariant: `bytes` and `endOffset` cover durable records only, so that a reader never sees what a crash could undo.
 */
import { open } from 'node:fs/promises'
import path from 'node:path'
import { JournalError } from './journal-error.ts'
import { decodeRecord, type JournalRecord, RECORD_HEADER_BYTES } from './record.ts'

export interface Segment {
  readonly path: string
  readonly firstOffset: number
  endOffset: number
  bytes: number
  /** Where some of the records begin, ascending; not all, to keep memory small. */
  readonly marks: SegmentMark[]
  /** Ranges of bytes that were set aside as corrupt, ascending. */
  readonly holes: ByteRange[]
}

export interface SegmentMark {
  readonly offset: number
  readonly position: number
}

/** Half-open: `[from, until)`. */
export interface ByteRange {
  readonly from: number
  readonly until: number
}

const MARK_EVERY_BYTES = 64 * 1024
/** Holds a full group of appends whole (group-commit.ts). */
const WINDOW_BYTES = 2 * 1024 * 1024
const NAME = /^(\d{16})\.journal$/

export function newSegment(dir: string, firstOffset: number): Segment {
  const name = `${firstOffset.toString().padStart(16, '0')}.journal`
  return { path: path.join(dir, name), firstOffset, endOffset: firstOffset, bytes: 0, marks: [], holes: [] }
}

/** The offset in a segment's file name; null for a file that is no segment. */
export function segmentOffsetOf(fileName: string): number | null {
  const digits = NAME.exec(fileName)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Which events a record holds. */
export interface RecordRange {
  readonly firstOffset: number
  readonly eventCount: number
}

/** Where in its segment a record lies, in bytes. */
export interface RecordPlace {
  readonly position: number
  readonly end: number
}

/** Takes a record, durable at `place`, into the segment. */
export function noteRecord(segment: Segment, record: RecordRange, place: RecordPlace): void {
  const last = segment.marks.at(-1)
  if (last === undefined || place.position - last.position >= MARK_EVERY_BYTES) {
    segment.marks.push({ offset: record.firstOffset, position: place.position })
  }
  segment.endOffset = record.firstOffset + record.eventCount
  segment.bytes = place.end
}

/** The segment's records, from the one that holds `fromOffset` or an earlier one, to its end. */
export async function* recordsOf(segment: Segment, fromOffset: number): AsyncGenerator<JournalRecord> {
  let position = markBefore(segment, fromOffset)
  const file = await open(segment.path, 'r')
  try {
    let windowBytes = WINDOW_BYTES
    while (position < segment.bytes) {
      const hole = segment.holes.find((candidate) => candidate.until > position)
      if (hole && hole.from <= position) {
        position = hole.until
        continue
      }
      const bytesMax = (hole?.from ?? segment.bytes) - position
      const window = Buffer.allocUnsafe(Math.min(windowBytes, bytesMax))
      const { bytesRead } = await file.read(window, 0, window.length, position)
      const { records, end, bytesWanted } = decodeAll(window.subarray(0, bytesRead))
      const enough = window.length === bytesMax || window.length >= bytesWanted
      if (end === 0 && (enough || bytesRead < window.length)) throw corruptAt(segment, position)
      yield* records
      position += end
      windowBytes = Math.max(WINDOW_BYTES, bytesWanted)
    }
  } finally {
    await file.close()
  }
}

/** The whole records at the beginning of the bytes, and how many bytes the next one wants. */
function decodeAll(bytes: Buffer): { records: JournalRecord[]; end: number; bytesWanted: number } {
  const records: JournalRecord[] = []
  let end = 0
  while (end < bytes.length) {
    const decoded = decodeRecord(bytes, end)
    if (decoded.kind === 'bad') return { records, end, bytesWanted: RECORD_HEADER_BYTES }
    if (decoded.kind === 'short') return { records, end, bytesWanted: decoded.end - end }
    records.push(decoded.record)
    end = decoded.end
  }
  return { records, end, bytesWanted: RECORD_HEADER_BYTES }
}

function markBefore(segment: Segment, offset: number): number {
  let low = 0
  let high = segment.marks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((segment.marks[middle]?.offset ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return segment.marks[low - 1]?.position ?? 0
}

const corruptAt = (segment: Segment, position: number): JournalError =>
  new JournalError(
    'journal_corrupt',
    `${segment.path} is damaged at byte ${position}; start the process again to set the damage aside`,
  )
