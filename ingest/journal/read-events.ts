/** Reading durable events by offset, over segments, from the middle of a record if need be. */
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { fromJournalLine } from './event-json.ts'
import { JournalError } from './journal-error.ts'
import { type JournalRecord, linesOf } from './record.ts'
import { recordsOf, type Segment } from './segment.ts'

export interface JournaledEvent {
  readonly offset: number
  readonly event: PricedEvent
}

export interface ReadLimits {
  readonly eventsMax: number
  /** Of the stored form; one event is returned even if it alone is larger. */
  readonly bytesMax: number
}

export async function readEvents(
  segments: readonly Segment[],
  fromOffset: number,
  limits: ReadLimits,
): Promise<readonly JournaledEvent[]> {
  const held = { from: segments[0]?.firstOffset ?? 0, until: segments.at(-1)?.endOffset ?? 0 }
  if (fromOffset < held.from) throw released(fromOffset, held.from)
  if (fromOffset > held.until) throw ahead(fromOffset, held.until)
  const events: JournaledEvent[] = []
  let bytes = 0
  for await (const record of recordsFrom(segments, fromOffset)) {
    for (const line of linesOf(record, fromOffset)) {
      bytes += line.bytes
      if (events.length > 0 && bytes > limits.bytesMax) return events
      events.push({ offset: line.offset, event: decode(line.offset, line.line) })
      if (events.length >= limits.eventsMax) return events
    }
  }
  return events
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

function decode(offset: number, line: string): PricedEvent {
  try {
    return fromJournalLine(line)
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    throw new JournalError(error.code, `journal offset ${offset}: ${error.message}`, { cause: error })
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
