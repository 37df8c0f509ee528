/**
 * What a budget would have done over the period before, from what is archived: whether and when it would have stopped
 * calls, and which. For a budget that is yet to be made as well as for one that changes.
 */

import { reaches } from '../../../core/budget/limit.ts'
import {
  type Course,
  courseOf,
  type PreviewedRules,
  periodBefore,
  type SpendBucket,
  stopsOf,
} from '../../../core/budget/preview.ts'
import { type Figures, NO_FIGURES } from '../../../core/budget/recount.ts'
import type { Counter, Scope } from '../../../core/budget/scope.ts'
import { addUsd, nanoUsd } from '../../../core/money.ts'
import type { PeriodRule } from '../../../core/period/period-rule.ts'
import type { Period } from '../../../core/period.ts'
import type { ClickHouse } from '../open.ts'
import { filterOf } from './scope-filter.ts'
import { IN_SPAN, type ScopeSpan, scopeSums } from './scope-sums.ts'
import { NOTHING_STOPPED, readStopped, type StoppedSpend } from './stopped-spend.ts'

export interface PreviewQuestion extends PreviewedRules {
  readonly orgId: string
  readonly scope: Scope
  readonly periodRule: PeriodRule
}

export interface StopPreview {
  readonly period: Period
  /** Of the whole scope in that period, as it was. Unpriced calls count nothing: with a price it would trip earlier. */
  readonly was: Figures
  readonly wouldTrip: boolean
  /** Counters that reach any rung, the dearest first, and at most COUNTERS_MAX of them. */
  readonly courses: readonly Course[]
  /** How many counters reach a rung, also those that are not looked at. */
  readonly countersReaching: number
  /** To how many milliseconds the instants are known. */
  readonly grainMs: number
  readonly stopped: StoppedSpend
}

const COUNTERS_MAX = 100
const MINUTE_MS = 60_000
/** A month of minutes is read for one counter, and of quarters of an hour for many. */
const MANY_GRAIN_MS = 15 * MINUTE_MS
const FEW = 2

export async function previewStop(
  clickhouse: ClickHouse,
  { orgId, scope, limit, ladder, periodRule }: PreviewQuestion,
  now: Date,
  topMax = 10,
): Promise<StopPreview> {
  const period = periodBefore(periodRule, now)
  const span: ScopeSpan = { orgId, scope, ...period }
  const sums = await scopeSums(clickhouse, span, null)
  const lowest = ladder[0]?.percent
  const reaching = [...sums]
    .filter(([, { spent }]) => lowest !== undefined && reaches(spent, lowest, limit))
    .sort(([, a], [, b]) => compare(b.spent, a.spent))
  const counters = reaching.slice(0, COUNTERS_MAX).map(([counter]) => counter)
  const grainMs = counters.length <= FEW ? MINUTE_MS : MANY_GRAIN_MS
  const courses = await readCourses(clickhouse, span, { counters, grainMs, rules: { limit, ladder } })
  const stops = courses.flatMap((course) =>
    stopsOf(course).map((trip) => ({ counter: course.counter, trip })),
  )
  return {
    ...{ period, courses, grainMs, wouldTrip: stops.length > 0, countersReaching: reaching.length },
    was: [...sums.values()].reduce(plus, NO_FIGURES),
    stopped: stops.length === 0 ? NOTHING_STOPPED : await readStopped(clickhouse, span, stops, topMax),
  }
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

const plus = (a: Figures, b: Figures): Figures => ({
  spent: addUsd(a.spent, b.spent),
  events: a.events + b.events,
  unpricedEvents: a.unpricedEvents + b.unpricedEvents,
})

interface BucketRow {
  counter: string
  at_ms: string
  environment: string
  cost: string
}

async function readCourses(
  clickhouse: ClickHouse,
  { orgId, scope, from, until }: ScopeSpan,
  {
    counters,
    grainMs,
    rules,
  }: { readonly counters: readonly Counter[]; readonly grainMs: number; readonly rules: PreviewedRules },
): Promise<Course[]> {
  if (counters.length === 0) return []
  const { where, counter, params } = filterOf(orgId, scope)
  const result = await clickhouse.query({
    query: `SELECT ${counter} AS counter, environment, sum(ifNull(cost_nano_usd, 0)) AS cost,
        intDiv(toUnixTimestamp64Milli(ts), {grainMs:Int64}) * {grainMs:Int64} AS at_ms
      FROM events WHERE ${where} AND ${IN_SPAN} AND counter IN {counters:Array(String)}
      GROUP BY counter, at_ms, environment ORDER BY at_ms, environment`,
    query_params: { ...params, from, until, counters, grainMs },
    format: 'JSONEachRow',
  })
  const buckets = new Map<Counter, SpendBucket[]>(counters.map((name) => [name, []]))
  for (const row of await result.json<BucketRow>()) buckets.get(row.counter)?.push(fromDbBucket(row))
  return counters.map((name) => courseOf(rules, name, buckets.get(name) ?? [], grainMs))
}

const fromDbBucket = (row: BucketRow): SpendBucket => ({
  at: new Date(Number(row.at_ms)),
  environment: row.environment,
  cost: nanoUsd(BigInt(row.cost)),
})
