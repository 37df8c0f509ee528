/** Events whose place is known, as rows of their own: what is archived without having been in a journal of ours. */
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { encodeRows, placeRow } from './encode-rows.ts'

export const placedRows = (events: readonly ArchivedEvent[]): Buffer[] =>
  events.map((event) => {
    const { bytes } = encodeRows(event.journalId, [event])
    placeRow(bytes, 0, event.journalOffset)
    return bytes
  })
