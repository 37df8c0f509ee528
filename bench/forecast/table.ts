/** The figures of one way of forecasting, as a row for people and as JSON. */
import { quantile } from './errors.ts'
import type { Measured } from './measure.ts'

export type Figures = ReturnType<typeof figuresOf>

export const figuresOf = ({ errors, alerts }: Measured) => ({
  end_error_p50_percent: round(quantile(errors.endPercents, 0.5)),
  end_error_p90_percent: round(quantile(errors.endPercents, 0.9)),
  crossing_error_p50_h: round(quantile(errors.crossingHours, 0.5)),
  crossing_error_p90_h: round(quantile(errors.crossingHours, 0.9)),
  missed_percent: share(errors.missed, errors.ofReached),
  false_percent: share(errors.falsely, errors.ofHeld),
  in_range_percent: share(errors.rangesRight, errors.ranges),
  alerts_told_percent: share(alerts.told, alerts.reached),
  alerts_false_percent: share(alerts.falsely, alerts.held),
  alert_ahead_p50_h: round(quantile(alerts.hoursAhead, 0.5)),
})

const GROUPS = [
  ['end off by', 2],
  ['crossing off by', 2],
  ['forecasts', 3],
  ['alerts', 3],
] as const
const CELLS = [
  'p50 %',
  'p90 %',
  'p50 h',
  'p90 h',
  'missed %',
  'false %',
  'in range %',
  'told %',
  'false %',
  'ahead h',
]
const NAME_CHARS = 26
const CELL_CHARS = 11

export const header = (): string => {
  const groups = GROUPS.map(([name, cells]) => `  ${name.padStart(9)}`.padEnd(cells * CELL_CHARS)).join('')
  return `${' '.repeat(NAME_CHARS)}${groups}\n${row('', CELLS)}`
}

export const rowOf = (name: string, measured: Measured): string =>
  row(
    name,
    Object.values(figuresOf(measured)).map((figure) => figure.toFixed(1)),
  )

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(NAME_CHARS) + cells.map((cell) => cell.padStart(CELL_CHARS)).join('')

const share = (part: number, whole: number): number => round((part / whole) * 100)

const round = (figure: number): number => Math.round(figure * 10) / 10
