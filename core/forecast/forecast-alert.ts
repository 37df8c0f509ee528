/**
 * When people are told that the limit will be reached: when the forecast first says so inside the period, and means
 * it. Near the limit a forecast comes and goes; so it must be sure, or have kept saying so for a while.
 * Invariant: at most once for a period and a revision of the limit, in whatever order evaluations come.
 */
import type { Period } from '../period.ts'
import type { Forecast } from './forecast.ts'
import { DAY_MS, HOUR_MS } from './hour-of-week.ts'

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
  readonly limitRevision: number
  readonly now: Date
}

export interface AlertDecision {
  readonly next: ForecastWatch
  /** What to tell now; null for nothing. */
  readonly announce: Reaches | null
}

/** A forecast that may yet hold is told when it has said so for this share of the period. */
const LEANING_SHARE = 1 / 10
/** No forecast is told in this share of the period, an hour at least and a day at most. */
const TOO_SOON_SHARE = 1 / 20

/** `previous` is what the last evaluation left, null before the first. */
export function forecastAlert(previous: ForecastWatch | null, evaluated: Evaluated): AlertDecision {
  if (previous !== null && isOlder(evaluated, previous)) return { next: previous, announce: null }
  const { forecast, period, limitRevision, now } = evaluated
  const before = previous !== null && isSame(evaluated, previous) ? previous.state : QUIET
  const left = (state: WatchState): ForecastWatch => ({ period, limitRevision, state })
  if (before.kind === 'announced') return { next: left(before), announce: null }
  if (forecast.kind !== 'reaches' || isTooSoon(period, now)) return { next: left(QUIET), announce: null }
  const since = before.kind === 'leaning' ? before.since : now
  if (isSure(forecast) || now.getTime() - since.getTime() >= lengthMs(period) * LEANING_SHARE)
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

/** Reached even if less is spent than is likely. */
const isSure = ({ latestAt }: Reaches): boolean => latestAt !== null

function isTooSoon(period: Period, now: Date): boolean {
  const soonMs = Math.min(Math.max(lengthMs(period) * TOO_SOON_SHARE, HOUR_MS), DAY_MS)
  return now.getTime() - period.from.getTime() < soonMs
}

const lengthMs = ({ from, until }: Period): number => until.getTime() - from.getTime()
