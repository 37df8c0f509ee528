/**
 * Where every question about spend reads: rollups for hours that are rolled up and have not grown since, raw rows for
 * all else, in one statement.
 * Invariant: each event is counted once, whichever hours are rolled and whoever is rolling at that moment. Which hours
 * are read where is decided once per statement, by the scalar `cut`, and both sides follow it.
 */
import type { ClickHouse } from '../open.ts'
import type { SpendScope } from './scope.ts'
import { whereOf } from './spend-filter.ts'

/** One measure, by name: how it is summed from rollups, and how from raw rows, to the same type. */
export interface Measure {
  readonly rolled: string
  readonly raw: string
}

/**
 * Users are in a rollup of their own, without the other dimensions (migrations/0002-spend-hourly.sql). `none` is for what
 * no rollup can tell, such as tags: then all rows of the range are read.
 */
export type Rollup = 'spend_hourly' | 'user_spend_hourly' | 'none'

export interface SpendSource {
  readonly rollup: Rollup
  /** Columns or expressions over columns that `events` and the rollup have, and `hour`; name to SQL. */
  readonly groups: Readonly<Record<string, string>>
  readonly measures: Readonly<Record<string, Measure>>
  /** A condition on such columns. */
  readonly where?: string
}

/**
 * Instants are compared in their column's own type, milliseconds for `ts` and seconds for `hour`: given the other,
 * ClickHouse 26.7 prunes `ts < 03:00:00` as `ts <= 02:59:59` and loses what lies between.
 */
const HOURS_TOUCHED = "hour >= {hoursFrom:DateTime('UTC')} AND hour < {hoursUntil:DateTime('UTC')}"
const HOURS_COVERED = "hour >= {coveredFrom:DateTime('UTC')} AND hour < {coveredUntil:DateTime('UTC')}"
const RANGE = "ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}"

/**
 * The hours of the range as two lists: (hour, generation) to read from rollups, and hours to read raw. The raw counts
 * come from the projection events_by_hour. An hour that the range covers in part is always read raw.
 */
const CUT = `(
  SELECT (groupArrayIf((hour, generation), is_rolled), groupArrayIf(hour, NOT is_rolled))
  FROM (
    SELECT hour, anyIf(newest_generation, is_rollup) AS generation,
      max(rolled_events) >= max(raw_events)
        AND ${HOURS_COVERED} AS is_rolled
    FROM (
      SELECT toStartOfHour(ts) AS hour, toInt64(count()) AS raw_events, toInt64(0) AS rolled_events,
        toUUID('00000000-0000-0000-0000-000000000000') AS newest_generation, false AS is_rollup
      FROM events
      WHERE org_id = {orgId:String} AND ${HOURS_TOUCHED}
      GROUP BY hour
      UNION ALL
      SELECT hour, toInt64(0), argMax(events, (sequence, generation)), argMax(generation, (sequence, generation)), true
      FROM rolled_hours
      WHERE org_id = {orgId:String} AND ${HOURS_TOUCHED}
      GROUP BY hour
    )
    GROUP BY hour
  )
)`

/** Runs `select`, which reads from `source`: a subquery with the groups, then the measures, as its columns. */
export async function querySpend<Row>(
  clickhouse: ClickHouse,
  scope: SpendScope,
  { source, select, params = {} }: { source: SpendSource; select: string; params?: Record<string, unknown> },
): Promise<Row[]> {
  const { orgId, projectIds, from, until } = scope
  const filter = whereOf(scope.filter)
  const where = [source.where, filter.where].filter((one) => one !== undefined && one !== '').join(' AND ')
  const cut = source.rollup === 'none' ? '' : `${CUT} AS cut, `
  const result = await clickhouse.query({
    query: `WITH ${cut}source AS (${sourceOf({ ...source, where: where || '1' }, scope)}) ${select}`,
    query_params: {
      ...params,
      ...filter.params,
      ...{ orgId, from, until, ...(projectIds === null ? {} : { projectIds }) },
      ...hoursOf(scope),
    },
    format: 'JSONEachRow',
  })
  return await result.json<Row>()
}

const HOUR_MS = 3_600_000

function hoursOf({ from, until }: SpendScope): Record<string, Date> {
  const hour = (round: (hours: number) => number, at: Date): Date =>
    new Date(round(at.getTime() / HOUR_MS) * HOUR_MS)
  return {
    hoursFrom: hour(Math.floor, from),
    hoursUntil: hour(Math.ceil, until),
    coveredFrom: hour(Math.ceil, from),
    coveredUntil: hour(Math.floor, until),
  }
}

function sourceOf(
  { rollup, groups, measures, where = '1' }: SpendSource,
  { projectIds }: SpendScope,
): string {
  const names = Object.keys(groups)
  const grouped = names.map((name) => `${groups[name]} AS ${name}`)
  const summed = (side: keyof Measure) =>
    Object.entries(measures).map(([name, measure]) => `${measure[side]} AS ${name}`)
  const owned = `org_id = {orgId:String} AND (${where})${
    projectIds === null ? '' : ' AND project_id IN {projectIds:Array(String)}'
  }`
  const by = names.length === 0 ? '' : `GROUP BY ${names.join(', ')}`
  const rows = `SELECT ${[...grouped, ...summed('raw')].join(', ')} FROM (SELECT *, toStartOfHour(ts) AS hour FROM events)
    WHERE ${owned} AND ${RANGE}`
  if (rollup === 'none') return `${rows} ${by}`
  return `
    SELECT ${[...grouped, ...summed('rolled')].join(', ')} FROM ${rollup}
    WHERE ${owned} AND ${HOURS_TOUCHED} AND (hour, generation) IN cut.1 ${by}
    UNION ALL
    ${rows} AND toStartOfHour(ts) IN cut.2 ${by}`
}
