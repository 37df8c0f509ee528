/** The calls that came after the stops of a preview, and that these would have refused: in all, and the dearest groups. */
import type { LadderAction } from '../../../core/budget/ladder.ts'
import type { Trip } from '../../../core/budget/preview.ts'
import type { Counter } from '../../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd, zeroUsd } from '../../../core/money.ts'
import type { ClickHouse } from '../open.ts'
import { filterOf } from './scope-filter.ts'
import { IN_SPAN, type ScopeSpan } from './scope-sums.ts'

/** From when on calls of a counter are refused, and by which rung. */
export interface CounterStop {
  readonly counter: Counter
  readonly trip: Trip
}

export interface StoppedGroup {
  /** Null where the calls name none. */
  readonly value: string | null
  readonly cost: NanoUsd
  readonly calls: number
}

export interface StoppedSpend {
  readonly cost: NanoUsd
  readonly calls: number
  /** The dearest of each. */
  readonly routes: readonly StoppedGroup[]
  readonly users: readonly StoppedGroup[]
  readonly keys: readonly StoppedGroup[]
}

export const NOTHING_STOPPED: StoppedSpend = { cost: zeroUsd, calls: 0, routes: [], users: [], keys: [] }

/** In one reading of the rows. `stops` are at least one. */
export async function readStopped(
  clickhouse: ClickHouse,
  { orgId, scope, from, until }: ScopeSpan,
  stops: readonly CounterStop[],
  topMax: number,
): Promise<StoppedSpend> {
  const { where, counter, params } = filterOf(orgId, scope)
  const refused = refusedBy(counter, stops)
  const firstMs = Math.min(...stops.map(({ trip }) => trip.at.getTime()))
  const result = await clickhouse.query({
    query: `SELECT grouping(route, user_id, api_key_id) AS grouped, route, user_id, api_key_id,
        sum(ifNull(cost_nano_usd, 0)) AS cost, sum(calls) AS called
      FROM events WHERE ${where} AND ${IN_SPAN} AND (${refused.where})
      GROUP BY GROUPING SETS ((), (route), (user_id), (api_key_id))
      ORDER BY cost DESC, called DESC, route, user_id, api_key_id LIMIT {topMax:UInt32} BY grouped`,
    query_params: {
      ...params,
      ...refused.params,
      from: new Date(Math.max(from.getTime(), firstMs)),
      until,
      topMax,
    },
    format: 'JSONEachRow',
  })
  const rows = await result.json<GroupRow>()
  const groupsOf = (grouped: number, value: (row: GroupRow) => string | null): StoppedGroup[] =>
    rows
      .filter((row) => Number(row.grouped) === grouped && Number(row.called) !== 0)
      .map((row) => ({ value: value(row), cost: nanoUsd(BigInt(row.cost)), calls: Number(row.called) }))
  const [all] = groupsOf(BY_NOTHING, () => null)
  return {
    ...{ cost: all?.cost ?? zeroUsd, calls: all?.calls ?? 0 },
    routes: groupsOf(BY_ROUTE, ({ route }) => route),
    users: groupsOf(BY_USER, ({ user_id }) => user_id),
    keys: groupsOf(BY_KEY, ({ api_key_id }) => api_key_id),
  }
}

/** What `grouping` says of a row: a bit for each of the three columns that it is not grouped by. */
const [BY_NOTHING, BY_ROUTE, BY_USER, BY_KEY] = [0b111, 0b011, 0b101, 0b110]

interface GroupRow {
  grouped: string | number
  route: string | null
  user_id: string | null
  api_key_id: string
  cost: string
  called: string
}

/** Later than every call: counters that a rung does not stop. */
const NEVER_MS = Number.MAX_SAFE_INTEGER

/** One condition for each rung, with the instant of each counter that it stops. */
function refusedBy(
  counter: string,
  stops: readonly CounterStop[],
): { readonly where: string; readonly params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  const rungs = [...new Set(stops.map(({ trip }) => trip.rung))]
  const conditions = rungs.map((rung, index) => {
    const own = stops.filter(({ trip }) => trip.rung === rung)
    params[`stopped${index}`] = own.map((stop) => stop.counter)
    params[`since${index}`] = own.map(({ trip }) => trip.at.getTime())
    const since = `transform(${counter}, {stopped${index}:Array(String)}, {since${index}:Array(Int64)},
      toInt64(${NEVER_MS}))`
    const environments = environmentsOf(rung.action)
    if (environments === null) return `toUnixTimestamp64Milli(ts) >= ${since}`
    params[`environments${index}`] = environments
    return `(toUnixTimestamp64Milli(ts) >= ${since} AND environment IN {environments${index}:Array(String)})`
  })
  return { where: conditions.join(' OR '), params }
}

const environmentsOf = (action: LadderAction): readonly string[] | null =>
  action.kind === 'stop' ? action.environments : []
