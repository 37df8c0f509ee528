/** How long calls took over time: p50 and p95 as lines, how many calls there were as bars beneath. */
import { altTextFrom, type Chart, sentence } from './chart.ts'
import { type Shape, specOf } from './drawing.ts'
import {
  axisWidth,
  emptyShapes,
  headingOf,
  label,
  MARGIN,
  type Plot,
  timeAxis,
  valueAxis,
  yOf,
} from './frame.ts'
import { endLabels, linesOf } from './line-shapes.ts'
import { placed, type Scale, scaleOf } from './scale.ts'
import { cartesianChart } from './slack-chart.ts'
import { CHART_HEIGHT, CHART_WIDTH, GRID, LABEL_SIZE, SERIES_COLOURS } from './theme.ts'
import { sayInstant, sayTimeSpan, type TimeSpan, timeMarks, zoneName } from './time-marks.ts'
import { textWidth } from './typeface.ts'
import { axisDuration, briefCount, duration, durationUnit } from './units.ts'

export interface LatencyBucket {
  readonly at: Date
  readonly calls: number
  /** Null where no call ended well: a gap in the lines, as no latency is not a short one. */
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number } | null
}

export interface LatencyChart {
  readonly span: TimeSpan
  /** Ascending, one for every bucket of the span. */
  readonly buckets: readonly LatencyBucket[]
  /** Over the whole span; percentiles of buckets do not add up to it. Null when no call ended well. */
  readonly overall: { readonly p50Ms: number; readonly p95Ms: number } | null
  /** Such as `in the last 7 days`. */
  readonly when: string
}

const [P50_COLOUR, P95_COLOUR] = SERIES_COLOURS
const COUNT_HEIGHT = 44

export function latencyChart(chart: LatencyChart): Chart {
  const { buckets, span, overall } = chart
  const finding = findingOf(chart)
  const values = (pick: 'p50Ms' | 'p95Ms') => buckets.map(({ latency }) => latency?.[pick] ?? null)
  return {
    spec: specOf({ width: CHART_WIDTH, height: CHART_HEIGHT, shapes: shapesOf(chart, finding) }),
    finding,
    altText: altTextFrom([sentence(finding), ...(overall === null ? [] : [slowestOf(chart)])]),
    slackChart: cartesianChart({
      kind: 'line',
      title: `Latency ${chart.when}`,
      categories: buckets.map(({ at }) => sayInstant(at, span.timeZone)),
      series: [
        { name: 'p50', values: values('p50Ms') },
        { name: 'p95', values: values('p95Ms') },
      ],
      yLabel: 'ms',
    }),
  }
}

function findingOf({ overall, buckets, when }: LatencyChart): string {
  if (overall === null) return `No call ended well ${when}`
  const calls = buckets.reduce((sum, one) => sum + one.calls, 0)
  const { p50Ms, p95Ms } = overall
  return `Half of ${briefCount(calls)} calls took ${duration(p50Ms)} or less, 95% ${duration(p95Ms)} ${when}`
}

function slowestOf({ buckets, span }: LatencyChart): string {
  const slowest = buckets.reduce<LatencyBucket | null>(
    (most, one) => ((one.latency?.p95Ms ?? -1) > (most?.latency?.p95Ms ?? -1) ? one : most),
    null,
  )
  if (slowest?.latency == null) return ''
  return `Slowest at ${sayInstant(slowest.at, span.timeZone)}: p50 ${duration(slowest.latency.p50Ms)}, p95 ${duration(slowest.latency.p95Ms)}, ${briefCount(slowest.calls)} calls.`
}

function shapesOf(chart: LatencyChart, finding: string): Shape[] {
  const { span, buckets } = chart
  const subtitle = `Latency p50 and p95, and calls · ${sayTimeSpan(span)}, ${zoneName(span.timeZone, span.from)}`
  const heading = headingOf(finding, subtitle, CHART_WIDTH)
  const whole = {
    left: MARGIN,
    right: CHART_WIDTH - MARGIN,
    top: heading.bottom,
    bottom: CHART_HEIGHT - MARGIN,
  }
  const known = buckets.flatMap(({ latency }) => (latency === null ? [] : [latency]))
  if (known.length === 0) return [...heading.shapes, ...emptyShapes(whole, 'No latency to show in this time')]
  const scale = durationScale(known.flatMap(({ p50Ms, p95Ms }) => [p50Ms, p95Ms]))
  const say = (value: number): string => axisDuration(value, scale)
  const plot = {
    left: MARGIN + Math.max(axisWidth(scale, say), textWidth('calls', LABEL_SIZE) + 8),
    right: CHART_WIDTH - MARGIN - 84,
    top: heading.bottom + 4,
    bottom: CHART_HEIGHT - 38 - COUNT_HEIGHT - 16,
  }
  return [
    ...heading.shapes,
    ...valueAxis(plot, scale, say),
    ...lineShapes(chart, plot, scale),
    ...countShapes(chart, { ...plot, top: plot.bottom + 18, bottom: plot.bottom + 18 + COUNT_HEIGHT }),
  ]
}

/** Round in the unit that its marks are in: minutes have no round number of milliseconds. */
function durationScale(valuesMs: readonly number[]): Scale {
  const { sizeMs } = durationUnit(Math.max(...valuesMs))
  const { min, max, step, ticks } = scaleOf(valuesMs.map((ms) => ms / sizeMs))
  return {
    min: min * sizeMs,
    max: max * sizeMs,
    step: step * sizeMs,
    ticks: ticks.map((tick) => tick * sizeMs),
  }
}

function lineShapes({ buckets, span }: LatencyChart, plot: Plot, scale: Scale): Shape[] {
  const at = xIn(span, plot, buckets)
  const lines = [
    { name: 'p95', pick: 'p95Ms', colour: P95_COLOUR },
    { name: 'p50', pick: 'p50Ms', colour: P50_COLOUR },
  ] as const
  const ends = lines.map(({ name, pick, colour }) => {
    const last = buckets.findLast(({ latency }) => latency !== null)?.latency?.[pick] ?? 0
    return { text: `${name} ${duration(last)}`, y: yOf(last, scale, plot), fill: colour }
  })
  return [
    ...lines.flatMap(({ pick, colour }) =>
      linesOf(
        buckets.map(({ latency }, index) =>
          latency === null ? null : { x: at(index).x, y: yOf(latency[pick], scale, plot) },
        ),
        colour,
        2.5,
      ),
    ),
    ...endLabels(ends, plot.right + 8, plot),
  ]
}

/** How much of its bucket a bar takes. */
const BAR_SHARE = 0.8

function countShapes({ buckets, span }: LatencyChart, plot: Plot): Shape[] {
  const most = buckets.reduce((max, { calls }) => Math.max(max, calls), 0)
  const at = xIn(span, plot, buckets)
  const range = { from: span.from.getTime(), to: span.until.getTime() }
  return [
    ...buckets.map(({ calls }, index): Shape => {
      const height = most === 0 ? 0 : ((plot.bottom - plot.top) * calls) / most
      const { x, width } = at(index)
      return {
        kind: 'rect',
        x: x - (width * BAR_SHARE) / 2,
        y: plot.bottom - height,
        width: Math.max(0.5, width * BAR_SHARE),
        height,
        fill: '#A9ADB3',
      }
    }),
    {
      kind: 'line',
      points: [
        { x: plot.left, y: plot.bottom },
        { x: plot.right, y: plot.bottom },
      ],
      stroke: GRID,
      widthPx: 1,
    },
    label('calls', plot.left - 8, plot.bottom - 8, { align: 'right' }),
    label(`max ${briefCount(most)}`, plot.right + 8, plot.top + 8),
    ...timeAxis(plot, range, timeMarks(span)),
  ]
}

/** Lines go through the middle of their buckets. */
/** The middle of a bucket and how wide it is: the first and the last may be parts of one. */
function xIn(
  span: TimeSpan,
  plot: Plot,
  buckets: readonly LatencyBucket[],
): (index: number) => { readonly x: number; readonly width: number } {
  const range = { from: span.from.getTime(), to: span.until.getTime() }
  const xOf = (atMs: number) => placed(atMs, range, { from: plot.left, to: plot.right })
  return (index) => {
    const from = xOf(buckets[index]?.at.getTime() ?? range.from)
    const until = xOf(buckets[index + 1]?.at.getTime() ?? range.to)
    return { x: (from + until) / 2, width: until - from }
  }
}
