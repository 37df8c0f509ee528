/** The archive file, encoded by the real ClickHouse and read back by a reader that shares no code with it. */
import fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arbitraryArchivedEvent, arbitraryRow } from '../../test/events/archived-event.ts'
import { eventOfRow } from '../../test/events/event-of-row.ts'
import { readParquetRows } from '../../test/events/read-parquet.ts'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from '../clickhouse/open.ts'
import { EVENT_COLUMNS } from '../event-rows/event-columns.ts'
import { placedRows } from '../event-rows/placed-rows.ts'
import { encodeParquet } from './encode-parquet.ts'

let fresh: FreshClickHouse
let clickhouse: ClickHouse
beforeAll(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
})
afterAll(async () => {
  await clickhouse.close()
  await fresh.drop()
})

const someEvents = fc.array(arbitraryRow, { minLength: 1, maxLength: 30 })

describe('an archive file', () => {
  it('holds the events as they went in, in their order, whatever their fields hold', async () => {
    await fc.assert(
      fc.asyncProperty(someEvents, async (events) => {
        const rows = await readParquetRows(await encodeParquet(clickhouse, placedRows(events)))
        expect(rows.map(eventOfRow)).toEqual(events)
      }),
      { numRuns: 30 },
    )
  })

  it('is the same bytes for the same rows', async () => {
    const rows = placedRows(fc.sample(arbitraryRow, 200))
    expect(await encodeParquet(clickhouse, rows)).toEqual(await encodeParquet(clickhouse, rows))
  })

  it('is one row group in the order of the rows, however many, with a column for each fact by name', async () => {
    const events = fc
      .sample(arbitraryArchivedEvent, 1)
      .flatMap((event) => Array.from({ length: 70_000 }, (_, journalOffset) => ({ ...event, journalOffset })))
    const file = await encodeParquet(clickhouse, placedRows(events))
    const metadata = parquetMetadata(Uint8Array.from(file).buffer)
    expect(metadata.row_groups).toHaveLength(1)
    const offsets = await readParquetRows(file, ['journal_offset'])
    expect(offsets.map((row) => Number(row.journal_offset))).toEqual(events.map((each) => each.journalOffset))
    const columns = metadata.row_groups[0]?.columns.map((column) => column.meta_data?.path_in_schema[0])
    expect([...new Set(columns)]).toEqual(EVENT_COLUMNS.map(([name]) => name))
  })

  it('is not made of no events', async () => {
    await expect(encodeParquet(clickhouse, [])).rejects.toThrow('nothing to archive')
  })
})
