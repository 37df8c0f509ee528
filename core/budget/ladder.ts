/**
 * What a budget does at chosen percents of its limit, beside telling people: use another model, slow down, stop some
 * environments, or stop. Invariant: a rung acts from its percent on, and ends with the period or with what lifts a stop.
 */
import type { NanoUsd } from '../money.ts'
import { fits } from './scope.ts'

export type LadderAction =
  /** Calls of models that fit `from` are to use `to` instead. */
  | { readonly kind: 'downgrade'; readonly from: string; readonly to: string }
  /** At most this many calls a minute, in each client process. */
  | { readonly kind: 'throttle'; readonly callsPerMinute: number }
  /** Refuses calls of these environments; null refuses all. */
  | { readonly kind: 'stop'; readonly environments: readonly string[] | null }

export interface Rung {
  /** A whole percent of the limit, 1 to 1000. */
  readonly percent: number
  readonly action: LadderAction
}

/** Ascending by percent. */
export type Ladder = readonly Rung[]

export const DEFAULT_LADDER: Ladder = [{ percent: 100, action: { kind: 'stop', environments: null } }]

/** Where all calls stop; null for a budget that never stops them all by itself. */
export const stopPercentOf = (ladder: Ladder): number | null =>
  ladder.find(({ action }) => action.kind === 'stop' && action.environments === null)?.percent ?? null

/** Where calls of this environment stop, with all others or before them; null where they never do. */
export const stopPercentFor = (ladder: Ladder, environment: string): number | null =>
  ladder.find(
    ({ action }) =>
      action.kind === 'stop' &&
      (action.environments === null || action.environments.some((pattern) => fits(pattern, environment))),
  )?.percent ?? null

/** What is in force short of a full stop. */
export interface Measures {
  readonly downgrades: readonly { readonly from: string; readonly to: string }[]
  readonly callsPerMinute: number | null
  readonly stoppedEnvironments: readonly string[]
}

export const NO_MEASURES: Measures = { downgrades: [], callsPerMinute: null, stoppedEnvironments: [] }

/** Of several downgrades for one model the highest reached comes first; of several speeds the lowest holds. */
export function measuresAt(ladder: Ladder, spent: NanoUsd, limit: NanoUsd): Measures {
  const reached = ladder.filter(({ percent }) => spent * 100n >= limit * BigInt(percent))
  if (reached.length === 0) return NO_MEASURES
  const speeds = reached.flatMap(({ action }) => (action.kind === 'throttle' ? [action.callsPerMinute] : []))
  return {
    downgrades: reached
      .toReversed()
      .flatMap(({ action }) => (action.kind === 'downgrade' ? [{ from: action.from, to: action.to }] : [])),
    callsPerMinute: speeds.length === 0 ? null : Math.min(...speeds),
    stoppedEnvironments: [
      ...new Set(
        reached.flatMap(({ action }) => (action.kind === 'stop' ? (action.environments ?? []) : [])),
      ),
    ].sort(),
  }
}

/** The model to use instead of `model`; null to use it as it is. A model is never sent to itself. */
export function downgradeOf(measures: Measures, model: string): string | null {
  const to = measures.downgrades.find(({ from }) => fits(from, model))?.to
  return to === undefined || to === model ? null : to
}
