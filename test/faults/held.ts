/** What each of the three stores holds, call by call, read from each by a way of its own. */
import { sql } from 'drizzle-orm'
import { identityOf } from '../../core/event/identity.ts'
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import type { S3Credentials } from '../../db/objects/s3.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { readParquetRows } from '../events/read-parquet.ts'

/** The ledger keeps no more of a call than its identity, so all are compared by that. */
export type HeldRow = readonly [identity: string, cost: string]

export async function readLedger({ tables }: Pick<Postgres, 'tables'>): Promise<HeldRow[]> {
  const rows = await tables.execute<{ id: string; cost: string | null }>(
    sql`select replace(identity::text, '-', '') as id, cost_nano_usd::text as cost from admitted_calls`,
  )
  return rows.map(({ id, cost }) => [id, String(cost)])
}

export async function readClickHouse(url: string): Promise<HeldRow[]> {
  const clickhouse = openClickHouse(url)
  try {
    const query =
      'SELECT project_id, request_id, attempt, toString(cost_nano_usd) AS cost_nano_usd FROM events'
    const result = await clickhouse.query({ query, format: 'JSONEachRow' })
    return (await result.json<Record<string, unknown>>()).map(toRow)
  } finally {
    await clickhouse.close()
  }
}

export interface ObjectsAt {
  readonly url: string
  /** Of a bucket. */
  readonly credentials?: S3Credentials
}

/** `known` spares reading a file again that was read before: it never changes under its name. */
export async function readParquet(
  { url, credentials }: ObjectsAt,
  known = new Map<string, HeldRow[]>(),
): Promise<HeldRow[]> {
  const objects = openObjects(url, credentials)
  const rows: HeldRow[] = []
  try {
    for await (const { key, sizeBytes } of objects.list('raw/')) {
      const name = `${key} ${sizeBytes}`
      const held = known.get(name) ?? (await readFile(await objects.get(key), key))
      known.set(name, held)
      rows.push(...held)
    }
  } finally {
    await objects.close()
  }
  return rows
}

const COLUMNS = ['project_id', 'request_id', 'attempt', 'cost_nano_usd']

async function readFile(bytes: Uint8Array | null, key: string): Promise<HeldRow[]> {
  if (bytes === null) throw new Error(`${key} is listed and not there`)
  const read = await readParquetRows(bytes, COLUMNS)
  return read.map(toRow)
}

const toRow = (row: Readonly<Record<string, unknown>>): HeldRow => [
  identityOf({
    projectId: String(row.project_id),
    requestId: String(row.request_id),
    attempt: Number(row.attempt),
  }),
  String(row.cost_nano_usd ?? null),
]
