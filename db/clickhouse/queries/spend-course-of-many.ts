/**
 * The course of spend by a cut of which there may be many thousand values, as users are. Asked twice, for which are dearest
 * and then for their course: ranked in one statement, every value of every bucket would be kept and sorted, which are
 * millions. Of few values the one statement of spend.ts is the cheaper.
 */
import type { ClickHouse } from '../open.ts'
import { BUCKET_STARTS, type Bucket, type Cut, type SpendScope } from './scope.ts'
import { querySpend } from './source.ts'
import {
  fromSpendRow,
  SPEND_MEASURES,
  type SpendGroup,
  type SpendPoint,
  type SpendRow,
  spendBy,
  sums,
} from './spend.ts'
import { groupOf, rollupFor } from './spend-filter.ts'

/** The values that a course is drawn of, the dearest first; null is what carries none. */
export type Dearest = readonly (string | null)[]

export const dearestOf = (groups: readonly Pick<SpendGroup, 'value' | 'isOther'>[]): Dearest =>
  groups.filter(({ isOther }) => !isOther).map(({ value }) => value)

export const hasManyValues = (by: Cut): boolean => by === 'user' || typeof by === 'object'

export async function courseOfMany(
  clickhouse: ClickHouse,
  {
    by,
    bucket,
    topN,
    timeZone,
    dearest,
    ...scope
  }: SpendScope & { by: Cut; bucket: Bucket; topN: number; timeZone: string; dearest: Dearest | null },
): Promise<SpendPoint[]> {
  const values = dearest ?? dearestOf(await spendBy(clickhouse, { ...scope, by, limit: topN }))
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
