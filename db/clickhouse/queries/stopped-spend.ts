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

/** `stops` are at least one. */
export async function readStopped(
  clickhouse: ClickHouse,
  { orgId, scope, from, until }: ScopeSpan,
  stops: readonly CounterStop[],
  topMax: number,
): Promise<StoppedSpend> {
  const { where, counter, params } = filterOf(orgId, scope)
  const refused = refusedBy(counter, stops)
  const groupsBy = async (column: string): Promise<StoppedGroup[]> => {
    const result = await clickhouse.query({
      query: `SELECT ${column} AS value, sum(ifNull(cost_nano_usd, 0)) AS cost, sum(calls) AS called
        FROM events WHERE ${where} AND ${IN_SPAN} AND (${refused.where})
        GROUP BY value ORDER BY cost DESC, called DESC, value LIMIT {topMax:UInt32}`,
      query_params: { ...params, ...refused.params, from, until, topMax },
      format: 'JSONEachRow',
    })
    return (await result.json<GroupRow>()).map(fromDbGroup)
  }
  const [all, routes, users, keys] = await Promise.all(
    ["''", 'route', 'user_id', 'api_key_id'].map((column) => groupsBy(column)),
  )
  const { cost, calls } = all?.[0] ?? NOTHING_STOPPED
  return { cost, calls, routes: routes ?? [], users: users ?? [], keys: keys ?? [] }
}

interface GroupRow {
  value: string | null
  cost: string
  called: string
}

const fromDbGroup = ({ value, cost, called }: GroupRow): StoppedGroup => ({
  ...{ value, cost: nanoUsd(BigInt(cost)), calls: Number(called) },
})

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
