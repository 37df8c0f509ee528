/** Puts events into ClickHouse as the archive does, without an object store. */
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { encodeParquet } from '../../db/archive/encode-parquet.ts'
import { insertEvents } from '../../db/clickhouse/insert-events.ts'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import { placedRows } from '../../db/event-rows/placed-rows.ts'

/** Once, however often it is called, for events of the same token. */
export async function seedEvents(
  clickhouse: ClickHouse,
  events: readonly ArchivedEvent[],
  deduplicationToken: string = crypto.randomUUID(),
): Promise<void> {
  const parquet = await encodeParquet(clickhouse, placedRows(events))
  await insertEvents(clickhouse, { parquet, deduplicationToken })
}
