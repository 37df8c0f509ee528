/**
 * How many calls there were, and how each ended: in all, and by one dimension.
 * Invariant: counts are exact; from rollups wherever they have the columns, which users with a status have not.
 */
import type { ClickHouse } from '../open.ts'
import { BUCKET_STARTS, type Bucket, type Cut, NO_FILTER, type SpendScope } from './scope.ts'
import { type Measure, querySpend } from './source.ts'
import { groupOf, rollupFor } from './spend-filter.ts'

/** `value` is null where the calls name none, and 'other' with `isOther` where the rest is folded together. */
export interface EndedCalls {
  readonly value: string | null
  readonly isOther: boolean
  /** Such as `ok` or `rate_limited`. */
  readonly status: string
  readonly calls: number
}

const MEASURES: Readonly<Record<string, Measure>> = {
  source_calls: { rolled: 'sum(events)', raw: 'sum(calls)' },
}

/**
 * A row for each value and status that had calls. The `limit` values with the most calls that ended badly come first, the rest
 * as one 'other' at the end. `failures` says which statuses are bad.
 */
export async function callsByStatus(
  clickhouse: ClickHouse,
  {
    by,
    failures,
    limit,
    ...scope
  }: SpendScope & { by: Cut | null; failures: readonly string[]; limit: number },
): Promise<EndedCalls[]> {
  const { fields, tags } = scope.filter ?? NO_FILTER
  const group = by === null ? { column: "''", params: {} } : groupOf(by)
  const rows = await querySpend<{ value: string | null; is_other: number; status: string; calls: string }>(
    clickhouse,
    scope,
    {
      source: {
        rollup: rollupFor(by, { fields: { ...fields, status: ['*'] }, tags }),
        groups: { source_value: group.column, source_status: 'status' },
        measures: MEASURES,
      },
      select: `
        SELECT if(place > {limit:UInt32}, 'other', group_value) AS value, place > {limit:UInt32} AS is_other,
          group_status AS status, sum(group_calls) AS calls
        FROM (
          SELECT *, dense_rank() OVER (ORDER BY value_failed DESC, value_calls DESC, group_value) AS place
          FROM (
            SELECT *, sum(group_calls) OVER (PARTITION BY group_value) AS value_calls,
              sumIf(group_calls, group_status IN {failures:Array(String)}) OVER (PARTITION BY group_value) AS value_failed
            FROM (
              SELECT source_value AS group_value, source_status AS group_status, sum(source_calls) AS group_calls
              FROM source GROUP BY group_value, group_status HAVING group_calls > 0
            )
          )
        )
        GROUP BY value, is_other, status
        ORDER BY is_other, min(place), calls DESC, status`,
      params: { limit, failures, ...group.params },
    },
  )
  return rows.map(({ value, is_other: isOther, status, calls }) => ({
    ...{ value, isOther: isOther === 1, status, calls: Number(calls) },
  }))
}

export interface EndedThen {
  /** When the hour or the day begins. */
  readonly at: Date
  readonly status: string
  readonly calls: number
}

/** Bucket by bucket, how calls ended; one without calls has no point. Days are those of `timeZone`, as in spend over time. */
export async function statusesOverTime(
  clickhouse: ClickHouse,
  { bucket, timeZone, ...scope }: SpendScope & { bucket: Bucket; timeZone: string },
): Promise<EndedThen[]> {
  const { fields, tags } = scope.filter ?? NO_FILTER
  const rows = await querySpend<{ at: string; status: string; calls: string }>(clickhouse, scope, {
    source: {
      rollup: rollupFor(null, { fields: { ...fields, status: ['*'] }, tags }),
      groups: {
        source_at: bucket === 'day' ? 'toStartOfDay(hour, {timeZone:String})' : BUCKET_STARTS.hour,
        source_status: 'status',
      },
      measures: MEASURES,
    },
    select: `SELECT source_at AS at, source_status AS status, sum(source_calls) AS calls
      FROM source GROUP BY at, status HAVING calls > 0 ORDER BY at, status`,
    params: { timeZone },
  })
  return rows.map(({ at, status, calls }) => ({ at: new Date(at), status, calls: Number(calls) }))
}
