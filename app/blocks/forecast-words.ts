/** What a card and a list say of the forecast of a budget, in one line. */
import type { BudgetState } from '../../core/budget/budget.ts'
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import type { Forecast } from '../../core/forecast/forecast.ts'
import { forecastFor, type KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { sayForecast } from '../../core/forecast/say-forecast.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StandingStop } from '../../db/postgres/list-wide-stops.ts'
import { briefUsd } from '../charts/units.ts'
import { instant } from './text.ts'

/** By budget; those that have none are not in it. */
export type Forecasts = ReadonlyMap<string, KeptForecast>

/** Without those of budgets that a person stops with more: nothing is spent at any rate. */
export const forecastsOfRunning = (
  forecasts: Forecasts,
  budgets: readonly StoredBudget[],
  stops: readonly Pick<StandingStop, 'projectId'>[],
): Forecasts =>
  new Map(
    budgets.flatMap(({ budget }) => {
      const kept = forecasts.get(budget.id)
      const isStopped = stops.some(
        ({ projectId }) => projectId === null || projectId === budget.scope.projectId,
      )
      return kept === undefined || isStopped ? [] : [[budget.id, kept]]
    }),
  )

/** The job runs every hour; one that missed a run or two is said with its time. */
const FRESH_MS = 3 * 60 * 60 * 1000

/**
 * `At this rate *100% on Thursday 14:00* (UTC)`. Null where nothing is known, where the budget does not run freely, and
 * where the spend since has proved the forecast wrong.
 */
export function forecastWords(
  stored: StoredBudget,
  kept: KeptForecast | null | undefined,
  { state, now }: { readonly state: BudgetState; readonly now: Date },
): string | null {
  const known = forecastFor(stored, kept, now)
  if (stored.budget.scope.each !== null) return null
  if (known === null || (state.kind !== 'open' && state.kind !== 'warned')) return null
  const said = saidOf(stored, known, now)
  if (said === null) return null
  const age = now.getTime() - known.at.getTime() > FRESH_MS ? `, as of ${instant(known.at)}` : ''
  return `At this rate ${said}${age}`
}

function saidOf(stored: StoredBudget, { forecast, at }: KeptForecast, now: Date): string | null {
  const { budget, current } = stored
  if (forecast.kind === 'reaches' && forecast.at > now) {
    const timeZone = zoneOf(stored)
    // Its own instant, not this one: the words stay the same, and the card with them, until the next forecast.
    return `*${stripped(sayForecast(forecast, { timeZone, now: at }).headline)}* (${timeZone})`
  }
  if (forecast.kind === 'holds' && forecast.expectedAtEnd >= countedIn(current))
    return `it stays below: about *${briefUsd(forecast.expectedAtEnd)}* of ${briefUsd(limitIn(budget, current))} at the end${closeness(forecast)}`
  return null
}

const closeness = ({ mayReachAt }: Extract<Forecast, { kind: 'holds' }>): string =>
  mayReachAt === null ? '' : ', but it is close'

const stripped = (headline: string): string => headline.replace(/^at this rate /, '')

export const zoneOf = ({ budget: { periodRule } }: Pick<StoredBudget, 'budget'>): string =>
  periodRule.kind === 'span' ? 'UTC' : periodRule.timeZone
