/**
 * Appends archived events, as the bytes that the object store holds too.
 * Invariant: the same token counts once, however often it is sent and whatever was inserted in between, for as long
 * as the table remembers it (the last 10,000 blocks, see migrations/0001-events.sql).
 */
import { Readable } from 'node:stream'
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import type { ClickHouse } from './open.ts'

export interface EventsInsert {
  readonly parquet: Uint8Array
  /** Names these bytes and no others, such as their object key. */
  readonly deduplicationToken: string
}

/** An answered insert is written. A file is one block per month it touches, up to the bounds below. */
export async function insertEvents(clickhouse: ClickHouse, insert: EventsInsert): Promise<void> {
  const { stream } = await clickhouse.exec({
    query: 'INSERT INTO events FORMAT Parquet',
    values: Readable.from([insert.parquet]),
    clickhouse_settings: {
      insert_deduplication_token: insert.deduplicationToken,
      insert_deduplicate: 1,
      async_insert: 0,
      // Blocks are numbered under the token, so a resend must be cut into the same blocks: one, read in order.
      max_insert_threads: '1',
      min_insert_block_size_rows: '10000000',
      min_insert_block_size_bytes: '0',
      input_format_parquet_preserve_order: 1,
      wait_end_of_query: 1,
    },
  })
  // The answer is empty, but its socket is free only once it was read.
  for await (const _chunk of stream);
}

/** Whether this very event, as this journal archived it, is there. */
export async function holdsEvent(
  clickhouse: ClickHouse,
  event: Pick<ArchivedEvent, 'orgId' | 'projectId' | 'ts' | 'journalId' | 'journalOffset'>,
): Promise<boolean> {
  const { orgId, projectId, ts, journalId, journalOffset } = event
  const result = await clickhouse.query({
    query: `SELECT count() AS held FROM events
      WHERE org_id = {orgId:String} AND project_id = {projectId:String} AND ts = {ts:DateTime64(3, 'UTC')}
        AND journal_id = {journalId:String} AND journal_offset = {journalOffset:Int64}`,
    query_params: { orgId, projectId, ts, journalId, journalOffset },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ held: string }>()
  return row !== undefined && Number(row.held) > 0
}
