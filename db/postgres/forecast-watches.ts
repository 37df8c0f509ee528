/**
 * Forecasts of budgets: the newest of each, and whether its alert was told. Decided and told in one transaction, so that
 * an alert is told once for a period and a revision of the limit, whoever evaluates it and however often.
 */
import { and, eq, isNotNull } from 'drizzle-orm'
import type { CoursePoint } from '../../core/forecast/course-points.ts'
import {
  type Evaluated,
  type ForecastWatch,
  forecastAlert,
  type WatchState,
} from '../../core/forecast/forecast-alert.ts'
import type { KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { forecastWatches } from './schema.ts'
import { fromStoredCourse, fromStoredForecast, toStoredCourse, toStoredForecast } from './stored-forecast.ts'

export interface ForecastOf {
  readonly orgId: string
  readonly budgetId: string
}

/** Saves what was evaluated; true when it was told. */
export function saveForecast(
  postgres: Postgres,
  { orgId, budgetId }: ForecastOf,
  evaluated: Evaluated,
  course: readonly CoursePoint[],
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    const before = await lockWatch(tx, budgetId)
    const { next, announce } = forecastAlert(before, evaluated)
    const { now, forecast } = evaluated
    const row = {
      ...{ from: next.period.from, until: next.period.until, limitRevision: next.limitRevision },
      ...{ state: next.state.kind, since: sinceOf(next.state), evaluatedAt: now },
      reachesAt: forecast.kind === 'reaches' ? forecast.at : null,
      ...(isOf(next, evaluated)
        ? { forecast: toStoredForecast(forecast), course: toStoredCourse(course) }
        : { forecast: null, course: null }),
    }
    await tx
      .insert(forecastWatches)
      .values({ orgId, budgetId, ...row })
      .onConflictDoUpdate({ target: forecastWatches.budgetId, set: row })
    if (announce === null) return false
    const { at, earliestAt, latestAt, expectedAtEnd } = announce
    const notice = { kind: 'forecast', at, earliestAt, latestAt, expectedAtEnd } as const
    await enqueueNotices(tx, [{ orgId, budgetId, periodFrom: next.period.from, counter: '', notice }], now)
    return true
  })
}

/** A late evaluation of a period or a limit that is over is not what is kept. */
const isOf = (next: ForecastWatch, { period, limitRevision }: Evaluated): boolean =>
  next.period.from.getTime() === period.from.getTime() && next.limitRevision === limitRevision

/** The newest of each budget of an organisation that has one. */
export async function readForecasts(
  tx: Queryable,
  orgId: string,
): Promise<ReadonlyMap<string, KeptForecast>> {
  const { budgetId, forecast, evaluatedAt: at, from: periodFrom, limitRevision } = forecastWatches
  const rows = await tx
    .select({ budgetId, forecast, at, periodFrom, limitRevision })
    .from(forecastWatches)
    .where(and(eq(forecastWatches.orgId, orgId), isNotNull(forecast)))
  return new Map(
    rows.flatMap(({ budgetId: id, forecast: stored, ...rest }) =>
      stored === null ? [] : [[id, { ...rest, forecast: fromStoredForecast(stored) }]],
    ),
  )
}

/** The course of the newest forecast; empty where there is none. */
export async function readCourse(tx: Queryable, budgetId: string): Promise<CoursePoint[]> {
  const [row] = await tx
    .select({ course: forecastWatches.course })
    .from(forecastWatches)
    .where(eq(forecastWatches.budgetId, budgetId))
  return row?.course ? fromStoredCourse(row.course) : []
}

async function lockWatch(tx: Queryable, budgetId: string): Promise<ForecastWatch | null> {
  const [row] = await tx
    .select()
    .from(forecastWatches)
    .where(eq(forecastWatches.budgetId, budgetId))
    .for('update')
  if (!row) return null
  return {
    period: { from: row.from, until: row.until },
    limitRevision: row.limitRevision,
    state: fromDbState(row.state, row.since),
  }
}

const sinceOf = (state: WatchState): Date | null =>
  state.kind === 'quiet' ? null : state.kind === 'leaning' ? state.since : state.at

function fromDbState(kind: WatchState['kind'], since: Date | null): WatchState {
  if (kind === 'quiet' || since === null) return { kind: 'quiet' }
  return kind === 'leaning' ? { kind, since } : { kind, at: since }
}
