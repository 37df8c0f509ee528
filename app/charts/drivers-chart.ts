/** The largest parts of a sum as bars with amount and share; the rest as one. */
import { type NanoUsd, showUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import { altTextFrom, type Chart, sentence } from './chart.ts'
import { type Shape, specOf } from './drawing.ts'
import { emptyShapes, FOOTNOTE, footnote, headingOf, LACKS_NOTE, label, MARGIN } from './frame.ts'
import { drawnNames, fitted, withoutControls } from './names.ts'
import { pieChart } from './slack-chart.ts'
import { CHART_WIDTH, INK, LABEL_SIZE, OTHER_COLOUR, SERIES_COLOURS } from './theme.ts'
import { textWidth } from './typeface.ts'
import { briefUsd, dollars, percent } from './units.ts'

export interface DriversChart {
  readonly lines: readonly {
    readonly name: string | null
    readonly cost: NanoUsd
    readonly isOther?: boolean
  }[]
  readonly by: string
  readonly when: string
}

interface Line {
  readonly name: string
  readonly cost: NanoUsd
  readonly isOther: boolean
}

const LINES_MAX = 10
const ROW = 38
const [COLOUR] = SERIES_COLOURS

export function driversChart(chart: DriversChart): Chart {
  const lines = largestFirst(chart)
  const total = sumUsd(lines.map(({ cost }) => cost))
  const finding = findingOf(chart, lines, total)
  const words = lines.map(({ name, cost }) => `${name} ${showUsd(cost)}${shareOf(cost, total)}`)
  return {
    spec: specOf(drawingOf(chart, lines, finding)),
    finding,
    altText: altTextFrom([
      sentence(finding),
      lines.length === 0 ? '' : `By ${chart.by}: ${words.join(', ')}.`,
    ]),
    slackChart: pieChart(
      `Spend by ${chart.by} ${chart.when}`,
      lines.map(({ name, cost }) => ({ name, value: dollars(cost) })),
    ),
  }
}

function largestFirst({ lines }: DriversChart): Line[] {
  const known = lines
    .map(({ name, cost, isOther = false }) => ({
      name: isOther ? 'other' : withoutControls(name),
      cost,
      isOther,
    }))
    .filter(({ cost }) => cost !== zeroUsd)
    .sort(
      (a, b) =>
        Number(a.isOther) - Number(b.isOther) ||
        (a.cost === b.cost ? (a.name < b.name ? -1 : 1) : a.cost < b.cost ? 1 : -1),
    )
  if (known.length <= LINES_MAX) return known
  const cost = sumUsd(known.slice(LINES_MAX - 1).map((one) => one.cost))
  return [...known.slice(0, LINES_MAX - 1), { name: 'other', cost, isOther: true }]
}

function findingOf({ when, by }: DriversChart, lines: readonly Line[], total: NanoUsd): string {
  const [first] = lines
  if (first === undefined) return `No spend ${when}`
  const name = fitted(drawnNames([first.name])[0]?.text ?? '', { widthPx: 230, fontSize: 17, weight: 600 })
  if (lines.length === 1) return `${name} is all of ${briefUsd(total)} ${when}`
  if (first.isOther || total <= zeroUsd) return `${briefUsd(total)} ${when} by ${by}`
  return `${name} drives ${percent(ratio(first.cost, total))} of ${briefUsd(total)} ${when}`
}

function drawingOf(chart: DriversChart, lines: readonly Line[], finding: string) {
  const heading = headingOf(finding, `Spend by ${chart.by}, largest first`, CHART_WIDTH)
  const width = CHART_WIDTH
  if (lines.length === 0) {
    const height = heading.bottom + 160
    const room = { left: MARGIN, right: width - MARGIN, top: heading.bottom, bottom: height - MARGIN }
    return {
      width,
      height,
      shapes: [...heading.shapes, ...emptyShapes(room, 'No priced calls in this time')],
    }
  }
  const names = drawnNames(lines.map(({ name }) => name))
  const lacks = names.some((name) => name.lacks)
  const height = heading.bottom + lines.length * ROW + 6 + (lacks ? FOOTNOTE : 0)
  const rows = lines.flatMap((line, index) =>
    rowShapes(line, { lines, name: names[index]?.text ?? '', y: heading.bottom - 8 + index * ROW }),
  )
  return {
    width,
    height,
    shapes: [...heading.shapes, ...rows, ...(lacks ? [footnote(LACKS_NOTE, height)] : [])],
  }
}

/** The name stands above its bar: long ones have the whole width. */
function rowShapes(
  { cost, isOther }: Line,
  { lines, name, y }: { lines: readonly Line[]; name: string; y: number },
): Shape[] {
  const most = lines.reduce((max, line) => Math.max(max, Math.abs(dollars(line.cost))), 0)
  const total = sumUsd(lines.map((line) => line.cost))
  const value = `${briefUsd(cost)}${shareOf(cost, total)}`
  const room = {
    widthPx: CHART_WIDTH - 2 * MARGIN - textWidth(value, LABEL_SIZE) - 16,
    fontSize: LABEL_SIZE,
    weight: 600 as const,
  }
  const width = most === 0 ? 0 : ((CHART_WIDTH - 2 * MARGIN) * Math.max(0, dollars(cost))) / most
  return [
    label(fitted(name, room), MARGIN, y + 10, { weight: 600, fill: INK }),
    label(value, CHART_WIDTH - MARGIN, y + 10, { align: 'right' }),
    {
      kind: 'rect',
      x: MARGIN,
      y: y + 20,
      width: Math.max(1, width),
      height: 10,
      fill: isOther ? OTHER_COLOUR : COLOUR,
    },
  ]
}

const ratio = (part: NanoUsd, whole: NanoUsd): number =>
  whole <= 0n ? 0 : Number((part * 10_000n) / whole) / 10_000

/** Nothing where a share says nothing: of a sum that adjustments took below zero, or a part of more than all. */
const shareOf = (part: NanoUsd, whole: NanoUsd): string => {
  const share = ratio(part, whole)
  if (whole <= 0n || part < 0n || part > whole) return ''
  return share < 0.001 ? ', under 0.1%' : `, ${percent(share)}`
}
