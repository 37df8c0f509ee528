/** A range of time cut into hours, days, weeks or months as the clock of a zone has them. */
import { Temporal } from 'temporal-polyfill'

export type BucketSize = 'hour' | 'day' | 'week' | 'month'

/** `[from, until)`. */
export interface BucketedRange {
  readonly from: Date
  readonly until: Date
  readonly bucket: BucketSize
  /** An IANA name; days of 23 and 25 hours are as long as they are. */
  readonly timeZone: string
}

export interface Buckets {
  /** Ascending; the first is `from`, even within a day. */
  readonly starts: readonly Date[]
  /** Null for an instant outside the range. */
  indexOf(at: Date): number | null
}

/** Nobody can tell more apart. */
const BUCKETS_MAX = 2_000

/** Throws a RangeError for a range of more than 2,000 buckets: it is to be asked in larger ones. */
export function bucketsOf({ from, until, bucket, timeZone }: BucketedRange): Buckets {
  const starts: Date[] = []
  const first = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(timeZone)
  const base = floorOf(first, bucket)
  for (let index = 0; ; index += 1) {
    const at = index === 0 ? from.getTime() : base.add({ [`${bucket}s`]: index }).epochMilliseconds
    if (at >= until.getTime()) break
    if (starts.length >= BUCKETS_MAX) throw new RangeError(`more than ${BUCKETS_MAX} ${bucket}s in one chart`)
    starts.push(new Date(at))
  }
  return {
    starts,
    indexOf: (at) => (at < from || at >= until ? null : lastNotAfter(starts, at)),
  }
}

function floorOf(at: Temporal.ZonedDateTime, bucket: BucketSize): Temporal.ZonedDateTime {
  if (bucket === 'hour') return at.round({ smallestUnit: 'hour', roundingMode: 'floor' })
  const day = at.startOfDay()
  if (bucket === 'week') return day.subtract({ days: at.dayOfWeek - 1 })
  return bucket === 'month' ? day.with({ day: 1 }) : day
}

function lastNotAfter(starts: readonly Date[], at: Date): number | null {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const start = starts[middle]
    if (start !== undefined && start <= at) low = middle
    else high = middle - 1
  }
  return starts.length === 0 ? null : low
}
