/** The plot of a budget chart. What is spent is drawn last, above limits, ceilings and what is only expected. */
import type { NanoUsd } from '../../core/money.ts'
import type { BudgetChart } from './budget-chart.ts'
import type { Point, Shape } from './drawing.ts'
import { axisWidth, label, MARGIN, type Plot, rule, timeAxis, valueAxis, yOf } from './frame.ts'
import { type EndLabel, endLabels } from './line-shapes.ts'
import { placed, type Scale, scaleOf } from './scale.ts'
import { ALARM, CALM, INK, LABEL_SIZE, QUIET } from './theme.ts'
import { sayInstant, timeMarks } from './time-marks.ts'
import { textWidth } from './typeface.ts'
import { axisUsd, briefUsd, dollars } from './units.ts'

const OVERRIDE = '#8A5A00'
const EXPECTED_FILL = '#9DC3EA'
/** A forecast many times the limit would press all else to the ground. */
const SHOWN_LIMITS_MAX = 2.5
/** Of a threshold's name, above its line. */
const NAME_HEIGHT = 15
const NAME_WIDTH = 80

interface Drawn {
  readonly chart: BudgetChart
  readonly plot: Plot
  readonly scale: Scale
  at(at: Date, amount: NanoUsd): Point
}

export function budgetPlot(chart: BudgetChart, room: Plot): Shape[] {
  const scale = budgetScale(chart)
  const say = (value: number): string => axisUsd(value, scale.step)
  const plot = { ...room, left: MARGIN + axisWidth(scale, say), right: room.right - labelsWidth(chart) }
  const { from, until } = chart.period
  const range = { from: from.getTime(), to: until.getTime() }
  const pixels = { from: plot.left, to: plot.right }
  const yAt = (amount: NanoUsd): number => yOf(dollars(amount), scale, plot)
  const drawn: Drawn = {
    chart,
    plot,
    scale,
    at: (at, amount) => {
      const inside = Math.min(Math.max(at.getTime(), range.from), range.to)
      return { x: placed(inside, range, pixels), y: yAt(amount) }
    },
  }
  return [
    ...valueAxis(plot, scale, say),
    ...thresholdShapes(drawn),
    ...forecastShapes(drawn),
    ...ceilingShapes(drawn),
    ...limitShapes(drawn),
    ...spentShapes(drawn),
    ...crossingShapes(drawn),
    ...nowShapes(drawn),
    ...endLabels(labelsOf(drawn), plot.right + 8, { top: plot.top, bottom: plot.bottom }),
    ...timeAxis(plot, range, timeMarks(chart.period)),
  ]
}

function budgetScale({ limit, spent, forecast, overrides }: BudgetChart): Scale {
  const known = [limit, ...spent.map(({ total }) => total), ...overrides.map(({ ceiling }) => ceiling)].map(
    dollars,
  )
  const most = known.reduce((max, value) => Math.max(max, value), 0) * SHOWN_LIMITS_MAX
  const expected = (forecast?.course ?? []).flatMap(({ high, low }) => [dollars(high), dollars(low)])
  return scaleOf([...known, ...expected.map((value) => Math.min(value, most))])
}

function thresholdShapes({ chart, plot, scale, at }: Drawn): Shape[] {
  // In a period's first days, what is spent and the line of now stand at the left.
  const isEarly = at(chart.now, chart.limit).x < plot.left + NAME_WIDTH
  const words = { fontSize: 12, align: isEarly ? ('right' as const) : ('left' as const), fill: '#8A4B2E' }
  const x = isEarly ? plot.right - 4 : plot.left + 4
  const yAt = (percent: number): number => yOf((dollars(chart.limit) * percent) / 100, scale, plot)
  // Where they lie so close that their names would touch, the lower one keeps its name; the limit's line is crossed by none.
  let freeAbove = plot.bottom
  return chart.thresholds
    .filter((percent) => percent > 0 && percent !== 100 && yAt(percent) >= plot.top)
    .toSorted((a, b) => a - b)
    .flatMap((percent): Shape[] => {
      const y = yAt(percent)
      const line = rule({ x: plot.left, y }, { x: plot.right, y }, '#B8856F', { dash: [2, 4] })
      const isFree = y <= freeAbove && Math.abs(y - NAME_HEIGHT / 2 - yAt(100)) > NAME_HEIGHT / 2
      if (!isFree) return [line]
      freeAbove = y - NAME_HEIGHT
      return [line, label(`${percent}%`, x, y - 8, words)]
    })
}

const limitShapes = ({ chart, plot, scale }: Drawn): Shape[] => {
  const y = yOf(dollars(chart.limit), scale, plot)
  return [rule({ x: plot.left, y }, { x: plot.right, y }, ALARM, { widthPx: 2 })]
}

/** Cut off at the top of the plot: what is beyond is said in words. */
function forecastShapes({ chart, plot, at }: Drawn): Shape[] {
  const course = (chart.forecast?.course ?? []).map((one) => ({
    low: at(one.at, one.low),
    high: at(one.at, one.high),
    expected: at(one.at, one.expected),
  }))
  if (course.length < 2) return []
  const inside = course.filter(({ expected }, index) => {
    const before = course[index - 1]
    return expected.y >= plot.top || before === undefined || before.expected.y >= plot.top
  })
  return [
    {
      kind: 'area',
      points: course.map(({ low, high }) => ({
        ...{ x: low.x, y: Math.max(high.y, plot.top), y2: Math.max(low.y, plot.top) },
      })),
      ...{ fill: EXPECTED_FILL, opacity: 0.42 },
    },
    { kind: 'line', points: inside.map(({ expected }) => expected), stroke: CALM, widthPx: 2, dash: [5, 4] },
  ]
}

const ceilingShapes = ({ chart, at }: Drawn): Shape[] =>
  chart.overrides.map(({ from, until, ceiling }): Shape => {
    const [left, right] = [at(from, ceiling), at(until, ceiling)]
    // An hour of a month is a pixel; what was allowed in it is to be seen.
    return rule(left, { x: Math.max(right.x, left.x + 6), y: right.y }, OVERRIDE, { widthPx: 3 })
  })

/** Steps would tell more than is known between two counts: straight lines, from nothing at the start. */
function spentShapes({ chart, at, scale, plot }: Drawn): Shape[] {
  const points = chart.spent.map((one) => at(one.at, one.total))
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return []
  const zero = yOf(0, scale, plot)
  const line = first.x > plot.left + 0.5 ? [{ x: plot.left, y: zero }, ...points] : points
  return [
    { kind: 'area', points: line.map((point) => ({ ...point, y2: zero })), fill: CALM, opacity: 0.12 },
    { kind: 'line', points: line, stroke: CALM, widthPx: 3 },
    { kind: 'dot', ...last, radius: 4.5, fill: CALM },
  ]
}

function crossingShapes({ chart, at, plot }: Drawn): Shape[] {
  const reachesAt = chart.forecast?.reachesAt ?? null
  if (reachesAt === null) return []
  const point = at(reachesAt, chart.limit)
  const text = sayInstant(reachesAt, chart.period.timeZone)
  const half = textWidth(text, 13, 600) / 2
  const x = Math.min(Math.max(point.x, plot.left + half + 2), plot.right - half - 2)
  const y = point.y - 15 < plot.top - 8 ? point.y + 16 : point.y - 15
  return [
    { kind: 'dot', ...point, radius: 6, fill: '#FFFFFF' },
    { kind: 'dot', ...point, radius: 4.5, fill: ALARM },
    {
      kind: 'rect',
      x: x - half - 3,
      y: y - 9,
      width: 2 * half + 6,
      height: 18,
      fill: '#FFFFFF',
      opacity: 0.85,
    },
    label(text, x, y, { align: 'center', weight: 600, fill: ALARM }),
  ]
}

function nowShapes({ chart, at, plot }: Drawn): Shape[] {
  const { now, period } = chart
  if (now <= period.from || now >= period.until) return []
  const { x } = at(now, chart.limit)
  const isLate = x > (plot.left + plot.right) / 2
  return [
    rule({ x, y: plot.top }, { x, y: plot.bottom }, QUIET, { dash: [3, 3] }),
    label('now', x + (isLate ? -6 : 6), plot.bottom - 9, { align: isLate ? 'right' : 'left', fill: INK }),
  ]
}

interface Mark {
  readonly text: string
  readonly amount: NanoUsd
  readonly fill: string
}

function marksOf({ limit, spent, forecast, overrides }: BudgetChart): Mark[] {
  const last = spent.at(-1)
  const end = forecast?.course.at(-1)
  const highest = overrides.reduce<NanoUsd | null>(
    (most, { ceiling }) => (most === null || ceiling > most ? ceiling : most),
    null,
  )
  return [
    { text: `limit ${briefUsd(limit)}`, amount: limit, fill: ALARM },
    ...(last === undefined
      ? []
      : [{ text: `spent ${briefUsd(last.total)}`, amount: last.total, fill: CALM }]),
    ...(end === undefined
      ? []
      : [{ text: `by end ${briefUsd(end.expected)}`, amount: end.expected, fill: CALM }]),
    ...(highest === null ? [] : [{ text: `up to ${briefUsd(highest)}`, amount: highest, fill: OVERRIDE }]),
  ]
}

const labelsOf = ({ chart, at, plot }: Drawn): EndLabel[] =>
  marksOf(chart).map(({ text, amount, fill }) => {
    const y = at(chart.period.until, amount).y
    return { text: y < plot.top ? `${text} ↑` : text, y: Math.max(plot.top, y), fill }
  })

const labelsWidth = (chart: BudgetChart): number =>
  Math.max(...marksOf(chart).map(({ text }) => textWidth(`${text} ↑`, LABEL_SIZE, 600))) - 4
