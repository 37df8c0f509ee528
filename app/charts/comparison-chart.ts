/** This period against the one before, by model or route: bars in the order of size, each with what changed in words. */
import { type NanoUsd, showUsd, subtractUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import { altTextFrom, type Chart, sentence } from './chart.ts'
import { type Shape, specOf } from './drawing.ts'
import { emptyShapes, FOOTNOTE, footnote, headingOf, LACKS_NOTE, label, MARGIN } from './frame.ts'
import { drawnNames, fitted, withoutControls } from './names.ts'
import { placed } from './scale.ts'
import { cartesianChart } from './slack-chart.ts'
import { ALARM, CHART_WIDTH, EASED, INK, LABEL_SIZE, QUIET, SERIES_COLOURS } from './theme.ts'
import { textWidth } from './typeface.ts'
import { briefUsd, dollars } from './units.ts'

export interface ComparedLine {
  readonly name: string | null
  readonly now: NanoUsd
  readonly before: NanoUsd
}

export interface ComparisonChart {
  readonly lines: readonly ComparedLine[]
  readonly by: string
  /** Such as `this week` and `last week`. */
  readonly nowWords: string
  readonly beforeWords: string
}

const LINES_MAX = 8
const ROW = 46
const BEFORE_COLOUR = '#B9BDC3'
const [NOW_COLOUR] = SERIES_COLOURS

interface Line {
  readonly name: string
  readonly now: NanoUsd
  readonly before: NanoUsd
}

export function comparisonChart(chart: ComparisonChart): Chart {
  const lines = largestFirst(chart.lines)
  const finding = findingOf(chart)
  const words = lines.map(
    (line) => `${line.name} ${showUsd(line.now)} after ${showUsd(line.before)}, ${change(line)}`,
  )
  return {
    spec: specOf(drawingOf(chart, lines, finding)),
    finding,
    altText: altTextFrom([
      sentence(finding),
      lines.length === 0 ? '' : `By ${chart.by}: ${words.join('; ')}.`,
    ]),
    slackChart: cartesianChart({
      kind: 'bar',
      title: `Spend by ${chart.by}, ${chart.nowWords}`,
      categories: lines.map(({ name }) => name),
      series: [
        { name: chart.nowWords, values: lines.map(({ now }) => dollars(now)) },
        { name: chart.beforeWords, values: lines.map(({ before }) => dollars(before)) },
      ],
      yLabel: 'USD',
    }),
  }
}

/** By what is the larger of the two, so that what ended stands where it stood. */
function largestFirst(lines: readonly ComparedLine[]): Line[] {
  const size = ({ now, before }: Line): NanoUsd => (now > before ? now : before)
  const sorted = lines
    .map(({ name, now, before }) => ({ name: withoutControls(name), now, before }))
    .filter(({ now, before }) => now !== zeroUsd || before !== zeroUsd)
    .sort((a, b) => (size(a) === size(b) ? (a.name < b.name ? -1 : 1) : size(a) < size(b) ? 1 : -1))
  if (sorted.length <= LINES_MAX) return sorted
  const rest = sorted.slice(LINES_MAX - 1)
  const other = { now: sumUsd(rest.map(({ now }) => now)), before: sumUsd(rest.map(({ before }) => before)) }
  return [...sorted.slice(0, LINES_MAX - 1), { ...other, name: `${rest.length} others` }]
}

/** `up 12%`, `down $4.00 (−40%)`, `new`, `ended`. */
function change({ now, before }: Pick<Line, 'now' | 'before'>): string {
  if (now === before) return 'unchanged'
  if (before === zeroUsd) return 'new'
  if (now === zeroUsd) return 'ended'
  const delta = subtractUsd(now, before)
  const amount = briefUsd(delta < 0n ? subtractUsd(zeroUsd, delta) : delta)
  const verb = delta < 0n ? 'down' : 'up'
  if (before < 0n || now < 0n) return `${verb} ${amount}`
  const share = Number((delta * 1000n) / before) / 10
  const digits = Math.abs(share) < 10 ? 1 : 0
  const shown = Math.abs(share).toLocaleString('en-US', { maximumFractionDigits: digits })
  return `${verb} ${amount} (${delta < 0n ? '−' : '+'}${Math.abs(share) >= 1000 ? 'over 1,000' : shown}%)`
}

function findingOf({ lines, nowWords, beforeWords }: ComparisonChart): string {
  const total = {
    now: sumUsd(lines.map(({ now }) => now)),
    before: sumUsd(lines.map(({ before }) => before)),
  }
  if (total.now === zeroUsd && total.before === zeroUsd) return `No spend ${nowWords} or ${beforeWords}`
  if (total.before === zeroUsd) return `${briefUsd(total.now)} ${nowWords}, after nothing ${beforeWords}`
  const said = total.now === zeroUsd ? 'down to nothing' : change(total)
  return `${briefUsd(total.now)} ${nowWords}, ${said} against ${beforeWords}`
}

function drawingOf(chart: ComparisonChart, lines: readonly Line[], finding: string) {
  const heading = headingOf(finding, `Spend by ${chart.by}`, CHART_WIDTH)
  if (lines.length === 0) {
    const height = heading.bottom + 160
    const room = { left: MARGIN, right: CHART_WIDTH - MARGIN, top: heading.bottom, bottom: height - MARGIN }
    return {
      width: CHART_WIDTH,
      height,
      shapes: [...heading.shapes, ...emptyShapes(room, 'No priced calls to compare')],
    }
  }
  const names = drawnNames(lines.map(({ name }) => name))
  const lacks = names.some((name) => name.lacks)
  const top = heading.bottom + 20
  const height = top + lines.length * ROW + 8 + (lacks ? FOOTNOTE : 0)
  const shapes = [
    ...heading.shapes,
    ...legend(chart, heading.bottom + 2),
    ...lines.flatMap((line, index) =>
      rowShapes(line, { lines, name: names[index]?.text ?? '', y: top + index * ROW }),
    ),
    ...(lacks ? [footnote(LACKS_NOTE, height)] : []),
  ]
  return { width: CHART_WIDTH, height, shapes }
}

function legend({ nowWords, beforeWords }: ComparisonChart, y: number): Shape[] {
  const x = MARGIN + 18 + textWidth(nowWords, LABEL_SIZE) + 20
  return [
    { kind: 'rect', x: MARGIN, y: y - 5.5, width: 11, height: 11, fill: NOW_COLOUR },
    label(nowWords, MARGIN + 18, y),
    { kind: 'rect', x, y: y - 5.5, width: 11, height: 11, fill: BEFORE_COLOUR },
    label(beforeWords, x + 18, y),
  ]
}

const VALUE_WIDTH = 78

function rowShapes(
  line: Line,
  { lines, name, y }: { lines: readonly Line[]; name: string; y: number },
): Shape[] {
  const all = lines.flatMap(({ now, before }) => [dollars(now), dollars(before)])
  const domain = { from: Math.min(0, ...all), to: Math.max(0, ...all) }
  const pixels = { from: MARGIN, to: CHART_WIDTH - MARGIN - VALUE_WIDTH }
  const zero = placed(0, domain, pixels)
  const barOf = (amount: NanoUsd, top: number, height: number, fill: string): Shape => {
    const end = placed(dollars(amount), domain, pixels)
    return {
      kind: 'rect',
      x: Math.min(zero, end),
      y: top,
      width: amount === zeroUsd ? 0 : Math.max(1, Math.abs(end - zero)),
      height,
      fill,
    }
  }
  const said = change(line)
  const saidColour = line.now > line.before ? ALARM : line.now < line.before ? EASED : QUIET
  const nameRoom = {
    widthPx: CHART_WIDTH - 2 * MARGIN - textWidth(said, LABEL_SIZE, 600) - 16,
    fontSize: LABEL_SIZE,
    weight: 600 as const,
  }
  return [
    label(fitted(name, nameRoom), MARGIN, y + 10, { weight: 600, fill: INK }),
    label(said, CHART_WIDTH - MARGIN, y + 10, { align: 'right', weight: 600, fill: saidColour }),
    barOf(line.now, y + 20, 11, NOW_COLOUR),
    barOf(line.before, y + 32, 6, BEFORE_COLOUR),
    label(briefUsd(line.now), CHART_WIDTH - MARGIN, y + 28, { align: 'right' }),
  ]
}
