/**
 * The forecast of one budget, from what its scope spent in the archive and where it was stopped: read alike by the job that
 * tells of it and by whoever asks. Budgets with a counter for each user or key have none: nobody wants a thousand.
 */
import type { BudgetSnapshot } from '../core/budget/budget.ts'
import { limitIn } from '../core/budget/limit.ts'
import { budgetState } from '../core/budget/state.ts'
import { type Forecast, lookAhead, type Outlook } from '../core/forecast/forecast.ts'
import type { ClickHouse } from './clickhouse/open.ts'
import { scopeHours } from './clickhouse/queries/scope-hours.ts'
import type { Postgres } from './postgres/open.ts'
import { stoppedSpans } from './postgres/stopped-spans.ts'

export interface ForecastStores {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
}

const HISTORY_MS = 8 * 7 * 24 * 60 * 60 * 1000

/** Of a budget that a person stopped there is nothing to say either. */
export const isForecast = ({ budget }: Pick<BudgetSnapshot, 'budget'>): boolean =>
  budget.scope.each === null && budget.manualStop === null

/** Null where its period does not run. */
export async function readForecast(
  stores: ForecastStores,
  stored: BudgetSnapshot,
  now: Date,
): Promise<Forecast | null> {
  return (await readOutlook(stores, stored, now))?.forecast ?? null
}

/** The same with its course to the end of the period. */
export async function readOutlook(
  { postgres, clickhouse }: ForecastStores,
  stored: BudgetSnapshot,
  now: Date,
): Promise<Outlook | null> {
  const { budget, current } = stored
  if (budgetState(stored, now).kind === 'idle') return null
  const since = new Date(now.getTime() - HISTORY_MS)
  const { orgId, scope, periodRule } = budget
  const [history, stopped] = await Promise.all([
    scopeHours(clickhouse, { orgId, scope, from: since, until: now }),
    stoppedSpans(postgres.tables, budget.id, { since, now }),
  ])
  return lookAhead({
    ...{ history, stopped, now },
    period: current.period,
    spent: current.spent,
    limit: limitIn(budget, current),
    timeZone: periodRule.kind === 'span' ? 'UTC' : periodRule.timeZone,
  })
}
