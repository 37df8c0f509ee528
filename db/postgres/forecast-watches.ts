/**
 * Forecasts of budgets: the newest of each, and whether its alert was told. Decided and told in one transaction, so that
 * an alert is told once for a period and a revision of the limit, whoever evaluates it and however often.
 */
import { eq } from 'drizzle-orm'
import {
  type Evaluated,
  type ForecastWatch,
  forecastAlert,
  type WatchState,
} from '../../core/forecast/forecast-alert.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { forecastWatches } from './schema.ts'

export interface ForecastOf {
  readonly orgId: string
  readonly budgetId: string
}

/** Saves what was evaluated; true when it was told. */
export function saveForecast(
  postgres: Postgres,
  { orgId, budgetId }: ForecastOf,
  evaluated: Evaluated,
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    const before = await lockWatch(tx, budgetId)
    const { next, announce } = forecastAlert(before, evaluated)
    const { now, forecast } = evaluated
    const row = {
      ...{ from: next.period.from, until: next.period.until, limitRevision: next.limitRevision },
      ...{ state: next.state.kind, since: sinceOf(next.state), evaluatedAt: now },
      reachesAt: forecast.kind === 'reaches' ? forecast.at : null,
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
