/** What each of the three stores holds, read from each by a way of its own. */
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { type AsyncBuffer, parquetMetadataAsync } from 'hyparquet'
import { openObjects } from '../../db/objects/open-objects.ts'
import { readParquetRows } from '../../test/events/read-parquet.ts'
import type { HeldOfRequest } from './compare.ts'
import type { Stage } from './stage.ts'
import { countClickHouse } from './watch.ts'

export interface Counted {
  readonly ledger: number
  readonly clickhouse: number
  readonly parquet: number
}

export interface HeldTotals extends Counted {
  /** Sums of the cost in each place that keeps one: they must agree. */
  readonly nanoUsd: Readonly<Record<'ledger' | 'budget' | 'project' | 'clickhouse', bigint>>
  /** What the budget's own counter says, beside the admissions. */
  readonly budgetEvents: number
}

/** Counts only, asked at once. */
export async function countHeld(stage: Stage): Promise<Counted> {
  const [ledger, clickhouse, parquet] = await Promise.all([
    stage.postgres.tables.execute<{ n: string }>(sql`select count(*) as n from admitted_calls`),
    countClickHouse(stage),
    countParquet(stage),
  ])
  return { ledger: Number(ledger[0]?.n ?? 0), clickhouse, parquet }
}

export async function readTotals(stage: Stage): Promise<HeldTotals> {
  const [sums] = await stage.postgres.tables.execute<
    Record<'ledger' | 'budget' | 'project' | 'events', string>
  >(sql`
    select coalesce((select sum(cost_nano_usd) from admitted_calls), 0)::text as ledger,
      coalesce((select sum(spent_nano_usd) from budget_periods), 0)::text as budget,
      coalesce((select sum(spent_nano_usd) from project_spend), 0)::text as project,
      coalesce((select sum(events) from budget_periods), 0)::text as events`)
  const query = 'SELECT ifNull(sum(cost_nano_usd), 0) AS cost FROM events'
  const result = await stage.clickhouse.query({ query, format: 'JSONEachRow' })
  const [row] = await result.json<{ cost: string }>()
  return {
    ...(await countHeld(stage)),
    budgetEvents: Number(sums?.events),
    nanoUsd: {
      ledger: BigInt(sums?.ledger ?? 0),
      budget: BigInt(sums?.budget ?? 0),
      project: BigInt(sums?.project ?? 0),
      clickhouse: BigInt(row?.cost ?? 0),
    },
  }
}

export async function clickhouseByRequest(
  { clickhouse }: Pick<Stage, 'clickhouse'>,
  tag: string,
): Promise<Map<number, HeldOfRequest>> {
  const result = await clickhouse.query({
    query: `SELECT toUInt32(splitByChar('_', request_id)[3]) AS number, count() AS rows, uniqExact(request_id) AS events
      FROM events WHERE startsWith(request_id, {prefix:String}) GROUP BY number`,
    query_params: { prefix: `req_${tag}_` },
    format: 'JSONEachRow',
  })
  const rows = await result.json<Record<'number' | 'rows' | 'events', string | number>>()
  return new Map(
    rows.map((row) => [Number(row.number), { rows: Number(row.rows), events: Number(row.events) }]),
  )
}

/** `earlier` are files that were whole before the run, and hold nothing of it. */
export async function parquetByRequest(
  { objectsUrl }: Pick<Stage, 'objectsUrl'>,
  tag: string,
  earlier: ReadonlySet<string>,
): Promise<Map<number, HeldOfRequest>> {
  const seen = new Map<number, { rows: number; readonly indexes: Set<number> }>()
  for (const key of await parquetFiles({ objectsUrl })) {
    if (earlier.has(key)) continue
    const rows = await withFile(objectsUrl, key, (file) => readParquetRows(file, ['request_id']))
    for (const { request_id: id } of rows) {
      const [, ofTag, number, index] = String(id).split('_')
      if (ofTag !== tag) continue
      const held = seen.get(Number(number)) ?? { rows: 0, indexes: new Set() }
      held.rows += 1
      held.indexes.add(Number(index))
      seen.set(Number(number), held)
    }
  }
  return new Map([...seen].map(([number, { rows, indexes }]) => [number, { rows, events: indexes.size }]))
}

/** By the files' own footers; a file's rows are counted once, as it never changes under its name. */
const rowsOfFile = new Map<string, number>()

async function countParquet({ objectsUrl }: Pick<Stage, 'objectsUrl'>): Promise<number> {
  let rows = 0
  for (const key of await parquetFiles({ objectsUrl })) {
    const known = rowsOfFile.get(`${objectsUrl}/${key}`)
    const count =
      known ?? Number((await withFile(objectsUrl, key, (file) => parquetMetadataAsync(file))).num_rows)
    rowsOfFile.set(`${objectsUrl}/${key}`, count)
    rows += count
  }
  return rows
}

export async function parquetFiles({ objectsUrl }: Pick<Stage, 'objectsUrl'>): Promise<string[]> {
  const objects = openObjects(objectsUrl)
  try {
    const keys: string[] = []
    for await (const { key } of objects.list('raw/')) keys.push(key)
    return keys
  } finally {
    await objects.close()
  }
}

/** Only the parts that are asked for are read. */
async function withFile<T>(
  objectsUrl: string,
  key: string,
  read: (file: AsyncBuffer) => Promise<T>,
): Promise<T> {
  const file = await open(fileURLToPath(`${objectsUrl}/${key}`))
  try {
    const { size } = await file.stat()
    const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
      const bytes = new Uint8Array(end - start)
      await file.read(bytes, 0, bytes.length, start)
      return bytes.buffer
    }
    return await read({ byteLength: size, slice })
  } finally {
    await file.close()
  }
}
