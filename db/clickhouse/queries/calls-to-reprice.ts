/**
 * Calls with what they and their adjustments come to, for pricing them anew.
 * Invariant: pages follow the sort key of `events`, so that what is adjusted meanwhile moves no later page, and each
 * call of the scope is on one page.
 */
import type { CallSoFar } from '../../../core/pricing/reprice-event.ts'
import type { ClickHouse } from '../open.ts'
import { type CallRow, fromDbCall } from './call-row.ts'

export interface RepriceScope {
  readonly orgId: string
  /** `[from, until)` of the calls' own time. */
  readonly from: Date
  readonly until: Date
  /** Null for all, as for `model`. */
  readonly provider: string | null
  readonly model: string | null
  /** Only calls that neither they nor an adjustment gave a price. */
  readonly unpricedOnly: boolean
}

const ROWS_MAX = 2_000

/** The calls of the scope, a page of one UTC day at a time. */
export async function* callsToReprice(
  clickhouse: ClickHouse,
  scope: RepriceScope,
  rowsMax = ROWS_MAX,
): AsyncGenerator<readonly CallSoFar[]> {
  for (const day of await daysOf(clickhouse, scope)) {
    let after: Cursor = BEFORE_ALL
    while (true) {
      const rows = await pageOf(clickhouse, scope, day, after, rowsMax)
      if (rows.length > 0) yield rows.map(fromDbCall)
      const last = rows.at(-1)
      if (last === undefined || rows.length < rowsMax) break
      after = last
    }
  }
}

/** Instants are compared in milliseconds, for the reason that source.ts gives. */
const IN_SCOPE = `org_id = {orgId:String}
  AND ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}
  AND (isNull({provider:Nullable(String)}) OR provider = {provider:Nullable(String)})
  AND (isNull({model:Nullable(String)}) OR model = {model:Nullable(String)})`
const OF_DAY = `ts >= {day:DateTime64(3, 'UTC')} AND ts < {day:DateTime64(3, 'UTC')} + INTERVAL 1 DAY`

async function daysOf(clickhouse: ClickHouse, scope: RepriceScope): Promise<Date[]> {
  const result = await clickhouse.query({
    query: `SELECT toStartOfDay(ts, 'UTC') AS day FROM events WHERE ${IN_SCOPE} GROUP BY day
      HAVING NOT {unpricedOnly:Bool} OR sum(unpriced_calls) > 0 ORDER BY day`,
    query_params: { ...scope },
    format: 'JSONEachRow',
  })
  return (await result.json<{ day: string }>()).map(({ day }) => new Date(day))
}

type Cursor = Pick<CallRow, 'project_id' | 'ts' | 'request_id' | 'attempt'>
const BEFORE_ALL: Cursor = { project_id: '', ts: '1970-01-01T00:00:00.000Z', request_id: '', attempt: '0' }

const TOKENS = [
  ...['tokens_in', 'tokens_out', 'tokens_cache_read', 'tokens_cache_write_5m', 'tokens_cache_write_1h'],
  ...['tokens_reasoning', 'tokens_audio_in', 'tokens_audio_out'],
]

/** Aliases never repeat a column's name: in ClickHouse they would hide it from the conditions. */
const PAGE = `
  SELECT org_id, project_id, api_key_id, environment, request_id, attempt, ts, user_id, route, session_id, provider,
    model, service_tier, tokens_estimated, raw_usage, streamed, status, trace_id, span_id, tags, sampled,
    ifNull(cost_nano_usd, 0) + adjusted_cost AS cost_so_far, unpriced_calls + adjusted_unpriced AS unpriced_so_far,
    ${TOKENS.map((name) => `${name} + adjusted_${name} AS so_far_${name}`).join(', ')}, adjustments
  FROM (
    SELECT * FROM events
    WHERE ${IN_SCOPE} AND ${OF_DAY} AND isNull(adjusts_request_id) AND (NOT {unpricedOnly:Bool} OR unpriced_calls > 0)
      AND (project_id, ts, request_id, attempt) >
        ({afterProject:String}, {afterTs:DateTime64(3, 'UTC')}, {afterRequest:String}, {afterAttempt:Int64})
  ) AS called
  LEFT JOIN (
    SELECT project_id, ts, assumeNotNull(adjusts_request_id) AS request_id, attempt,
      sum(ifNull(cost_nano_usd, 0)) AS adjusted_cost, sum(unpriced_calls) AS adjusted_unpriced,
      ${TOKENS.map((name) => `sum(${name}) AS adjusted_${name}`).join(', ')}, toInt64(count()) AS adjustments
    FROM events
    WHERE ${IN_SCOPE} AND ${OF_DAY} AND isNotNull(adjusts_request_id)
    GROUP BY project_id, ts, request_id, attempt
  ) AS adjusted
  USING (project_id, ts, request_id, attempt)
  WHERE NOT {unpricedOnly:Bool} OR unpriced_so_far > 0
  ORDER BY project_id, ts, request_id, attempt
  LIMIT {rowsMax:UInt32}`

async function pageOf(
  clickhouse: ClickHouse,
  scope: RepriceScope,
  day: Date,
  after: Cursor,
  rowsMax: number,
): Promise<CallRow[]> {
  const result = await clickhouse.query({
    query: PAGE,
    query_params: {
      ...scope,
      ...{ day, rowsMax, afterProject: after.project_id, afterTs: new Date(after.ts) },
      ...{ afterRequest: after.request_id, afterAttempt: after.attempt },
    },
    format: 'JSONEachRow',
  })
  return await result.json<CallRow>()
}
