/** What a journal holds, as the events that were appended, for tests that compare them. */
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { fromJournalLine } from '../../ingest/journal/form-1/event-json.ts'
import type { Journal } from '../../ingest/journal/journal.ts'
import { decodeRow } from '../events/decode-row.ts'
import { lineOfForm1 } from './form-1.ts'

export const KEEP_ALL = { eventsMax: 1_000_000, bytesMax: 1_000_000_000 }

export interface JournaledEvent {
  readonly offset: number
  readonly event: PricedEvent
}

export async function journaledFrom(
  journal: Pick<Journal, 'journalId' | 'read'>,
  fromOffset: number,
  limits = KEEP_ALL,
): Promise<JournaledEvent[]> {
  const rows = await journal.read(fromOffset, limits)
  return rows.map(({ offset, row }) => {
    const { journalId, journalOffset, ...event } = decodeRow(row)
    if (journalId !== journal.journalId || journalOffset !== offset) {
      throw new Error(`the row at ${offset} says that it is at ${journalOffset} of ${journalId}`)
    }
    // A reader that checks each field, and shares nothing with the one that wrote the row.
    return { offset, event: fromJournalLine(lineOfForm1(event)) }
  })
}
