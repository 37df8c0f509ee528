/**
 * Calls with what they and their adjustments come to, for pricing them anew.
 * Invariant: pages follow the sort key of `events`, so that what is adjusted meanwhile moves no later page, and each
 * call of the scope is on one page.
 */
import type { CallSoFar } from '../../../core/pricing/reprice-event.ts'
import type { ClickHouse } from '../open.ts'
import { type AdjustedRow, type CallRow, fromDbCall, TOKEN_COLUMNS } from './call-row.ts'

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

const ROWS_MAX = 5_000

/** The calls of the scope, a page of one UTC day at a time; a page may hold fewer than were read. */
export async function* callsToReprice(
  clickhouse: ClickHouse,
  scope: RepriceScope,
  rowsMax = ROWS_MAX,
): AsyncGenerator<readonly CallSoFar[]> {
  for (const day of await daysOf(clickhouse, scope)) {
    let after: Cursor = BEFORE_ALL
    while (true) {
      const rows = await readPage(clickhouse, scope, { day, after, rowsMax })
      const [first, last] = [rows[0], rows.at(-1)]
      if (first === undefined || last === undefined) break
      const calls = await withAdjustments(clickhouse, scope, rows, { first, last })
      yield scope.unpricedOnly ? calls.filter(({ cost }) => cost === null) : calls
      if (rows.length < rowsMax) break
      after = last
    }
  }
}

/** Instants are compared in milliseconds, for the reason that source.ts gives. */
const IN_SCOPE = `org_id = {orgId:String}
  AND ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}
  AND (isNull({provider:Nullable(String)}) OR provider = {provider:Nullable(String)})
  AND (isNull({model:Nullable(String)}) OR model = {model:Nullable(String)})`

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

/** The conditions on `project_id` and `ts` alone say nothing new: they are what the index understands. */
const PAGE = `
  SELECT org_id, project_id, api_key_id, environment, request_id, attempt, ts, user_id, route, session_id, provider,
    model, service_tier, ${TOKEN_COLUMNS.join(', ')}, tokens_estimated, raw_usage, cost_nano_usd, streamed, status,
    trace_id, span_id, tags, sampled
  FROM events
  WHERE ${IN_SCOPE} AND ts >= {day:DateTime64(3, 'UTC')} AND ts < {day:DateTime64(3, 'UTC')} + INTERVAL 1 DAY
    AND isNull(adjusts_request_id) AND (NOT {unpricedOnly:Bool} OR unpriced_calls > 0)
    AND project_id >= {afterProject:String}
    AND (project_id > {afterProject:String} OR ts >= {afterTs:DateTime64(3, 'UTC')})
    AND (project_id, ts, request_id, attempt) >
      ({afterProject:String}, {afterTs:DateTime64(3, 'UTC')}, {afterRequest:String}, {afterAttempt:Int64})
  ORDER BY project_id, ts, request_id, attempt
  LIMIT {rowsMax:UInt32}`

async function readPage(
  clickhouse: ClickHouse,
  scope: RepriceScope,
  { day, after, rowsMax }: { readonly day: Date; readonly after: Cursor; readonly rowsMax: number },
): Promise<CallRow[]> {
  const cursor = { afterProject: after.project_id, afterTs: new Date(after.ts) }
  const result = await clickhouse.query({
    query: PAGE,
    query_params: {
      ...scope,
      ...{ day, rowsMax, ...cursor, afterRequest: after.request_id, afterAttempt: after.attempt },
    },
    format: 'JSONEachRow',
  })
  return await result.json<CallRow>()
}

/** Of what lies between the first and the last call of a page, so that the work of a page does not grow with the day. */
const ADJUSTED = `
  SELECT project_id, ts, assumeNotNull(adjusts_request_id) AS call_request_id, attempt,
    sum(ifNull(cost_nano_usd, 0)) AS cost, sum(unpriced_calls) AS unpriced, toInt64(count()) AS adjustments,
    ${TOKEN_COLUMNS.map((name) => `sum(${name}) AS sum_${name}`).join(', ')}
  FROM events
  WHERE ${IN_SCOPE} AND isNotNull(adjusts_request_id)
    AND project_id >= {firstProject:String} AND project_id <= {lastProject:String}
    AND (project_id > {firstProject:String} OR ts >= {firstTs:DateTime64(3, 'UTC')})
    AND (project_id < {lastProject:String} OR ts <= {lastTs:DateTime64(3, 'UTC')})
  GROUP BY project_id, ts, call_request_id, attempt`

async function withAdjustments(
  clickhouse: ClickHouse,
  scope: RepriceScope,
  rows: readonly CallRow[],
  { first, last }: { readonly first: CallRow; readonly last: CallRow },
): Promise<CallSoFar[]> {
  const result = await clickhouse.query({
    query: ADJUSTED,
    query_params: {
      ...scope,
      ...{ firstProject: first.project_id, firstTs: new Date(first.ts) },
      ...{ lastProject: last.project_id, lastTs: new Date(last.ts) },
    },
    format: 'JSONEachRow',
  })
  const adjusted = new Map(
    (await result.json<AdjustedRow>()).map((row) => [keyOf(row, row.call_request_id), row]),
  )
  return rows.map((row) => fromDbCall(row, adjusted.get(keyOf(row, row.request_id))))
}

/** No text of an event holds a line break. */
const keyOf = (row: Pick<CallRow, 'project_id' | 'ts' | 'attempt'>, requestId: string): string =>
  [row.project_id, row.ts, requestId, row.attempt].join('\n')
