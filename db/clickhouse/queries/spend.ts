/**
 * What was spent: in all, by one dimension, and over time.
 * Invariant: sums are exact integers; what has no price is counted beside them and never as $0 alone.
 */
import { type NanoUsd, nanoUsd } from '../../../core/money.ts'
import type { ClickHouse } from '../open.ts'
import { BUCKET_STARTS, type Bucket, type Cut, type SpendScope } from './scope.ts'
import { type Measure, querySpend } from './source.ts'
import { courseOfMany, type Dearest, hasManyValues } from './spend-course-of-many.ts'
import { groupOf, rollupFor } from './spend-filter.ts'

export interface Spend {
  readonly cost: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
  readonly tokensIn: number
  readonly tokensOut: number
  readonly tokensCacheRead: number
}

/** `value` is null where the events name none, and 'other' with `isOther` where the rest is folded together. */
export interface SpendGroup extends Spend {
  readonly value: string | null
  readonly isOther: boolean
}

export interface SpendPoint extends SpendGroup {
  /** When the hour or the day begins. */
  readonly at: Date
}

const summed = (column: string): Measure => ({ rolled: `sum(${column})`, raw: `sum(${column})` })

export const SPEND_MEASURES: Readonly<Record<string, Measure>> = {
  source_cost: { rolled: 'sum(cost_nano_usd)', raw: 'sum(ifNull(cost_nano_usd, 0))' },
  source_events: { rolled: 'sum(events)', raw: 'sum(calls)' },
  source_unpriced: { rolled: 'sum(unpriced_events)', raw: 'sum(unpriced_calls)' },
  source_tokens_in: summed('tokens_in'),
  source_tokens_out: summed('tokens_out'),
  source_tokens_cache_read: summed('tokens_cache_read'),
}
/** Sums every measure of one step of the statement for the next; each step has a prefix, as SQL aliases are global. */
export const sums = (from: string, to: string): string =>
  Object.keys(SPEND_MEASURES)
    .map((name) => name.replace('source_', ''))
    .map((name) => `sum(${from}${name}) AS ${to}${name}`)
    .join(', ')

export interface SpendRow {
  cost: string
  events: string
  unpriced: string
  tokens_in: string
  tokens_out: string
  tokens_cache_read: string
}
interface GroupRow extends SpendRow {
  value: string | null
  is_other: number
}

export async function totals(clickhouse: ClickHouse, scope: SpendScope): Promise<Spend> {
  const [row] = await querySpend<SpendRow>(clickhouse, scope, {
    source: { rollup: rollupFor(null, scope.filter), groups: {}, measures: SPEND_MEASURES },
    select: `SELECT ${sums('source_', '')} FROM source`,
  })
  if (row === undefined) throw new Error('ClickHouse answered an aggregate with no row')
  return fromSpendRow(row)
}

/** The `limit` dearest values, dearest first, and the rest as one 'other' at the end. */
export async function spendBy(
  clickhouse: ClickHouse,
  { by, limit, ...scope }: SpendScope & { by: Cut; limit: number },
): Promise<SpendGroup[]> {
  const group = groupOf(by)
  const rows = await querySpend<GroupRow>(clickhouse, scope, {
    source: {
      rollup: rollupFor(by, scope.filter),
      groups: { source_value: group.column },
      measures: SPEND_MEASURES,
    },
    select: `
      SELECT if(place > {limit:UInt32}, 'other', group_value) AS value, place > {limit:UInt32} AS is_other,
        ${sums('group_', '')}
      FROM (
        SELECT *, row_number() OVER (ORDER BY group_cost DESC, group_events DESC, group_value) AS place
        FROM (SELECT source_value AS group_value, ${sums('source_', 'group_')} FROM source GROUP BY group_value)
      )
      GROUP BY value, is_other
      ORDER BY is_other, cost DESC, events DESC, value`,
    params: { limit, ...group.params },
  })
  return rows.map(fromGroupRow)
}

/**
 * The `topN` dearest values of the whole range, bucket by bucket, the rest as 'other'; empty buckets have no point. Days
 * are those of `timeZone`; where its midnights are no whole hours of UTC, the hour that holds one counts to the day before.
 * Who has asked for the dearest values of a cut of many already gives them, and they are not looked for again.
 */
export async function spendOverTime(
  clickhouse: ClickHouse,
  {
    by,
    bucket,
    topN,
    timeZone = 'UTC',
    dearest = null,
    ...scope
  }: SpendScope & { by: Cut; bucket: Bucket; topN: number; timeZone?: string; dearest?: Dearest | null },
): Promise<SpendPoint[]> {
  if (hasManyValues(by))
    return await courseOfMany(clickhouse, { ...scope, by, bucket, topN, timeZone, dearest })
  const group = groupOf(by)
  const rows = await querySpend<GroupRow & { at: string }>(clickhouse, scope, {
    source: {
      rollup: rollupFor(by, scope.filter),
      groups: {
        source_at: bucket === 'day' ? 'toStartOfDay(hour, {timeZone:String})' : BUCKET_STARTS.hour,
        source_value: group.column,
      },
      measures: SPEND_MEASURES,
    },
    select: `
      SELECT group_at AS at, if(place > {topN:UInt32}, 'other', group_value) AS value,
        place > {topN:UInt32} AS is_other, ${sums('group_', '')}
      FROM (
        SELECT *, dense_rank() OVER (ORDER BY value_cost DESC, value_events DESC, group_value) AS place
        FROM (
          SELECT *, sum(group_cost) OVER (PARTITION BY group_value) AS value_cost,
            sum(group_events) OVER (PARTITION BY group_value) AS value_events
          FROM (
            SELECT source_at AS group_at, source_value AS group_value, ${sums('source_', 'group_')}
            FROM source GROUP BY group_at, group_value
          )
        )
      )
      GROUP BY at, value, is_other
      ORDER BY at, is_other, min(place)`,
    params: { topN, timeZone, ...group.params },
  })
  return rows.map((row) => ({ at: new Date(row.at), ...fromGroupRow(row) }))
}

const fromGroupRow = (row: GroupRow): SpendGroup => ({
  value: row.value,
  isOther: row.is_other === 1,
  ...fromSpendRow(row),
})

export const fromSpendRow = (row: SpendRow): Spend => ({
  cost: nanoUsd(BigInt(row.cost)),
  events: Number(row.events),
  unpricedEvents: Number(row.unpriced),
  tokensIn: Number(row.tokens_in),
  tokensOut: Number(row.tokens_out),
  tokensCacheRead: Number(row.tokens_cache_read),
})
