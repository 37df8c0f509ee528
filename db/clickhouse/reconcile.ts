/** What ClickHouse holds of an organisation, for comparing with the ledger and the archive. */
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import type { ClickHouse } from './open.ts'

/** The calls with `ts` in `[from, until)`, of one project or of all. */
export interface EventsRange {
  readonly orgId: string
  readonly projectId: string | null
  readonly from: Date
  readonly until: Date
}

const RANGE = `org_id = {orgId:String} AND ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}
  AND (isNull({projectId:Nullable(String)}) OR project_id = {projectId:Nullable(String)})`

/** Calls, however many adjustments they have, as the ledger counts them. */
export async function countEvents(clickhouse: ClickHouse, range: EventsRange): Promise<number> {
  return Number(await one(clickhouse, 'sum(calls)', range))
}

/** The exact sum of what is priced, with every adjustment; unpriced calls add nothing. */
export async function sumCost(clickhouse: ClickHouse, range: EventsRange): Promise<NanoUsd> {
  return nanoUsd(BigInt(await one(clickhouse, 'ifNull(sum(cost_nano_usd), 0)', range)))
}

async function one(clickhouse: ClickHouse, measure: string, range: EventsRange): Promise<string> {
  const result = await clickhouse.query({
    query: `SELECT ${measure} AS value FROM events WHERE ${RANGE}`,
    query_params: { ...range },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ value: string }>()
  if (row === undefined) throw new Error('ClickHouse answered an aggregate with no row')
  return row.value
}
