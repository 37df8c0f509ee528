/** Reads the chart of a budget: the course so far from the archive, the sum as the ledger has it, the forecast as kept. */
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import { budgetState } from '../../core/budget/state.ts'
import { forecastFor, type KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { addUsd, maxUsd, type NanoUsd, zeroUsd } from '../../core/money.ts'
import { type ScopeHour, scopeHours } from '../../db/clickhouse/queries/scope-hours.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { readCourse } from '../../db/postgres/forecast-watches.ts'
import { titleOf } from '../blocks/budget-words.ts'
import { zoneOf } from '../blocks/forecast-words.ts'
import type { AppDeps } from '../deps.ts'
import type { BudgetChart, BudgetForecast } from './budget-chart.ts'

export type BudgetChartDeps = Pick<AppDeps, 'postgres' | 'clickhouse' | 'now'>

const HOUR_MS = 60 * 60 * 1000

export async function readBudgetChart(
  deps: BudgetChartDeps,
  stored: StoredBudget,
  kept: KeptForecast | null,
): Promise<BudgetChart> {
  const { budget, current } = stored
  const now = deps.now()
  const { from, until } = current.period
  const [hours, forecast] = await Promise.all([
    scopeHours(deps.clickhouse, { orgId: budget.orgId, scope: budget.scope, from, until: now }),
    readForecast(deps, stored, kept),
  ])
  const { override } = current
  return {
    name: titleOf(stored),
    period: { from, until, timeZone: zoneOf(stored) },
    now,
    limit: limitIn(budget, current),
    thresholds: budget.thresholdsPercent,
    spent: spentBy(hours, { total: countedIn(current), now }),
    estimated: current.estimated,
    forecast,
    overrides:
      override === null
        ? []
        : [{ from: override.grantedAt, until: override.until, ceiling: override.ceiling }],
  }
}

/** The archive is a little behind the ledger, or holds what came before the budget did: the ledger's sum is the end. */
function spentBy(
  hours: readonly ScopeHour[],
  { total, now }: { readonly total: NanoUsd; readonly now: Date },
): BudgetChart['spent'] {
  let sum = zeroUsd
  const points = hours.flatMap(({ from, spent }) => {
    sum = addUsd(sum, spent)
    const at = new Date(from.getTime() + HOUR_MS)
    return at < now ? [{ at, total: sum < total ? sum : total }] : []
  })
  return [...points, { at: now, total }]
}

/** From where the spend is now; null where the budget does not run freely, or the forecast is of another time. */
async function readForecast(
  deps: BudgetChartDeps,
  stored: StoredBudget,
  kept: KeptForecast | null,
): Promise<BudgetForecast | null> {
  const now = deps.now()
  const state = budgetState(stored, now).kind
  const known = forecastFor(stored, kept, now)
  if (known === null || (state !== 'open' && state !== 'warned')) return null
  const { forecast } = known
  const reachesAt = forecast.kind === 'reaches' ? forecast.at : null
  if (reachesAt !== null && reachesAt <= now) return null
  const spent = countedIn(stored.current)
  const ahead = (await readCourse(deps.postgres.tables, stored.budget.id))
    .filter(({ at }) => at > now)
    .map(({ at, expected, low, high }) => ({
      ...{ at, expected: maxUsd(expected, spent), low: maxUsd(low, spent), high: maxUsd(high, spent) },
    }))
  if (ahead.length === 0) return null
  return { course: [{ at: now, expected: spent, low: spent, high: spent }, ...ahead], reachesAt }
}
