/**
 * When people are told that the limit will be reached: when the forecast first says so inside the period, and means
 * it. At its edge a forecast comes and goes; so it must be clear of the edge, or have said so for a while.
 * Invariant: at most once for a period and a revision of the limit, in whatever order evaluations come.
 */
import type { NanoUsd } from '../money.ts'
import type { Period } from '../period.ts'
import type { Forecast } from './forecast.ts'
import { HOUR_MS } from './hour-of-week.ts'

type Reaches = Extract<Forecast, { kind: 'reaches' }>

/** What must be kept for each budget: one value, replaced at each evaluation. */
export interface ForecastWatch {
  readonly period: Period
  readonly limitRevision: number
  readonly state: WatchState
}

export type WatchState =
  /** The last forecast did not reach the limit. */
  | { readonly kind: 'quiet' }
  /** It has said so at every evaluation since. */
  | { readonly kind: 'leaning'; readonly since: Date }
  | { readonly kind: 'announced'; readonly at: Date }

export interface Evaluated {
  readonly forecast: Forecast
  readonly period: Period
  readonly limit: NanoUsd
  readonly limitRevision: number
  readonly now: Date
}

export interface AlertDecision {
  readonly next: ForecastWatch
  /** What to tell now; null for nothing. */
  readonly announce: Reaches | null
}

/** Expected to be passed by more than this share of the limit: told at once. */
export const CLEAR_PERCENT = 10
/** Less clear: told when it has been said for this long. */
export const LEANING_MS = 6 * HOUR_MS

/** `previous` is what the last evaluation left, null before the first. */
export function forecastAlert(previous: ForecastWatch | null, evaluated: Evaluated): AlertDecision {
  if (previous !== null && isOlder(evaluated, previous)) return { next: previous, announce: null }
  const { forecast, period, limitRevision, now } = evaluated
  const before = previous !== null && isSame(evaluated, previous) ? previous.state : QUIET
  const left = (state: WatchState): ForecastWatch => ({ period, limitRevision, state })
  if (before.kind === 'announced') return { next: left(before), announce: null }
  if (forecast.kind !== 'reaches' || isTooSoon(period, now)) return { next: left(QUIET), announce: null }
  const since = before.kind === 'leaning' ? before.since : now
  if (isClear(forecast, evaluated.limit) || now.getTime() - since.getTime() >= LEANING_MS)
    return { next: left({ kind: 'announced', at: now }), announce: forecast }
  return { next: left({ kind: 'leaning', since }), announce: null }
}

const QUIET: WatchState = { kind: 'quiet' }

/** Of a period or a revision that is over: a late evaluation must not arm anything again. */
function isOlder({ period, limitRevision }: Evaluated, previous: ForecastWatch): boolean {
  const laterMs = period.from.getTime() - previous.period.from.getTime()
  return laterMs < 0 || (laterMs === 0 && limitRevision < previous.limitRevision)
}

/** A period is known by its start: one whose end was moved is still the same. */
const isSame = ({ period, limitRevision }: Evaluated, previous: ForecastWatch): boolean =>
  period.from.getTime() === previous.period.from.getTime() && limitRevision === previous.limitRevision

const isClear = ({ expectedAtEnd }: Reaches, limit: NanoUsd): boolean =>
  expectedAtEnd * 100n >= limit * BigInt(100 + CLEAR_PERCENT)

/** The first twentieth of the period, an hour at least and a day at most. */
function isTooSoon({ from, until }: Period, now: Date): boolean {
  const twentiethMs = (until.getTime() - from.getTime()) / 20
  return now.getTime() - from.getTime() < Math.min(Math.max(twentiethMs, HOUR_MS), 24 * HOUR_MS)
}
