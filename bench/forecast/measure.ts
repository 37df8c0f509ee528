/** Walks through the periods of the set and counts how far each way of forecasting was off. */
import type { Forecast, ForecastInput } from '../../core/forecast/forecast.ts'
import { type ForecastWatch, forecastAlert } from '../../core/forecast/forecast-alert.ts'
import { HOUR_MS } from '../../core/forecast/hour-of-week.ts'
import { MONTHS, WEEKS } from '../../core/forecast/labelled/labelled-periods.ts'
import type { TwelveWeeks } from '../../core/forecast/labelled/twelve-weeks.ts'
import type { Period } from '../../core/period.ts'
import { type Case, caseOf, inputAt } from './case.ts'
import {
  type Alerts,
  countAlert,
  countCrossing,
  countEnd,
  countRange,
  type Errors,
  noAlerts,
  noErrors,
} from './errors.ts'

export type Way = (input: ForecastInput) => Forecast

export interface Measured {
  readonly errors: Errors
  readonly alerts: Alerts
}

export const nothingMeasured = (): Measured => ({ errors: noErrors(), alerts: noAlerts() })

export type PeriodKind = 'weekly' | 'monthly'

const PERIODS = {
  weekly: { periods: WEEKS, everyHours: 12 },
  monthly: { periods: MONTHS, everyHours: 24 },
} as const

/** Of what the period came to: two limits that it reached, and two that held. */
const LIMIT_PERCENTS = [70, 90, 110, 130] as const
/** Far above: the error of the end is counted up to the end. */
const NO_LIMIT_PERCENT = 10_000

/** Adds the set's periods of a kind to every one of `into`. */
export function measure(way: Way, set: TwelveWeeks, kind: PeriodKind, into: readonly Measured[]): void {
  const { periods, everyHours } = PERIODS[kind]
  for (const period of periods) {
    const instants = instantsOf(period, everyHours)
    const whole = caseOf(set, period, NO_LIMIT_PERCENT)
    for (const now of instants) {
      const forecast = way(inputAt(whole, now))
      for (const { errors } of into) countEnd(errors, forecast, whole.spentAtEnd)
    }
    for (const percent of LIMIT_PERCENTS) measureCase(way, caseOf(set, period, percent), instants, into)
  }
}

function measureCase(way: Way, its: Case, instants: readonly Date[], into: readonly Measured[]): void {
  let watch: ForecastWatch | null = null
  let toldAt: Date | null = null
  for (const now of instants) {
    const forecast = way(inputAt(its, now))
    for (const { errors } of into) {
      countCrossing(errors, forecast, its)
      countRange(errors, forecast, its)
    }
    const { period } = its
    const decision = forecastAlert(watch, { forecast, period, limitRevision: 1, now })
    watch = decision.next
    if (decision.announce !== null) toldAt = now
  }
  for (const { alerts } of into) countAlert(alerts, its, toldAt)
}

/** Not at a full hour, as what is known then is not of whole hours in life either. */
function instantsOf({ from, until }: Period, everyHours: number): Date[] {
  const firstMs = from.getTime() + 3 * HOUR_MS + 20 * 60_000
  const count = Math.ceil((until.getTime() - firstMs) / (everyHours * HOUR_MS))
  return Array.from({ length: count }, (_, step) => new Date(firstMs + step * everyHours * HOUR_MS))
}
