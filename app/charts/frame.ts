/** What every chart has around its plot: the finding as its title, what it shows beneath, axes, a key, a footnote. */
import type { Shape, TextShape } from './drawing.ts'
import { fitted, fittedApart } from './names.ts'
import { placed, type Scale, type Span } from './scale.ts'
import { CHART_WIDTH, GRID, INK, LABEL_SIZE, QUIET, TITLE_SIZE } from './theme.ts'
import type { TimeMark } from './time-marks.ts'
import { textWidth } from './typeface.ts'

export const MARGIN = 16
const TITLE_LINE = 22

export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Heading {
  readonly shapes: readonly Shape[]
  /** Where the rest may begin. */
  readonly bottom: number
}

export const label = (text: string, x: number, y: number, more: Partial<TextShape> = {}): TextShape => ({
  kind: 'text',
  ...{ text, x, y, fontSize: LABEL_SIZE, fill: QUIET },
  ...more,
})

/** The title takes a second line rather than lose its end. */
export function headingOf(finding: string, subtitle: string, width: number): Heading {
  const room = { widthPx: width - 2 * MARGIN, fontSize: TITLE_SIZE, weight: 600 as const }
  const lines = inTwoLines(finding, room)
  const below = MARGIN + 10 + lines.length * TITLE_LINE
  return {
    shapes: [
      ...lines.map((line, index) =>
        label(line, MARGIN, MARGIN + 8 + index * TITLE_LINE, {
          fontSize: TITLE_SIZE,
          weight: 600,
          fill: INK,
        }),
      ),
      label(fitted(subtitle, { widthPx: room.widthPx, fontSize: LABEL_SIZE, cut: 'end' }), MARGIN, below - 2),
    ],
    bottom: below + 18,
  }
}

function inTwoLines(text: string, room: { widthPx: number; fontSize: number; weight: 600 }): string[] {
  const fits = (line: string): boolean => textWidth(line, room.fontSize, room.weight) <= room.widthPx
  if (fits(text)) return [text]
  const words = text.split(' ')
  let taken = words.findIndex((_, index) => !fits(words.slice(0, index + 1).join(' ')))
  taken = Math.max(1, taken)
  return [words.slice(0, taken).join(' '), words.slice(taken).join(' ')]
    .filter((line) => line !== '')
    .map((line) => fitted(line, { ...room, cut: 'end' }))
}

/** Quiet lines across, with their marks at the left. */
export function valueAxis(plot: Plot, scale: Scale, say: (value: number) => string): Shape[] {
  return scale.ticks.flatMap((tick): Shape[] => {
    const y = yOf(tick, scale, plot)
    return [
      rule({ x: plot.left, y }, { x: plot.right, y }, tick === 0 ? '#BDBDBD' : GRID),
      label(say(tick), plot.left - 8, y, { align: 'right' }),
    ]
  })
}

/** How much room the marks of an axis take at the left. */
export const axisWidth = (scale: Scale, say: (value: number) => string): number =>
  Math.max(...scale.ticks.map((tick) => textWidth(say(tick), LABEL_SIZE))) + 8

/** Every mark, or every second, third and so on: as many as do not meet, and evenly. */
export function timeAxis(plot: Plot, range: Span, marks: readonly TimeMark[]): Shape[] {
  const labels = marks.map(({ atMs, text }) => {
    const half = textWidth(text, LABEL_SIZE) / 2
    const wanted = placed(atMs, range, { from: plot.left, to: plot.right })
    return { text, half, x: Math.min(Math.max(wanted, plot.left - 12 + half), plot.right + 12 - half) }
  })
  const meet = (stride: number): boolean => {
    const kept = labels.filter((_, index) => index % stride === 0)
    return kept.some(({ x, half }, index) => {
      const before = kept[index - 1]
      return before !== undefined && before.x + before.half + 10 > x - half
    })
  }
  let stride = 1
  while (stride < labels.length && meet(stride)) stride += 1
  return labels
    .filter((_, index) => index % stride === 0)
    .map(({ text, x }) => label(text, x, plot.bottom + 15, { align: 'center' }))
}

export const yOf = (value: number, { min, max }: Pick<Scale, 'min' | 'max'>, plot: Plot): number =>
  placed(value, { from: min, to: max }, { from: plot.bottom, to: plot.top })

export const rule = (
  from: { x: number; y: number },
  to: { x: number; y: number },
  stroke: string,
  more: { widthPx?: number; dash?: readonly number[] } = {},
): Shape => ({ kind: 'line', points: [from, to], stroke, widthPx: 1, ...more })

export interface KeyEntry {
  readonly name: string
  readonly value: string
  readonly colour: string
}

export const KEY_ROW = 22

/** Names beside their colours with their totals, read downwards: in two columns, or in one where few names are long. */
export function keyShapes(entries: readonly KeyEntry[], top: number, width: number): Shape[] {
  const columns = keyColumns(entries)
  const rows = Math.ceil(entries.length / columns)
  const columnWidth = columnWidthOf(columns, width)
  const names = fittedApart(
    entries.map(({ name, value }) => ({ text: name, room: nameRoom(value, columnWidth) })),
  )
  return entries.flatMap(({ value, colour }, index): Shape[] => {
    const x = MARGIN + Math.floor(index / rows) * (columnWidth + COLUMN_GAP)
    const y = top + (index % rows) * KEY_ROW + KEY_ROW / 2
    return [
      { kind: 'rect', x, y: y - 5.5, width: 11, height: 11, fill: colour },
      label(names[index] ?? '', x + 18, y, { weight: 600, fill: INK }),
      label(value, x + columnWidth, y, { align: 'right' }),
    ]
  })
}

const COLUMN_GAP = 24
const ONE_COLUMN_MAX = 4

const columnWidthOf = (columns: number, width: number): number =>
  (width - 2 * MARGIN - (columns - 1) * COLUMN_GAP) / columns

const nameRoom = (value: string, columnWidth: number) => ({
  widthPx: columnWidth - 18 - textWidth(value, LABEL_SIZE) - 10,
  ...{ fontSize: LABEL_SIZE, weight: 600 as const },
})

function keyColumns(entries: readonly KeyEntry[]): number {
  if (entries.length <= 1) return 1
  if (entries.length > ONE_COLUMN_MAX) return 2
  const isLong = ({ name, value }: KeyEntry): boolean =>
    textWidth(name, LABEL_SIZE, 600) > nameRoom(value, columnWidthOf(2, CHART_WIDTH)).widthPx
  return entries.some(isLong) ? 1 : 2
}

export const keyRows = (entries: readonly KeyEntry[]): number =>
  Math.ceil(entries.length / keyColumns(entries))

export const LACKS_NOTE = '… stands for letters that this picture cannot write'
export const FOOTNOTE = 20

export const footnote = (text: string, bottom: number): Shape =>
  label(text, MARGIN, bottom - 12, { fontSize: 12 })

/** Says that there is nothing, in the middle of where it would be. */
export function emptyShapes(plot: Plot, text: string): Shape[] {
  const y = (plot.top + plot.bottom) / 2
  return [
    {
      kind: 'rect',
      x: plot.left,
      y: plot.top,
      width: plot.right - plot.left,
      height: plot.bottom - plot.top,
      fill: '#F7F7F8',
    },
    label(text, (plot.left + plot.right) / 2, y, { align: 'center', fontSize: 14 }),
  ]
}
