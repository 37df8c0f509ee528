/**
 * What a spend chart shows, from the points of a query: every bucket of the range, the dearest values as series, the
 * rest as 'other'. Exact money stays in; only the drawing rounds.
 */
import { addUsd, type NanoUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import type { SpendPoint } from '../../db/clickhouse/queries/spend.ts'

export interface SpendSeries {
  readonly name: string
  readonly isOther: boolean
  readonly total: NanoUsd
  /** One amount a bucket, in the order of `buckets`. */
  readonly amounts: readonly NanoUsd[]
}

export interface SpendOverTime {
  readonly bucket: 'hour' | 'day'
  readonly buckets: readonly Date[]
  /** Dearest first, 'other' last. */
  readonly series: readonly SpendSeries[]
  readonly total: NanoUsd
}

const STEP_MS = { hour: 3_600_000, day: 86_400_000 } as const

/** `[from, until)` cut into buckets; a bucket without spend is there, with nothing in it. */
export function spendOverTimeOf(
  points: readonly Pick<SpendPoint, 'at' | 'value' | 'isOther' | 'cost'>[],
  range: { readonly from: Date; readonly until: Date; readonly bucket: 'hour' | 'day' },
): SpendOverTime {
  const stepMs = STEP_MS[range.bucket]
  const count = Math.ceil((range.until.getTime() - range.from.getTime()) / stepMs)
  const buckets = Array.from({ length: count }, (_, index) => new Date(range.from.getTime() + index * stepMs))
  const byName = new Map<string, { isOther: boolean; amounts: NanoUsd[] }>()
  for (const point of points) {
    const index = Math.floor((point.at.getTime() - range.from.getTime()) / stepMs)
    const name = drawable(point.value)
    const known = byName.get(name) ?? { isOther: point.isOther, amounts: buckets.map(() => zeroUsd) }
    byName.set(name, known)
    const before = known.amounts[index]
    if (before !== undefined) known.amounts[index] = addUsd(before, point.cost)
  }
  const series = [...byName]
    .map(([name, { isOther, amounts }]) => ({
      name,
      isOther,
      amounts,
      total: sumUsd(amounts),
    }))
    .filter(({ total }) => total > zeroUsd)
    .sort(
      (a, b) =>
        Number(a.isOther) - Number(b.isOther) || compare(b.total, a.total) || a.name.localeCompare(b.name),
    )
  return {
    bucket: range.bucket,
    buckets,
    series,
    total: sumUsd(series.map((one) => one.total)),
  }
}

/** A drawing is XML, which has no way to hold control characters or halves of surrogate pairs. */
const drawable = (value: string | null): string =>
  value === null || value === '' ? 'none given' : value.replaceAll(/\p{C}/gu, '?')

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
