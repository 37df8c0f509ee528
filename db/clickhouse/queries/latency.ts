/**
 * How long calls took that ended well: p50, p95 and p99 of latency and of time to first token.
 * Sketches (DDSketch) give each within 1%, and merge to the same answer however the hours were rolled up.
 */
import type { ClickHouse } from '../open.ts'
import { BUCKET_STARTS, type Bucket, DIMENSION_COLUMNS, type Dimension, type SpendScope } from './scope.ts'
import { type Measure, querySpend } from './source.ts'
import { rollupFor } from './spend-filter.ts'

/** In whole milliseconds; ttft is null where nothing was streamed. */
export interface Latency {
  readonly calls: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly ttftP50Ms: number | null
  readonly ttftP95Ms: number | null
}
export type LatencyGroup = Latency & { readonly value: string | null }
export type LatencyPoint = Latency & { readonly at: Date }

const SKETCH = 'quantilesDD'
const LEVELS = '(0.01, 0.5, 0.95)'
/** A sketch answers any level, whichever ones it was kept with. */
const LEVELS_ASKED = '(0.01, 0.5, 0.95, 0.99)'

const LATENCY_MEASURES: Readonly<Record<string, Measure>> = {
  source_calls: { rolled: 'sum(events)', raw: 'sum(calls)' },
  source_latency: {
    rolled: `${SKETCH}MergeState${LEVELS}(latency_state)`,
    // An adjustment takes no time.
    raw: `${SKETCH}StateIf${LEVELS}(latency_ms, calls > 0)`,
  },
  source_ttft: {
    rolled: `${SKETCH}MergeState${LEVELS}(ttft_state)`,
    raw: `${SKETCH}StateIf${LEVELS}(assumeNotNull(ttft_ms), isNotNull(ttft_ms))`,
  },
}
const MERGED = `sum(source_calls) AS calls, ${SKETCH}Merge${LEVELS_ASKED}(source_latency) AS latency,
  ${SKETCH}Merge${LEVELS}(source_ttft) AS ttft`
const ENDED_WELL = "status = 'ok'"

interface LatencyRow {
  calls: string
  latency: (number | null)[]
  ttft: (number | null)[]
}

/** Null when no call ended well. */
export async function latencyPercentiles(clickhouse: ClickHouse, scope: SpendScope): Promise<Latency | null> {
  const [row] = await querySpend<LatencyRow>(clickhouse, scope, {
    source: {
      rollup: rollupFor(null, scope.filter),
      groups: {},
      measures: LATENCY_MEASURES,
      where: ENDED_WELL,
    },
    select: `SELECT ${MERGED} FROM source HAVING calls > 0`,
  })
  return row === undefined ? null : fromLatencyRow(row)
}

export interface LatencyCut {
  /** Null when no call ended well. */
  readonly overall: Latency | null
  readonly groups: readonly LatencyGroup[]
}

/**
 * All calls together, and the `limit` values with the most calls, most first; in one reading, as merging sketches is dear.
 * Percentiles do not add up, so there is no 'other'. Not by user: a sketch for each user and hour would outweigh the raw rows.
 */
export async function latencyBy(
  clickhouse: ClickHouse,
  { by, limit, ...scope }: SpendScope & { by: Exclude<Dimension, 'user'>; limit: number },
): Promise<LatencyCut> {
  const rows = await querySpend<LatencyRow & { value: string | null; is_all: number }>(clickhouse, scope, {
    source: {
      rollup: rollupFor(null, scope.filter),
      groups: { source_value: DIMENSION_COLUMNS[by] },
      measures: LATENCY_MEASURES,
      where: ENDED_WELL,
    },
    select: `SELECT source_value AS value, toUInt8(grouping(source_value)) AS is_all, ${MERGED} FROM source
      GROUP BY ROLLUP(source_value) HAVING calls > 0
      ORDER BY is_all DESC, calls DESC, value LIMIT {rowsMax:UInt32}`,
    // All of them are a row too.
    params: { rowsMax: limit + 1 },
  })
  const [all, ...groups] = rows
  return {
    overall: all === undefined ? null : fromLatencyRow(all),
    groups: groups.map((row) => ({ value: row.value, ...fromLatencyRow(row) })),
  }
}

export interface LatencyCourse {
  /** Null when no call ended well. */
  readonly overall: Latency | null
  readonly points: readonly LatencyPoint[]
}

/** Bucket by bucket, and all of them together; a bucket without calls has no point. In one reading: merging sketches is dear. */
export async function latencyCourse(
  clickhouse: ClickHouse,
  { bucket, ...scope }: SpendScope & { bucket: Bucket },
): Promise<LatencyCourse> {
  const rows = await querySpend<LatencyRow & { at: string; is_all: number }>(clickhouse, scope, {
    source: {
      rollup: rollupFor(null, scope.filter),
      groups: { source_at: BUCKET_STARTS[bucket] },
      measures: LATENCY_MEASURES,
      where: ENDED_WELL,
    },
    select: `SELECT source_at AS at, toUInt8(grouping(source_at)) AS is_all, ${MERGED}
      FROM source GROUP BY ROLLUP(source_at) HAVING calls > 0 ORDER BY at`,
  })
  const all = rows.find((row) => row.is_all === 1)
  return {
    overall: all === undefined ? null : fromLatencyRow(all),
    points: rows
      .filter((row) => row.is_all === 0)
      .map((row) => ({ at: new Date(row.at), ...fromLatencyRow(row) })),
  }
}

const fromLatencyRow = ({
  calls,
  latency: [p50, p95, p99],
  ttft: [ttftP50, ttftP95],
}: LatencyRow): Latency => ({
  calls: Number(calls),
  p50Ms: Math.round(p50 ?? 0),
  p95Ms: Math.round(p95 ?? 0),
  p99Ms: Math.round(p99 ?? 0),
  ttftP50Ms: roundMs(ttftP50),
  ttftP95Ms: roundMs(ttftP95),
})

/** A sketch of nothing answers NaN, which is null in JSON. */
const roundMs = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.round(ms)
