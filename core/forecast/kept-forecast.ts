/** The newest forecast of a budget, as it is kept until the next one: with the instant at which it was made. */
import type { BudgetSnapshot } from '../budget/budget.ts'
import type { Forecast } from './forecast.ts'

export interface KeptForecast {
  readonly forecast: Forecast
  readonly at: Date
  /** The start of the period that it is about, and the revision of the limit. */
  readonly periodFrom: Date
  readonly limitRevision: number
}

/** A forecast of another period or limit says nothing of this one, and one that is days old nothing of today. */
export function forecastFor(
  { budget, current }: BudgetSnapshot,
  kept: KeptForecast | null | undefined,
  now: Date,
): KeptForecast | null {
  if (!kept || kept.limitRevision !== budget.limitRevision) return null
  if (kept.periodFrom.getTime() !== current.period.from.getTime()) return null
  return now.getTime() - kept.at.getTime() > KEPT_MAX_MS ? null : kept
}

const KEPT_MAX_MS = 2 * 24 * 60 * 60 * 1000
