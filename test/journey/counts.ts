/** What each of the three stores holds at the end, read from each by a way of its own. */
import { sql } from 'drizzle-orm'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { countEvents, sumCost } from '../../db/clickhouse/reconcile.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import type { Running } from '../../local/running.ts'
import { readParquetRows } from '../events/read-parquet.ts'

export interface Held {
  readonly events: number
  readonly spendNanoUsd: bigint
}

export interface StoreCounts {
  readonly ledger: Held
  readonly clickhouse: Held
  readonly parquet: Held
}

export async function countStores(running: Running): Promise<StoreCounts> {
  return {
    ledger: await countLedger(running),
    clickhouse: await countClickHouse(running),
    parquet: await countParquet(running),
  }
}

export async function withPostgres<T>(
  running: Running,
  work: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  const postgres = openPostgres(running.databaseUrl, { connectionsMax: 1 })
  try {
    return await work(postgres)
  } finally {
    await postgres.close()
  }
}

/** The budget's own counter, which is what stops calls; the admissions must come to the same. */
function countLedger(running: Running): Promise<Held> {
  return withPostgres(running, async ({ tables }) => {
    const [row] = await tables.execute<{ events: string; spent: string; admitted: string; cost: string }>(sql`
      select sum(events) as events, sum(spent_nano_usd) as spent,
        (select count(*) from admitted_calls) as admitted, (select sum(cost_nano_usd) from admitted_calls) as cost
      from budget_periods`)
    if (!row || row.events !== row.admitted || row.spent !== row.cost) {
      throw new Error(`the budget's counter and the admissions differ: ${JSON.stringify(row)}`)
    }
    return { events: Number(row.events), spendNanoUsd: BigInt(row.spent) }
  })
}

async function countClickHouse(running: Running): Promise<Held> {
  const clickhouse = openClickHouse(running.clickhouseUrl)
  try {
    const all = {
      orgId: running.orgId,
      projectId: null,
      from: new Date(0),
      until: new Date('2100-01-01T00:00:00Z'),
    }
    return { events: await countEvents(clickhouse, all), spendNanoUsd: await sumCost(clickhouse, all) }
  } finally {
    await clickhouse.close()
  }
}

async function countParquet(running: Running): Promise<Held> {
  const objects = await openObjects(running.objectStoreUrl)
  let [events, spendNanoUsd] = [0, 0n]
  for await (const { key } of objects.list('raw/')) {
    const bytes = await objects.get(key)
    if (!bytes) throw new Error(`${key} is listed and not there`)
    const rows = await readParquetRows(bytes, ['cost_nano_usd'])
    for (const row of rows) {
      events += 1
      spendNanoUsd += BigInt(String(row.cost_nano_usd))
    }
  }
  return { events, spendNanoUsd }
}
