/**
 * Spend over time as stacked bars, with the names and totals of the series beneath them.
 * Invariant: the same data gives the same drawing; the title says the finding, so that nobody has to read the bars.
 */
import type { TopLevelSpec } from 'vega-lite'
import { type NanoUsd, percentOf, showUsd, zeroUsd } from '../../core/money.ts'
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
import { drawnNames, fitted } from './names.ts'
import { placed, type Scale, scaleOf } from './scale.ts'
import { cartesianChart, type SlackChart } from './slack-chart.ts'
import type { SpendOverTime } from './spend-series.ts'
import { CHART_HEIGHT, CHART_WIDTH, seriesColour } from './theme.ts'
import { sayDay, sayInstant, sayTimeSpan, timeMarks, zoneName } from './time-marks.ts'
import { axisUsd, briefUsd, dollars } from './units.ts'

export interface SpendChart {
  readonly data: SpendOverTime
  /** Such as `in the last 7 days`, and what the bars are cut by, such as `model`. */
  readonly when: string
  readonly by: string
}

export const spendChart = (chart: SpendChart): Chart => ({
  spec: spendChartSpec(chart),
  finding: findingOf(chart),
  altText: altTextOf(chart),
  slackChart: slackChartOf(chart),
})

/** One sentence that says what the chart shows; also its title and the start of its alt text. */
export function findingOf({ data, when }: SpendChart): string {
  const [first] = data.series
  if (!first) return `No spend ${when}`
  const name = drawnNames([first.name]).map(({ text }) => fitted(text, NAME_ROOM))[0]
  if (data.total <= zeroUsd) return `${showUsd(data.total)} ${when}: adjustments took back what was spent`
  if (data.series.length === 1) return `${name} is all of ${briefUsd(data.total)} ${when}`
  return `${name} is ${Math.min(100, percentOf(first.total, data.total))}% of ${briefUsd(data.total)} ${when}`
}

const NAME_ROOM = { widthPx: 230, fontSize: 17, weight: 600 } as const

/** For people who cannot see the picture: the finding, then every figure that it draws. At most 1000 characters. */
export function altTextOf(chart: SpendChart): string {
  const parts = chart.data.series.map(({ name, total }) => `${name} ${showUsd(total)}`)
  if (parts.length === 0) return findingOf(chart)
  return altTextFrom([sentence(findingOf(chart)), `By ${chart.by}: ${parts.join(', ')}.`])
}

export function spendChartSpec(chart: SpendChart): TopLevelSpec {
  const { data } = chart
  const { series, bucket, timeZone, until } = data
  const [from] = data.buckets
  const span = from === undefined ? '' : ` · ${sayTimeSpan({ from, until, timeZone })}`
  const zone = zoneName(timeZone, from ?? until)
  const heading = headingOf(
    findingOf(chart),
    `Spend by ${chart.by} and ${bucket}, ${zone}${span}`,
    CHART_WIDTH,
  )
  const names = drawnNames(series.map(({ name }) => name))
  const lacks = names.some((name) => name.lacks)
  const entries = series.map(({ total, isOther }, index) => ({
    ...{ name: names[index]?.text ?? '', value: briefUsd(total), colour: seriesColour(index, isOther) },
  }))
  const keyTop = CHART_HEIGHT - 12 - keyRows(entries) * KEY_ROW - (lacks ? FOOTNOTE : 0)
  const whole = {
    left: MARGIN,
    right: CHART_WIDTH - MARGIN,
    top: heading.bottom,
    bottom: CHART_HEIGHT - MARGIN,
  }
  const shapes =
    series.length === 0 || from === undefined
      ? emptyShapes(whole, 'No priced calls in this time')
      : [
          ...plotShapes(data, { ...whole, bottom: keyTop - 32 }),
          ...keyShapes(entries, keyTop, CHART_WIDTH),
          ...(lacks ? [footnote(LACKS_NOTE, CHART_HEIGHT)] : []),
        ]
  return specOf({ width: CHART_WIDTH, height: CHART_HEIGHT, shapes: [...heading.shapes, ...shapes] })
}

function plotShapes(data: SpendOverTime, room: Plot): Shape[] {
  const [first] = data.buckets
  const range = { from: first?.getTime() ?? 0, to: data.until.getTime() }
  const stacks = stacksOf(data)
  const scale = scaleOf(stacks.flatMap(({ segments }) => segments.flatMap(({ low, high }) => [low, high])))
  const say = (value: number): string => axisUsd(value, scale.step)
  const plot = { ...room, left: MARGIN + axisWidth(scale, say), top: room.top + 4 }
  const marks = timeMarks({ from: new Date(range.from), until: data.until, timeZone: data.timeZone })
  return [
    ...valueAxis(plot, scale, say),
    ...barShapes(data, { plot, scale, range }),
    ...timeAxis(plot, range, placedMarks(data, marks)),
  ]
}

/** The mark of a day stands beneath its bar's middle, that of an hour or a month where it begins. */
const placedMarks = ({ bucket, buckets, until }: SpendOverTime, marks: ReturnType<typeof timeMarks>) =>
  bucket !== 'day' || buckets.length > 31
    ? marks
    : marks.map((mark) => {
        const index = buckets.findIndex((at) => at.getTime() === mark.atMs)
        const end = buckets[index + 1] ?? until
        return index < 0 ? mark : { ...mark, atMs: (mark.atMs + end.getTime()) / 2 }
      })

interface Drawn {
  readonly plot: Plot
  readonly scale: Scale
  readonly range: { readonly from: number; readonly to: number }
}

function barShapes(data: SpendOverTime, { plot, scale, range }: Drawn): Shape[] {
  const pixels = { from: plot.left, to: plot.right }
  const wide = (plot.right - plot.left) / data.buckets.length
  if (wide < 2) return areaShapes(data, { plot, scale, range })
  const gap = wide > 12 ? wide * 0.22 : wide > 3 ? wide * 0.12 : 0
  return stacksOf(data).flatMap(({ from, until, segments }) => {
    const left = placed(from, range, pixels) + gap / 2
    const width = Math.max(0.5, placed(until, range, pixels) - gap / 2 - left)
    return segments.map(({ low, high, fill }): Shape => {
      const [top, bottom] = [yOf(high, scale, plot), yOf(low, scale, plot)]
      // A line of white keeps neighbours apart where there is room for one.
      const seam = bottom - top > 4 ? 0.75 : 0
      return { kind: 'rect', x: left, y: top + seam, width, height: Math.max(0, bottom - top - seam), fill }
    })
  })
}

/** Bars narrower than the pixels of a screen shimmer; the same steps as one outline a series do not. */
function areaShapes(data: SpendOverTime, { plot, scale, range }: Drawn): Shape[] {
  const pixels = { from: plot.left, to: plot.right }
  const stacks = stacksOf(data)
  return data.series.map(({ isOther }, order): Shape => {
    const fill = seriesColour(order, isOther)
    const points = stacks.flatMap(({ from, until, segments }) => {
      const below = segments.filter((segment) => segment.order < order && segment.high > 0)
      const base = below.reduce((most, { high }) => Math.max(most, high), 0)
      const { low, high } = segments.find((segment) => segment.order === order) ?? { low: base, high: base }
      const [y, y2] = [yOf(high, scale, plot), yOf(low, scale, plot)]
      return [from, until].map((at) => ({ x: placed(at, range, pixels), y, y2 }))
    })
    return { kind: 'area', points, fill, opacity: 1 }
  })
}

interface Stack {
  readonly from: number
  readonly until: number
  readonly segments: readonly {
    readonly order: number
    readonly low: number
    readonly high: number
    readonly fill: string
  }[]
}

/** What was taken back hangs below zero, and takes nothing from what stands above. */
function stacksOf({ buckets, until, series }: SpendOverTime): Stack[] {
  return buckets.map((at, index) => {
    let [above, below] = [0, 0]
    const segments = series.flatMap(({ amounts, isOther }, order) => {
      const amount = dollars(amounts[index] ?? zeroUsd)
      if (amount === 0) return []
      const [low, high] = amount > 0 ? [above, above + amount] : [below + amount, below]
      if (amount > 0) above = high
      else below = low
      return [{ order, low, high, fill: seriesColour(order, isOther) }]
    })
    return { from: at.getTime(), until: (buckets[index + 1] ?? until).getTime(), segments }
  })
}

function slackChartOf({ data, when, by }: SpendChart): SlackChart | null {
  const inZone = (at: Date): string =>
    data.bucket === 'hour' ? sayInstant(at, data.timeZone) : sayDay(at, data.timeZone)
  return cartesianChart({
    kind: 'bar',
    title: `Spend by ${by} ${when}`,
    categories: data.buckets.map(inZone),
    series: data.series.map(({ name, amounts }) => ({ name, values: amounts.map(toCents) })),
    yLabel: 'USD',
  })
}

/** Slack draws what it is given: digits beyond those of a tooltip are noise. */
const toCents = (amount: NanoUsd): number => Number(dollars(amount).toPrecision(6))
