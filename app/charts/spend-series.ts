/**
 * What a spend chart shows, from the points of a query: every bucket of the range, the dearest values as series, the
 * rest as 'other'. Exact money stays in; only the drawing rounds.
 */
import { addUsd, type NanoUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import type { SpendPoint } from '../../db/clickhouse/queries/spend.ts'
import { type BucketedRange, type BucketSize, bucketsOf } from './buckets.ts'
import { withoutControls } from './names.ts'

export interface SpendSeries {
  readonly name: string
  readonly isOther: boolean
  readonly total: NanoUsd
  /** One amount a bucket, in the order of `buckets`; below zero where adjustments took more back. */
  readonly amounts: readonly NanoUsd[]
}

export interface SpendOverTime {
  readonly bucket: BucketSize
  readonly buckets: readonly Date[]
  readonly until: Date
  readonly timeZone: string
  /** Dearest first, 'other' last. */
  readonly series: readonly SpendSeries[]
  readonly total: NanoUsd
}

/** As many as there are colours to tell apart. */
export const SERIES_MAX = 6

/**
 * `[from, until)` cut into buckets; a bucket without spend is there, with nothing in it. Points may be finer than the
 * buckets: hours make the days of any zone whose clock is whole hours from UTC.
 */
export function spendOverTimeOf(
  points: readonly Pick<SpendPoint, 'at' | 'value' | 'isOther' | 'cost'>[],
  range: Omit<BucketedRange, 'timeZone'> & { readonly timeZone?: string },
  seriesMax = SERIES_MAX,
): SpendOverTime {
  const spanned = { ...range, timeZone: range.timeZone ?? 'UTC' }
  const { starts, indexOf } = bucketsOf(spanned)
  const byName = new Map<string, SpendSeries & { amounts: NanoUsd[] }>()
  for (const point of points) {
    const name = point.isOther ? 'other' : withoutControls(point.value)
    // A model may be called 'other' too.
    const key = `${point.isOther ? 'o' : 's'}${name}`
    const known = byName.get(key) ?? {
      name,
      isOther: point.isOther,
      total: zeroUsd,
      amounts: starts.map(() => zeroUsd),
    }
    byName.set(key, known)
    const index = indexOf(point.at)
    const before = index === null ? undefined : known.amounts[index]
    if (index !== null && before !== undefined) known.amounts[index] = addUsd(before, point.cost)
  }
  const series = [...byName.values()]
    .map((one) => ({ ...one, total: sumUsd(one.amounts) }))
    .filter(({ amounts }) => amounts.some((amount) => amount !== zeroUsd))
    .sort(
      (a, b) => Number(a.isOther) - Number(b.isOther) || compare(b.total, a.total) || compare(a.name, b.name),
    )
  return {
    bucket: range.bucket,
    buckets: starts,
    until: range.until,
    timeZone: spanned.timeZone,
    series: fold(series, seriesMax),
    total: sumUsd(series.map((one) => one.total)),
  }
}

function fold(series: readonly SpendSeries[], seriesMax: number): readonly SpendSeries[] {
  const named = series.filter(({ isOther }) => !isOther)
  if (named.length <= seriesMax) return series
  const rest = [...named.slice(seriesMax), ...series.filter(({ isOther }) => isOther)]
  const amounts = (rest[0]?.amounts ?? []).map((_, index) =>
    sumUsd(rest.map((one) => one.amounts[index] ?? zeroUsd)),
  )
  return [...named.slice(0, seriesMax), { name: 'other', isOther: true, amounts, total: sumUsd(amounts) }]
}

const compare = <Value extends bigint | string>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0)
