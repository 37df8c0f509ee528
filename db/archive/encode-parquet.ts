/**
 * Rows as the bytes of a Parquet file, encoded by ClickHouse: it reads rows that are sent along with the question and
 * answers with the file, touching no table. One encoding, for the object store and for the table alike.
 * Invariant: the file holds exactly the rows that were given, in their order, in one row group, which ClickHouse reads
 * back as one block: so a resend under the same token is recognised.
 */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ClickHouse } from '../clickhouse/open.ts'
import { EVENT_COLUMNS, ROW_COLUMNS } from '../event-rows/event-columns.ts'

const QUERY = `SELECT ${EVENT_COLUMNS.map(([name]) => name).join(', ')} FROM rows FORMAT Parquet`
const STRUCTURE = ROW_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')
const ROW_GROUP_ROWS = 100_000_000
/** What a Parquet file ends with. */
const MAGIC = 'PAR1'

/** `rows` are whole rows of encodeRows, at least one. */
export async function encodeParquet(clickhouse: ClickHouse, rows: readonly Buffer[]): Promise<Uint8Array> {
  if (rows.length === 0) throw new RangeError('a Parquet file of no events; there is nothing to archive')
  const boundary = randomUUID()
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="rows"; filename="rows"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    ...rows,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const { stream } = await clickhouse.exec({
    query: QUERY,
    values: Readable.from([body]),
    http_headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    clickhouse_settings: {
      rows_format: 'RowBinary',
      rows_structure: STRUCTURE,
      // One reader, so that rows stay in order.
      max_threads: 1,
      output_format_parquet_row_group_size: String(ROW_GROUP_ROWS),
      output_format_parquet_row_group_size_bytes: String(2 ** 40),
      output_format_parquet_string_as_string: 1,
      output_format_parquet_compression_method: 'zstd',
      output_format_parquet_version: '2.6',
      // A file is read whole or by its day and project; what would help to skip within it is not worth its making.
      output_format_parquet_write_page_index: 0,
      output_format_parquet_write_bloom_filter: 0,
      // Says nothing before the whole is encoded, so that half a file is never taken for one.
      wait_end_of_query: 1,
    },
  })
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  const file = Buffer.concat(chunks)
  if (file.toString('latin1', file.length - MAGIC.length) !== MAGIC) {
    throw new Error('ClickHouse answered with something else than a whole Parquet file')
  }
  return file
}
