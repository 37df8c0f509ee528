/** What share of calls failed over time, by status: stacked bars, so that they add up to all that failed. */
import { altTextFrom, type Chart, sentence } from './chart.ts'
import { type Shape, specOf } from './drawing.ts'
import {
  axisWidth,
  emptyShapes,
  FOOTNOTE,
  footnote,
  headingOf,
  KEY_ROW,
  keyRows,
  keyShapes,
  LACKS_NOTE,
  MARGIN,
  type Plot,
  timeAxis,
  valueAxis,
  yOf,
} from './frame.ts'
import { drawnNames, withoutControls } from './names.ts'
import { placed, scaleOf } from './scale.ts'
import { cartesianChart } from './slack-chart.ts'
import { CHART_HEIGHT, CHART_WIDTH, seriesColour } from './theme.ts'
import { sayInstant, sayTimeSpan, type TimeSpan, timeMarks, zoneName } from './time-marks.ts'
import { briefCount, percent } from './units.ts'

export interface ErrorBucket {
  readonly at: Date
  /** All calls, those that ended well too. */
  readonly calls: number
}

export interface ErrorSeries {
  /** Such as `rate_limited`. */
  readonly status: string
  /** Failed calls, one a bucket. */
  readonly counts: readonly number[]
}

export interface ErrorChart {
  readonly span: TimeSpan
  readonly buckets: readonly ErrorBucket[]
  readonly statuses: readonly ErrorSeries[]
  readonly when: string
}

interface Failed {
  readonly name: string
  readonly isOther: boolean
  readonly counts: readonly number[]
  readonly total: number
}

const STATUSES_MAX = 5

export function errorChart(chart: ErrorChart): Chart {
  const failed = mostFirst(chart)
  const finding = findingOf(chart, failed)
  const calls = callsOf(chart)
  const parts = failed.map(({ name, total }) => `${name} ${briefCount(total)} (${shareWords(total, calls)})`)
  return {
    spec: specOf({ width: CHART_WIDTH, height: CHART_HEIGHT, shapes: shapesOf(chart, failed, finding) }),
    finding,
    altText: altTextFrom([sentence(finding), parts.length === 0 ? '' : `By status: ${parts.join(', ')}.`]),
    slackChart: cartesianChart({
      kind: 'bar',
      title: `Failed calls ${chart.when}`,
      categories: chart.buckets.map(({ at }) => sayInstant(at, chart.span.timeZone)),
      series: failed.map(({ name, counts }) => ({
        name,
        values: chart.buckets.map((bucket, index) => rate(counts[index] ?? 0, bucket.calls) * 100),
      })),
      yLabel: '% of calls',
    }),
  }
}

function mostFirst({ statuses, buckets }: ErrorChart): Failed[] {
  const named = statuses
    .map(({ status, counts }) => ({
      ...{ name: withoutControls(status), isOther: false, counts },
      total: counts.reduce((sum, count) => sum + count, 0),
    }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1))
  if (named.length <= STATUSES_MAX) return named
  const rest = named.slice(STATUSES_MAX)
  const counts = buckets.map((_, index) => rest.reduce((sum, one) => sum + (one.counts[index] ?? 0), 0))
  const total = rest.reduce((sum, one) => sum + one.total, 0)
  return [...named.slice(0, STATUSES_MAX), { name: 'other', isOther: true, counts, total }]
}

function findingOf(chart: ErrorChart, failed: readonly Failed[]): string {
  const calls = callsOf(chart)
  if (calls === 0) return `No calls ${chart.when}`
  const [first] = failed
  if (first === undefined) return `None of ${briefCount(calls)} calls failed ${chart.when}`
  const total = failed.reduce((sum, one) => sum + one.total, 0)
  const mostly = failed.length === 1 ? 'all' : 'mostly'
  return `${shareWords(total, calls)} of ${briefCount(calls)} calls failed ${chart.when}, ${mostly} ${drawnNames([first.name])[0]?.text ?? ''}`
}

function shapesOf(chart: ErrorChart, failed: readonly Failed[], finding: string): Shape[] {
  const { span, buckets } = chart
  const heading = headingOf(
    finding,
    `Failed calls, % of all, by status · ${sayTimeSpan(span)}, ${zoneName(span.timeZone, span.from)}`,
    CHART_WIDTH,
  )
  const room = {
    left: MARGIN,
    right: CHART_WIDTH - MARGIN,
    top: heading.bottom,
    bottom: CHART_HEIGHT - MARGIN,
  }
  if (failed.length === 0) {
    const text = callsOf(chart) === 0 ? 'No calls in this time' : 'No failed calls in this time'
    return [...heading.shapes, ...emptyShapes(room, text)]
  }
  const names = drawnNames(failed.map(({ name }) => name))
  const lacks = names.some((name) => name.lacks)
  const calls = callsOf(chart)
  const entries = failed.map(({ total, isOther }, index) => ({
    ...{
      name: names[index]?.text ?? '',
      value: shareWords(total, calls),
      colour: seriesColour(index, isOther),
    },
  }))
  const keyTop = CHART_HEIGHT - 12 - keyRows(entries) * KEY_ROW - (lacks ? FOOTNOTE : 0)
  const range = { from: span.from.getTime(), to: span.until.getTime() }
  const { shapes, plot } = barsOf(chart, failed, { ...room, bottom: keyTop - 32, top: room.top + 4 })
  return [
    ...heading.shapes,
    ...shapes,
    ...timeAxis(plot, range, timeMarks({ ...span, from: buckets[0]?.at ?? span.from })),
    ...keyShapes(entries, keyTop, CHART_WIDTH),
    ...(lacks ? [footnote(LACKS_NOTE, CHART_HEIGHT)] : []),
  ]
}

function barsOf(
  { buckets, span }: ErrorChart,
  failed: readonly Failed[],
  room: Plot,
): { shapes: Shape[]; plot: Plot } {
  const rates = buckets.map(({ calls }, index) => failed.map(({ counts }) => rate(counts[index] ?? 0, calls)))
  const scale = scaleOf(rates.map((one) => one.reduce((sum, value) => sum + value, 0)))
  const say = (value: number): string => percent(value)
  const plot = { ...room, left: MARGIN + axisWidth(scale, say) }
  const range = { from: span.from.getTime(), to: span.until.getTime() }
  const bars = rates.flatMap((parts, index) => {
    const pixels = { from: plot.left, to: plot.right }
    const from = placed(buckets[index]?.at.getTime() ?? range.from, range, pixels)
    const until = placed(buckets[index + 1]?.at.getTime() ?? range.to, range, pixels)
    let low = 0
    return parts.map((part, order): Shape => {
      const [top, bottom] = [yOf(low + part, scale, plot), yOf(low, scale, plot)]
      low += part
      const fill = seriesColour(order, failed[order]?.isOther ?? false)
      const width = Math.max(0.5, (until - from) * 0.84)
      return { kind: 'rect', x: from + (until - from) * 0.08, y: top, width, height: bottom - top, fill }
    })
  })
  return { shapes: [...valueAxis(plot, scale, say), ...bars], plot }
}

const callsOf = ({ buckets }: ErrorChart): number => buckets.reduce((sum, { calls }) => sum + calls, 0)

/** A bucket without calls failed none. */
const rate = (failed: number, calls: number): number => (calls <= 0 ? 0 : Math.min(1, failed / calls))

/** Never `0%` of something. */
const shareWords = (part: number, whole: number): string =>
  part > 0 && rate(part, whole) < 0.0005 ? 'under 0.1%' : percent(rate(part, whole))
