/**
 * A budget through its period: what was spent so far, the limit and its thresholds, what overrides allowed, and the
 * forecast with its doubt to the end. Invariant: what is spent never falls but by adjustments, which are drawn as they are.
 */
import { type NanoUsd, percentOf, showUsd } from '../../core/money.ts'
import { budgetPlot } from './budget-plot.ts'
import { altTextFrom, type Chart, sentence } from './chart.ts'
import type { Shape } from './drawing.ts'
import { specOf } from './drawing.ts'
import { FOOTNOTE, footnote, headingOf, LACKS_NOTE, MARGIN } from './frame.ts'
import { drawnNames, fitted } from './names.ts'
import { cartesianChart } from './slack-chart.ts'
import { CHART_HEIGHT, CHART_WIDTH } from './theme.ts'
import { sayDay, sayInstant, sayTimeSpan, type TimeSpan, zoneName } from './time-marks.ts'
import { briefUsd, dollars } from './units.ts'

export interface BudgetChart {
  readonly name: string
  readonly period: TimeSpan
  readonly now: Date
  readonly limit: NanoUsd
  /** In percent of the limit, such as 50 and 80; 100 is the limit itself. */
  readonly thresholds: readonly number[]
  /** All that was spent in the period by each instant, ascending; the last is the newest known. */
  readonly spent: readonly { readonly at: Date; readonly total: NanoUsd }[]
  /** What of the newest total no price said: calls of models without one. */
  readonly estimated: NanoUsd
  readonly forecast: BudgetForecast | null
  /** What overrides allowed to spend, each for its time. */
  readonly overrides: readonly { readonly from: Date; readonly until: Date; readonly ceiling: NanoUsd }[]
}

/** From `core/forecast`, as a course: `demandOf` and `courseOf` say more than the instants of a `Forecast`. */
export interface BudgetForecast {
  /** Ascending, from now to the end of the period; likely between `low` and `high`. */
  readonly course: readonly {
    readonly at: Date
    readonly expected: NanoUsd
    readonly low: NanoUsd
    readonly high: NanoUsd
  }[]
  /** When the expected course comes to the limit; null when not in this period. */
  readonly reachesAt: Date | null
}

export function budgetChart(chart: BudgetChart): Chart {
  const finding = findingOf(chart)
  const { period, name } = chart
  const drawn = drawnNames([name])[0]
  const subtitle = `${fitted(drawn?.text ?? '', { widthPx: 190, fontSize: 13 })} · ${sayTimeSpan(period)}, ${zoneName(period.timeZone, period.from)}`
  const heading = headingOf(finding, subtitle, CHART_WIDTH)
  const lacks = drawn?.lacks ?? false
  const room = {
    left: MARGIN,
    right: CHART_WIDTH - MARGIN,
    top: heading.bottom + 4,
    bottom: CHART_HEIGHT - 34 - (lacks ? FOOTNOTE : 0),
  }
  const shapes: Shape[] = [
    ...heading.shapes,
    ...budgetPlot(chart, room),
    ...(lacks ? [footnote(LACKS_NOTE, CHART_HEIGHT)] : []),
  ]
  return {
    spec: specOf({ width: CHART_WIDTH, height: CHART_HEIGHT, shapes }),
    finding,
    altText: altTextOf(chart, finding),
    slackChart: slackChartOf(chart),
  }
}

export const spentOf = ({ spent }: Pick<BudgetChart, 'spent'>): NanoUsd | null => spent.at(-1)?.total ?? null

function findingOf(chart: BudgetChart): string {
  const { limit, forecast, period, estimated } = chart
  const spent = spentOf(chart)
  if (spent === null) return `Nothing is spent yet of ${briefUsd(limit)}`
  const verb = estimated > 0n ? 'is spent or estimated' : 'is spent'
  const so = `${briefUsd(spent)} of ${briefUsd(limit)} ${verb} (${percentOf(spent, limit)}%)`
  if (spent >= limit && limit > 0n) return `The limit is reached: ${so}`
  const end = forecast?.course.at(-1)
  if (forecast === null || end === undefined) return so
  if (forecast.reachesAt !== null)
    return `${so}; at this rate the limit is reached on ${sayInstant(forecast.reachesAt, period.timeZone)}`
  return `${so}; at this rate ${briefUsd(end.expected)} by the end`
}

function altTextOf(chart: BudgetChart, finding: string): string {
  const { name, thresholds, forecast, overrides, limit, period, now } = chart
  const end = forecast?.course.at(-1)
  return altTextFrom([
    sentence(finding),
    `Budget ${name.length > 200 ? `${name.slice(0, 200)}…` : name}, ${sayTimeSpan(period)}, as of ${sayInstant(now, period.timeZone)}.`,
    thresholds.length === 0
      ? ''
      : `Thresholds at ${thresholds.map((one) => `${one}%`).join(', ')} of ${showUsd(limit)}.`,
    end === undefined
      ? ''
      : `Expected by the end: ${showUsd(end.expected)}, likely ${showUsd(end.low)} to ${showUsd(end.high)}.`,
    ...overrides.map(
      ({ ceiling, from, until }) =>
        `An override to ${showUsd(ceiling)} from ${sayInstant(from, period.timeZone)} to ${sayInstant(until, period.timeZone)}.`,
    ),
  ])
}

/** At the end of each day; only while there are few enough of them. */
function slackChartOf({ spent, limit, period, name }: BudgetChart): Chart['slackChart'] {
  const byDay = new Map(
    spent.map(({ at, total }) => [sayDay(new Date(at.getTime() - 1), period.timeZone), dollars(total)]),
  )
  return cartesianChart({
    kind: 'line',
    title: `Spent of ${name}`,
    categories: [...byDay.keys()],
    series: [
      { name: 'spent', values: [...byDay.values()] },
      { name: 'limit', values: [...byDay.keys()].map(() => dollars(limit)) },
    ],
    yLabel: 'USD',
  })
}
