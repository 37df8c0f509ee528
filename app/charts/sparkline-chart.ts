/** A small chart for Home: one figure with its name and its course, without axes. Three of them stand beneath each other. */
import { altTextFrom, type Chart, sentence } from './chart.ts'
import type { Shape } from './drawing.ts'
import { specOf } from './drawing.ts'
import { label, MARGIN, yOf } from './frame.ts'
import { linesOf } from './line-shapes.ts'
import { fitted } from './names.ts'
import { placed, scaleOf } from './scale.ts'
import { CALM, CHART_WIDTH, GRID, INK } from './theme.ts'

export interface Sparkline {
  /** What the figure is: `Spend today`. */
  readonly name: string
  /** As people read it: `$12.40`. */
  readonly figure: string
  /** What it is compared with, in words: `up 12% on yesterday`; empty for nothing. */
  readonly note: string
  /** Null for a gap. */
  readonly values: readonly (number | null)[]
}

const HEIGHT = 96
const COURSE_LEFT = 216

export function sparklineChart(given: Sparkline): Chart {
  const { name, figure, note } = given
  const finding = `${name}: ${figure}${note === '' ? '' : `, ${note}`}`
  return {
    spec: specOf({
      width: CHART_WIDTH,
      height: HEIGHT,
      shapes: [...wordShapes(given), ...courseShapes(given.values)],
    }),
    finding,
    altText: altTextFrom([sentence(finding)]),
    slackChart: null,
  }
}

const wordShapes = ({ name, figure, note }: Sparkline): Shape[] => {
  const widthPx = COURSE_LEFT - MARGIN - 12
  return [
    label(fitted(name, { widthPx, fontSize: 14, cut: 'end' }), MARGIN, 22, { fontSize: 14 }),
    label(fitted(figure, { widthPx, fontSize: 24, weight: 600, cut: 'end' }), MARGIN, 48, {
      fontSize: 24,
      weight: 600,
      fill: INK,
    }),
    label(fitted(note, { widthPx, fontSize: 13, cut: 'end' }), MARGIN, 75),
  ]
}

function courseShapes(values: readonly (number | null)[]): Shape[] {
  const known = values.filter((value) => value !== null && Number.isFinite(value))
  const plot = { left: COURSE_LEFT, right: CHART_WIDTH - MARGIN - 6, top: 16, bottom: HEIGHT - 18 }
  const base: Shape = {
    kind: 'line',
    points: [
      { x: plot.left, y: plot.bottom },
      { x: plot.right, y: plot.bottom },
    ],
    ...{ stroke: GRID, widthPx: 1 },
  }
  if (known.length === 0) return [base, label('nothing yet', plot.left, (plot.top + plot.bottom) / 2)]
  const scale = scaleOf(known.filter((value) => value !== null))
  const pixels = { from: plot.left, to: plot.right }
  const points = values.map((value, index) =>
    value === null || !Number.isFinite(value)
      ? null
      : { x: placed(index, { from: 0, to: values.length - 1 }, pixels), y: yOf(value, scale, plot) },
  )
  const last = points.findLast((point) => point !== null)
  return [
    base,
    ...linesOf(points, CALM, 2.5),
    ...(last ? [{ kind: 'dot' as const, ...last, radius: 4.5, fill: CALM }] : []),
  ]
}
