/** Reading durable rows by offset, over segments, from the middle of a record if need be. */
import { JournalError } from './journal-error.ts'
import type { JournalRecord } from './record.ts'
import { type JournaledRow, rowsOf } from './rows-of-record.ts'
import { recordsOf, type Segment } from './segment.ts'

export interface ReadLimits {
  readonly eventsMax: number
  /** Of the stored form; one event is returned even if it alone is larger. */
  readonly bytesMax: number
}

export async function readRows(
  { journalId, segments }: { readonly journalId: string; readonly segments: readonly Segment[] },
  fromOffset: number,
  limits: ReadLimits,
): Promise<readonly JournaledRow[]> {
  const held = { from: segments[0]?.firstOffset ?? 0, until: segments.at(-1)?.endOffset ?? 0 }
  if (fromOffset < held.from) throw released(fromOffset, held.from)
  if (fromOffset > held.until) throw ahead(fromOffset, held.until)
  const rows: JournaledRow[] = []
  let bytes = 0
  for await (const record of recordsFrom(segments, fromOffset)) {
    for (const row of rowsOf(record, fromOffset, journalId)) {
      bytes += row.row.length
      if (rows.length > 0 && bytes > limits.bytesMax) return rows
      rows.push(row)
      if (rows.length >= limits.eventsMax) return rows
    }
  }
  return rows
}

async function* recordsFrom(segments: readonly Segment[], fromOffset: number): AsyncGenerator<JournalRecord> {
  for (const segment of segments.filter((candidate) => candidate.endOffset > fromOffset)) {
    try {
      yield* recordsOf(segment, fromOffset)
    } catch (error) {
      // The segment was released while this reader was on its way to it.
      if (!segments.includes(segment)) throw released(fromOffset, segments[0]?.firstOffset ?? 0)
      throw error
    }
  }
}

const released = (fromOffset: number, startOffset: number): JournalError =>
  new JournalError(
    'journal_offset_released',
    `offset ${fromOffset} was released; the journal begins at ${startOffset}`,
  )

const ahead = (fromOffset: number, endOffset: number): JournalError =>
  new JournalError(
    'journal_offset_ahead',
    `offset ${fromOffset} is past the journal's end at ${endOffset}: its folder is older than what was read from it`,
  )
