/**
 * Sets the figures of many counters of one budget-period at once, and says what they mean: thresholds and stops follow the
 * new figures, and what was not heard before is told. The caller has the scope alone.
 */
import { sql } from 'drizzle-orm'
import { reachedPercentOf } from '../../core/budget/limit.ts'
import { rearm } from '../../core/budget/rearm.ts'
import type { RecountedCounter } from '../../core/budget/recount.ts'
import type { Counter } from '../../core/budget/scope.ts'
import type { Period } from '../../core/period.ts'
import { armAnew } from './apply-limit.ts'
import { openPeriods } from './budget-periods.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { readSnapshots, type StoredBudget } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'

/** Postgres takes 65,535 parameters with a statement. */
const ROWS_MAX = 1_000

/** Counters whose stop the new figures lifted. */
export type LiftedStops = ReadonlySet<Counter>

export async function setCounters(
  tx: Queryable,
  about: {
    readonly settings: BudgetSettings
    readonly period: Period
    readonly counters: readonly RecountedCounter[]
  },
  now: Date,
): Promise<LiftedStops> {
  const { settings, period, counters } = about
  const lifted = new Set<Counter>()
  for (let first = 0; first < counters.length; first += ROWS_MAX) {
    const some = counters.slice(first, first + ROWS_MAX)
    const keys = some.map(({ counter }) => ({ settings, period, counter }))
    await openPeriods(tx, keys, now)
    await saveFigures(tx, settings.budget.id, period, some)
    for (const stored of await readSnapshots(tx, keys)) {
      if (!changesWhatIsTold(stored, now)) continue
      const { next } = rearm(stored.current, stored.budget, now)
      if (stored.current.limitReachedAt !== null && next.limitReachedAt === null) {
        lifted.add(stored.current.counter)
      }
      await armAnew(tx, stored, heardOf(stored), now)
    }
  }
  return lifted
}

async function saveFigures(
  tx: Queryable,
  budgetId: string,
  { from }: Period,
  counters: readonly RecountedCounter[],
): Promise<void> {
  const rows = counters.map(({ counter, after }) => ({
    ...{ counter, spent: after.spent.toString(), events: after.events, unpriced: after.unpricedEvents },
  }))
  await tx.execute(sql`
    update budget_periods
    set spent_nano_usd = wanted.spent, events = wanted.events, unpriced_events = wanted.unpriced
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as wanted (counter text, spent bigint, events bigint, unpriced bigint)
    where budget_periods.budget_id = ${budgetId} and budget_periods.period_from = ${from.toISOString()}
      and budget_periods.counter = wanted.counter`)
}

/** Nearly no counter of many: saying so saves each of them three statements. */
function changesWhatIsTold({ budget, current }: StoredBudget, now: Date): boolean {
  const { next, newlyReachedPercent } = rearm(current, budget, now)
  const moves = (next.limitReachedAt === null) !== (current.limitReachedAt === null)
  return moves || newlyReachedPercent.length > 0
}

/** A stop that is not in force is told when it comes, though its percent was announced before it was lifted. */
function heardOf({ budget, current }: StoredBudget): readonly number[] {
  if (current.limitReachedAt !== null) return current.announcedPercent
  return current.announcedPercent.filter((percent) => percent !== reachedPercentOf(budget))
}
