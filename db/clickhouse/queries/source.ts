/**
 * Where every question about spend reads: rollups for hours that are rolled up and have not grown since, raw rows for
 * all else, in one statement.
 * Invariant: each event is counted once, whichever hours are rolled and whoever is rolling at that moment. Which hours
 * are read where is decided once per statement, by the scalar `cut`, and both sides follow it.
 */
import type { ClickHouse } from '../open.ts'
import type { SpendScope } from './scope.ts'

/** One measure, by name: how it is summed from rollups, and how from raw rows, to the same type. */
export interface Measure {
  readonly rolled: string
  readonly raw: string
}

export interface SpendSource {
  /** Columns or expressions over columns that both tables have, and `hour`; name to SQL. */
  readonly groups: Readonly<Record<string, string>>
  readonly measures: Readonly<Record<string, Measure>>
  /** A condition on columns that both tables have. */
  readonly where?: string
}

const START = `toStartOfHour({from:DateTime64(3, 'UTC')})`
const UNTIL = `{until:DateTime64(3, 'UTC')}`

/**
 * The hours of the range as two lists: (hour, generation) to read from rollups, and hours to read raw. The raw counts
 * come from the projection events_by_hour. An hour that the range covers in part is always read raw.
 */
const CUT = `(
  SELECT (groupArrayIf((hour, generation), is_rolled), groupArrayIf(hour, NOT is_rolled))
  FROM (
    SELECT hour, anyIf(newest_generation, is_rollup) AS generation,
      max(rolled_events) >= max(raw_events)
        AND hour >= {from:DateTime64(3, 'UTC')} AND hour + INTERVAL 1 HOUR <= ${UNTIL} AS is_rolled
    FROM (
      SELECT toStartOfHour(ts) AS hour, toInt64(count()) AS raw_events, toInt64(0) AS rolled_events,
        toUUID('00000000-0000-0000-0000-000000000000') AS newest_generation, false AS is_rollup
      FROM events
      WHERE org_id = {orgId:String} AND toStartOfHour(ts) >= ${START} AND toStartOfHour(ts) < ${UNTIL}
      GROUP BY hour
      UNION ALL
      SELECT hour, toInt64(0), argMax(events, (sequence, generation)), argMax(generation, (sequence, generation)), true
      FROM rolled_hours
      WHERE org_id = {orgId:String} AND hour >= ${START} AND hour < ${UNTIL}
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
  const result = await clickhouse.query({
    query: `WITH ${CUT} AS cut, source AS (${sourceOf(source, scope)}) ${select}`,
    query_params: { ...params, ...scope },
    format: 'JSONEachRow',
  })
  return await result.json<Row>()
}

function sourceOf({ groups, measures, where = '1' }: SpendSource, { projectIds }: SpendScope): string {
  const names = Object.keys(groups)
  const grouped = names.map((name) => `${groups[name]} AS ${name}`)
  const summed = (side: keyof Measure) =>
    Object.entries(measures).map(([name, measure]) => `${measure[side]} AS ${name}`)
  const owned = `org_id = {orgId:String} AND (${where})${
    projectIds === null ? '' : ' AND project_id IN {projectIds:Array(String)}'
  }`
  const by = names.length === 0 ? '' : `GROUP BY ${names.join(', ')}`
  return `
    SELECT ${[...grouped, ...summed('rolled')].join(', ')} FROM spend_hourly
    WHERE ${owned} AND hour >= ${START} AND hour < ${UNTIL} AND (hour, generation) IN cut.1 ${by}
    UNION ALL
    SELECT ${[...grouped, ...summed('raw')].join(', ')} FROM (SELECT *, toStartOfHour(ts) AS hour FROM events)
    WHERE ${owned} AND ts >= {from:DateTime64(3, 'UTC')} AND ts < ${UNTIL} AND toStartOfHour(ts) IN cut.2 ${by}`
}
