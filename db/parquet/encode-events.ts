/**
 * The one encoding of archived events: the bytes of a Parquet file, for the object store and for ClickHouse alike.
 * Invariant: the same events in the same order are the same bytes, so a resend can be recognised as one.
 */
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { EVENT_COLUMNS, EVENT_SCHEMA } from './event-columns.ts'

/** One row group whatever the size: ClickHouse then reads the rows in order, and cuts them into the same blocks. */
export function encodeEvents(rows: readonly ArchivedEvent[]): Uint8Array {
  if (rows.length === 0) throw new RangeError('a Parquet file of no events; there is nothing to archive')
  const file = parquetWriteBuffer({
    schema: [...EVENT_SCHEMA],
    columnData: EVENT_COLUMNS.map(({ name, pick }) => ({ name, data: rows.map(pick) })),
    rowGroupSize: rows.length,
    createdBy: 'lensai',
  })
  return new Uint8Array(file)
}
