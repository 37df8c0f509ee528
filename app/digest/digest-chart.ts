/**
 * The chart of a digest in a channel: what each of the last seven days that it tells of came to, by model. Its name holds
 * the days, so that a picture that Slack fetches anew is of the same time.
 */
import type { DigestRule } from '../../core/digest/digest-slot.ts'
import { digestSpans } from '../../core/digest/digest-spans.ts'
import type { Reach } from '../../core/people/reach.ts'
import { spendOverTime } from '../../db/clickhouse/queries/spend.ts'
import type { DigestPicture } from '../blocks/digest.ts'
import type { Chart } from '../charts/chart.ts'
import { chartUrl, signChartLink } from '../charts/chart-link.ts'
import { spendChart } from '../charts/spend-chart.ts'
import { SERIES_MAX, spendOverTimeOf } from '../charts/spend-series.ts'
import { sayTimeSpan, type TimeSpan } from '../charts/time-marks.ts'
import type { AppDeps } from '../deps.ts'
import { seenCalls } from '../seen/seen.ts'
import { nameOf } from '../spend/read-spend.ts'

const OF_A_DIGEST = 'digest'

/** The seven days before a slot, also where the digest tells of the last of them alone. */
export function daysOfDigest({ timeZone }: DigestRule, slotDay: string): TimeSpan {
  const { told } = digestSpans({ cadence: { kind: 'weekly', weekday: 1 }, timeZone }, slotDay)
  return { ...told, timeZone }
}

export const digestChartName = ({ from, until, timeZone }: TimeSpan): string =>
  [OF_A_DIGEST, from.getTime(), until.getTime(), timeZone].join('|')

/** Null for a name that is none of ours. */
export function readDigestChartName(name: string): TimeSpan | null {
  const [kind, fromMs, untilMs, timeZone] = name.split('|')
  const [from, until] = [new Date(Number(fromMs)), new Date(Number(untilMs))]
  const isOurs = kind === OF_A_DIGEST && timeZone !== undefined && from < until
  return isOurs ? { from, until, timeZone } : null
}

/** Null without an address that Slack can fetch it from, and where there is nothing to draw. */
export async function digestPicture(
  deps: Pick<AppDeps, 'clickhouse' | 'keyring' | 'publicAppUrl' | 'now'>,
  { reach, rule, slotDay }: { readonly reach: Reach; readonly rule: DigestRule; readonly slotDay: string },
): Promise<DigestPicture | null> {
  const { publicAppUrl, keyring } = deps
  if (publicAppUrl === null) return null
  const days = daysOfDigest(rule, slotDay)
  const chart = await readDigestChart(deps, reach, days)
  if (chart === null) return null
  const linked = { orgId: reach.orgId, chart: digestChartName(days) }
  return { url: chartUrl(publicAppUrl, signChartLink(linked, keyring, deps.now())), altText: chart.altText }
}

/** Null where there were no calls. */
export async function readDigestChart(
  { clickhouse }: Pick<AppDeps, 'clickhouse'>,
  reach: Reach,
  days: TimeSpan,
): Promise<Chart | null> {
  const { timeZone } = days
  const asked = { ...seenCalls(reach, days), by: 'model', bucket: 'day', topN: SERIES_MAX, timeZone } as const
  const points = await spendOverTime(clickhouse, asked)
  if (points.length === 0) return null
  const named = points.map((point) => ({ ...point, value: nameOf(point, (value) => value) }))
  const range = { ...days, bucket: 'day', when: `from ${sayTimeSpan(days)}` } as const
  return spendChart({ data: spendOverTimeOf(named, range), when: range.when, by: 'model' })
}
