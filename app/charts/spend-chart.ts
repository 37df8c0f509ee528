/**
 * Spend over time as stacked bars, with the names and totals of the series beside them.
 * Invariant: the same data gives the same drawing; the title says the finding, so that nobody has to read the bars.
 */
import type { TopLevelSpec } from 'vega-lite'
import { NANOS_PER_USD, type NanoUsd, percentOf, showUsd, zeroUsd } from '../../core/money.ts'
import type { SpendOverTime, SpendSeries } from './spend-series.ts'
import { CHART_HEIGHT, CHART_WIDTH, INK, OTHER_COLOUR, QUIET, SERIES_COLOURS, themeConfig } from './theme.ts'

export interface SpendChart {
  readonly data: SpendOverTime
  /** Such as `in the last 7 days`, and what the bars are cut by, such as `model`. */
  readonly when: string
  readonly by: string
}

const NAME_CHARS_MAX = 24
const LABELS_MAX = 8
const KEY_WIDTH = 190
const PLOT = { left: 74, top: 84, right: KEY_WIDTH + 36, bottom: 40 }

/** One sentence that says what the chart shows; also its title and the start of its alt text. */
export function findingOf({ data, when }: SpendChart): string {
  const [first] = data.series
  if (!first) return `No spend ${when}`
  const share = percentOf(first.total, data.total)
  if (data.series.length === 1) return `${clip(first.name)} is all of ${showUsd(data.total)} ${when}`
  return `${clip(first.name)} is ${share}% of ${showUsd(data.total)} ${when}`
}

/** For people who cannot see the picture: the finding, then every figure that it draws. At most 1000 characters. */
export function altTextOf(chart: SpendChart): string {
  const parts = chart.data.series.map(({ name, total }) => `${name} ${showUsd(total)}`)
  const text =
    parts.length === 0 ? findingOf(chart) : `${findingOf(chart)}. By ${chart.by}: ${parts.join(', ')}.`
  return text.length <= 1000 ? text : `${text.slice(0, 999)}…`
}

export function spendChartSpec(chart: SpendChart): TopLevelSpec {
  const { data } = chart
  return {
    width: CHART_WIDTH - PLOT.left - PLOT.right,
    height: CHART_HEIGHT - PLOT.top - PLOT.bottom,
    padding: { left: PLOT.left, top: PLOT.top, right: PLOT.right, bottom: PLOT.bottom },
    autosize: { type: 'none' },
    config: themeConfig,
    layer: [
      ...headingLayers(chart),
      ...(data.series.length === 0 ? [emptyLayer()] : [barLayer(data), ...keyLayers(data)]),
    ],
  }
}

/** As text at fixed places: Vega's own title moves with the width of the axis, which it can only guess. */
function headingLayers(chart: SpendChart) {
  const line = (
    text: string,
    y: number,
    font: { fontSize: number; fontWeight: 400 | 600; color: string },
  ) => ({
    data: { values: [{}] },
    mark: { type: 'text' as const, text, align: 'left' as const, baseline: 'middle' as const, ...font },
    encoding: { x: { value: 16 - PLOT.left }, y: { value: y - PLOT.top } },
  })
  const subtitle = `Spend by ${chart.by} and ${chart.data.bucket}, UTC · ${span(chart.data)}`
  return [
    line(findingOf(chart), 26, { fontSize: 17, fontWeight: 600, color: INK }),
    line(subtitle, 50, { fontSize: 13, fontWeight: 400, color: QUIET }),
  ]
}

function barLayer({ bucket, buckets, series }: SpendOverTime) {
  const labels = buckets.map((at) => bucketLabel(at, bucket))
  const step = Math.ceil(labels.length / LABELS_MAX)
  const values = series.flatMap((one, order) =>
    one.amounts.map((amount, index) => ({ at: index, name: one.name, order, usd: toNumber(amount) })),
  )
  const names = series.map(({ name }) => name)
  const places = placesFor(Math.max(...buckets.map((_, index) => heightOf(series, index))))
  return {
    data: { values },
    mark: { type: 'bar' as const, cornerRadiusEnd: 0, binSpacing: 0 },
    encoding: {
      x: {
        field: 'at',
        type: 'ordinal' as const,
        scale: { domain: buckets.map((_, index) => index), paddingInner: buckets.length > 40 ? 0.1 : 0.28 },
        axis: {
          values: buckets.map((_, index) => index).filter((index) => index % step === 0),
          labelExpr: `${JSON.stringify(labels)}[datum.value]`,
          labelAngle: 0,
          ticks: false,
          grid: false,
        },
      },
      y: {
        field: 'usd',
        type: 'quantitative' as const,
        stack: 'zero' as const,
        axis: {
          format: `$,.${places}f`,
          tickCount: 5,
          labelExpr: "datum.value === 0 ? '$0' : datum.label",
          domain: false,
          ticks: false,
        },
      },
      color: {
        field: 'name',
        type: 'nominal' as const,
        scale: { domain: names, range: coloursOf(series) },
        legend: null,
      },
      order: { field: 'order', type: 'quantitative' as const },
    },
  }
}

/** The key stands at the right in the order of size, each name in ink beside its colour, with its total. */
function keyLayers({ series }: SpendOverTime) {
  const x = CHART_WIDTH - PLOT.left - PLOT.right + 22
  const lineHeight = 40
  return series.flatMap((one, index) => {
    const y = 8 + index * lineHeight
    const colour = coloursOf(series)[index] ?? OTHER_COLOUR
    const at = { x: { value: x }, y: { value: y } }
    const text = (words: string, dy: number, color: string, fontWeight: 400 | 600) => ({
      data: { values: [{}] },
      mark: {
        type: 'text' as const,
        text: words,
        align: 'left' as const,
        dx: 14,
        dy,
        fontSize: 13,
        color,
        fontWeight,
      },
      encoding: at,
    })
    return [
      {
        data: { values: [{}] },
        mark: { type: 'square' as const, size: 110, color: colour, opacity: 1, filled: true },
        encoding: at,
      },
      text(clip(one.name), 0, INK, 600),
      text(showUsd(one.total), 16, QUIET, 400),
    ]
  })
}

const emptyLayer = () => ({
  data: { values: [{}] },
  mark: { type: 'text' as const, text: 'No priced calls in this time', fontSize: 15, color: QUIET },
  encoding: {
    x: { value: (CHART_WIDTH - PLOT.left - PLOT.right) / 2 + KEY_WIDTH / 2 },
    y: { value: (CHART_HEIGHT - PLOT.top - PLOT.bottom) / 2 },
  },
})

const coloursOf = (series: readonly SpendSeries[]): string[] =>
  series.map(({ isOther }, index) => (isOther ? OTHER_COLOUR : (SERIES_COLOURS[index] ?? OTHER_COLOUR)))

const heightOf = (series: readonly SpendSeries[], index: number): number =>
  series.reduce((sum, { amounts }) => sum + toNumber(amounts[index] ?? zeroUsd), 0)

/** Decimals that tell the marks of the axis apart: none from $5 on, cents below, more for sums of less than a cent. */
function placesFor(max: number): number {
  if (max >= 5) return 0
  return max >= 0.05 ? 2 : Math.min(7, Math.ceil(-Math.log10(Math.max(max, 1e-6))) + 1)
}

/** For drawing only: a pixel is coarser than a float. */
const toNumber = (amount: NanoUsd): number => Number(amount) / Number(NANOS_PER_USD)

const clip = (name: string): string =>
  name.length <= NAME_CHARS_MAX ? name : `${name.slice(0, NAME_CHARS_MAX - 1)}…`

function bucketLabel(at: Date, bucket: 'hour' | 'day'): string {
  if (bucket === 'hour') return `${String(at.getUTCHours()).padStart(2, '0')}:00`
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}

function span({ buckets, bucket }: SpendOverTime): string {
  const day = (at: Date | undefined) =>
    at?.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }) ??
    ''
  const [first, last] = [buckets[0], buckets.at(-1)]
  return bucket === 'hour' || first?.getTime() === last?.getTime()
    ? day(first)
    : `${day(first)} to ${day(last)}`
}
