/**
 * "Would last month have tripped?": what a budget would have done over a period that is known, before it is armed.
 *
 * Spend is walked in buckets of time. A rung that is reached within one acts from its end on, and what it stops is then
 * not spent: so a stop of some environments puts off, or spares, the stop of all. What a downgrade or a slower pace would
 * have saved is not known, and nothing is taken off for it. Neither is what a period before would have carried over.
 */
import { addUsd, type NanoUsd, zeroUsd } from '../money.ts'
import { periodOf, previousPeriod } from '../period/period-of.ts'
import type { PeriodRule } from '../period/period-rule.ts'
import type { Period } from '../period.ts'
import type { Ladder, Rung } from './ladder.ts'
import { reaches } from './limit.ts'
import type { Counter } from './scope.ts'

/** What one counter spent in one environment, from `at` to the end of the bucket. */
export interface SpendBucket {
  readonly at: Date
  readonly environment: string
  readonly cost: NanoUsd
}

export interface Trip {
  readonly rung: Rung
  /** The end of the bucket in which it was reached: from here on it acts. */
  readonly at: Date
  readonly spent: NanoUsd
}

export interface Course {
  readonly counter: Counter
  /** In the order in which they were reached. */
  readonly trips: readonly Trip[]
  /** What would have been spent with these stops in force. */
  readonly spent: NanoUsd
}

export interface PreviewedRules {
  readonly limit: NanoUsd
  readonly ladder: Ladder
}

/** `buckets` are of one counter, in the order of their time, and all `grainMs` long. */
export function courseOf(
  { limit, ladder }: PreviewedRules,
  counter: Counter,
  buckets: readonly SpendBucket[],
  grainMs: number,
): Course {
  const trips: Trip[] = []
  let spent = zeroUsd
  for (let next = 0; next < buckets.length && !trips.some(({ rung }) => stopsAll(rung)); ) {
    const atMs = buckets[next]?.at.getTime() ?? 0
    // What is stopped within a bucket is stopped from its end on, for all environments alike.
    for (; buckets[next]?.at.getTime() === atMs; next++) {
      const { environment, cost } = buckets[next] ?? NOTHING
      if (!isStopped(trips, environment)) spent = addUsd(spent, cost)
    }
    for (const rung of ladder) {
      if (trips.some((trip) => trip.rung === rung) || !reaches(spent, rung.percent, limit)) continue
      trips.push({ rung, at: new Date(atMs + grainMs), spent })
    }
  }
  return { counter, trips, spent }
}

const NOTHING = { environment: '', cost: zeroUsd }

const isStopped = (trips: readonly Trip[], environment: string): boolean =>
  trips.some(({ rung: { action } }) => action.kind === 'stop' && action.environments?.includes(environment))

const stopsAll = ({ action }: Rung): boolean => action.kind === 'stop' && action.environments === null

/** The trips that refuse calls. */
export const stopsOf = ({ trips }: Course): Trip[] => trips.filter(({ rung }) => rung.action.kind === 'stop')

/** The period to look at: the last that is over; for a span as much time as it is long, before it or before now. */
export function periodBefore(rule: PeriodRule, now: Date): Period {
  if (rule.kind !== 'span') return previousPeriod(rule, periodOf(rule, now))
  const until = new Date(Math.min(now.getTime(), rule.from.getTime()))
  return { from: new Date(until.getTime() - (rule.until.getTime() - rule.from.getTime())), until }
}
