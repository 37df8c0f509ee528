/** The errors of forecasts, gathered one by one and said as medians and shares. */
import type { Forecast } from '../../core/forecast/forecast.ts'
import { HOUR_MS } from '../../core/forecast/hour-of-week.ts'
import type { NanoUsd } from '../../core/money.ts'
import type { Case } from './case.ts'

export interface Errors {
  /** |expected − came| / came, at the end of the period; one a forecast. */
  readonly endPercents: number[]
  /** |said − came|, where both reach. */
  readonly crossingHours: number[]
  forecasts: number
  /** Forecasts of periods that did reach their limit, and of those that held. */
  ofReached: number
  ofHeld: number
  missed: number
  falsely: number
  /** Of all forecasts of reached periods that gave a range: it held the truth. */
  ranges: number
  rangesRight: number
}

export const noErrors = (): Errors => ({
  ...{ endPercents: [], crossingHours: [], forecasts: 0, ofReached: 0, ofHeld: 0 },
  ...{ missed: 0, falsely: 0, ranges: 0, rangesRight: 0 },
})

export function countEnd(errors: Errors, forecast: Forecast, came: NanoUsd): void {
  if (forecast.kind !== 'reaches' && forecast.kind !== 'holds') return
  const off = Number(forecast.expectedAtEnd - came) / Number(came)
  errors.endPercents.push(Math.abs(off) * 100)
}

export function countCrossing(errors: Errors, forecast: Forecast, { reachedAt }: Case): void {
  if (forecast.kind !== 'reaches' && forecast.kind !== 'holds') return
  errors.forecasts += 1
  if (reachedAt === null) {
    errors.ofHeld += 1
    if (forecast.kind === 'reaches') errors.falsely += 1
    return
  }
  errors.ofReached += 1
  if (forecast.kind === 'holds') {
    errors.missed += 1
    return
  }
  errors.crossingHours.push(Math.abs(forecast.at.getTime() - reachedAt.getTime()) / HOUR_MS)
}

/** Whether what happened lies in the range that the forecast gave: an instant in it, or none where none need come. */
export function countRange(errors: Errors, forecast: Forecast, { reachedAt }: Case): void {
  if (forecast.kind === 'reaches') {
    errors.ranges += 1
    const { earliestAt, latestAt } = forecast
    const notBefore = reachedAt === null || reachedAt >= earliestAt
    const notAfter = latestAt === null || (reachedAt !== null && reachedAt <= latestAt)
    if (notBefore && notAfter) errors.rangesRight += 1
  } else if (forecast.kind === 'holds') {
    errors.ranges += 1
    const { mayReachAt } = forecast
    if (reachedAt === null || (mayReachAt !== null && reachedAt >= mayReachAt)) errors.rangesRight += 1
  }
}

export interface Alerts {
  reached: number
  told: number
  held: number
  falsely: number
  readonly hoursAhead: number[]
}

export const noAlerts = (): Alerts => ({ reached: 0, told: 0, held: 0, falsely: 0, hoursAhead: [] })

/** Of a whole period: `toldAt` is when the alert went out, before the limit was reached. */
export function countAlert(alerts: Alerts, { reachedAt }: Case, toldAt: Date | null): void {
  if (reachedAt === null) {
    alerts.held += 1
    if (toldAt !== null) alerts.falsely += 1
    return
  }
  alerts.reached += 1
  if (toldAt === null) return
  alerts.told += 1
  alerts.hoursAhead.push((reachedAt.getTime() - toldAt.getTime()) / HOUR_MS)
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
