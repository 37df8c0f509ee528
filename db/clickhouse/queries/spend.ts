/**
 * What was spent: in all, by one dimension, and over time.
 * Invariant: sums are exact integers; what has no price is counted beside them and never as $0 alone.
 */
import { type NanoUsd, nanoUsd } from '../../../core/money.ts'
import type { ClickHouse } from '../open.ts'
import { BUCKET_STARTS, type Bucket, type Cut, type SpendScope } from './scope.ts'
import { type Measure, querySpend } from './source.ts'
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

const SPEND_MEASURES: Readonly<Record<string, Measure>> = {
  source_cost: { rolled: 'sum(cost_nano_usd)', raw: 'sum(ifNull(cost_nano_usd, 0))' },
  source_events: { rolled: 'sum(events)', raw: 'sum(calls)' },
  source_unpriced: { rolled: 'sum(unpriced_events)', raw: 'sum(unpriced_calls)' },
  source_tokens_in: summed('tokens_in'),
  source_tokens_out: summed('tokens_out'),
  source_tokens_cache_read: summed('tokens_cache_read'),
}
/** Sums every measure of one step of the statement for the next; each step has a prefix, as SQL aliases are global. */
const sums = (from: string, to: string): string =>
  Object.keys(SPEND_MEASURES)
    .map((name) => name.replace('source_', ''))
    .map((name) => `sum(${from}${name}) AS ${to}${name}`)
    .join(', ')

interface SpendRow {
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
 *
 * Asked twice, for which values are dearest and then for their course: ranked in one statement, every value of every bucket
 * would be kept and sorted, which are millions for users.
 */
export async function spendOverTime(
  clickhouse: ClickHouse,
  {
    by,
    bucket,
    topN,
    timeZone = 'UTC',
    ...scope
  }: SpendScope & { by: Cut; bucket: Bucket; topN: number; timeZone?: string },
): Promise<SpendPoint[]> {
  const dearest = await spendBy(clickhouse, { ...scope, by, limit: topN })
  const values = dearest.filter(({ isOther }) => !isOther).map(({ value }) => value)
  const group = groupOf(by)
  const rows = await querySpend<SpendRow & { at: string; place: number }>(clickhouse, scope, {
    source: {
      rollup: rollupFor(by, scope.filter),
      groups: {
        source_at: bucket === 'day' ? 'toStartOfDay(hour, {timeZone:String})' : BUCKET_STARTS.hour,
        source_place: placeOf(group.column),
      },
      measures: SPEND_MEASURES,
    },
    select: `
      SELECT source_at AS at, toUInt32(source_place) AS place, ${sums('source_', '')}
      FROM source GROUP BY at, place ORDER BY at, place`,
    params: { timeZone, ...group.params, ...placesOf(values) },
  })
  const points = rows.map(({ at, place, ...row }) => ({
    at: new Date(at),
    place: place === 0 ? values.length : place - 1,
    ...fromSpendRow(row),
  }))
  return points
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.place - b.place)
    .map(({ place, ...point }) => {
      const isOther = place === values.length
      return { ...point, value: isOther ? 'other' : (values[place] ?? null), isOther }
    })
}

/** The place of a value among those that are named, from 1; 0 of all others. What carries none has a place of its own. */
const placeOf = (column: string): string =>
  `if(isNull(${column}), {placeOfNone:UInt32},
    transform(toString(assumeNotNull(${column})), {named:Array(String)}, {places:Array(UInt32)}, toUInt32(0)))`

function placesOf(values: readonly (string | null)[]): Record<string, unknown> {
  const placed = values.flatMap((value, index) => (value === null ? [] : [{ value, place: index + 1 }]))
  return {
    named: placed.map(({ value }) => value),
    places: placed.map(({ place }) => place),
    placeOfNone: values.indexOf(null) + 1,
  }
}

const fromGroupRow = (row: GroupRow): SpendGroup => ({
  value: row.value,
  isOther: row.is_other === 1,
  ...fromSpendRow(row),
})

const fromSpendRow = (row: SpendRow): Spend => ({
  cost: nanoUsd(BigInt(row.cost)),
  events: Number(row.events),
  unpricedEvents: Number(row.unpriced),
  tokensIn: Number(row.tokens_in),
  tokensOut: Number(row.tokens_out),
  tokensCacheRead: Number(row.tokens_cache_read),
})
