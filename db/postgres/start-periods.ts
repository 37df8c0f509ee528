/**
 * What a budget that begins now has already spent: its scope's spend in the running period, exact to the cut that the
 * caller's lock makes: nobody counts for this scope until the transaction ends.
 *
 * What covers whole projects by whole UTC days is in the ledger's own sums and known at once. All else is summed from the
 * archive a moment later (recounts.ts); until then the budget counts from what is known.
 */
import type { Figures } from '../../core/budget/recount.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { addUsd, zeroUsd } from '../../core/money.ts'
import { nextPeriod } from '../../core/period/period-of.ts'
import type { Period } from '../../core/period.ts'
import { emptyRow } from './budget-periods.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { shownPeriodOf } from './budget-snapshots.ts'
import { isKnownByDay, sumsOfDays } from './day-sums.ts'
import type { Queryable } from './open.ts'
import { beginRecount, endRecounts, lockCountersOf } from './recounts.ts'
import { budgetPeriods } from './schema.ts'
import { readSettledAhead } from './settled-ahead.ts'

/**
 * Sets the figures of the running period, and of the next one, which a sender's clock may have run ahead into. Rows that
 * are there, as after a change of scope, keep their figures until the recount has finished: no stop is lifted meanwhile.
 */
export async function startPeriods(tx: Queryable, settings: BudgetSettings, now: Date): Promise<void> {
  const { budget } = settings
  await endRecounts(tx, budget.id, 'the budget was changed meanwhile', now)
  const running = shownPeriodOf(settings, now)
  if (running === null) return
  const next = nextPeriod(budget.periodRule, running)
  for (const period of next === null ? [running] : [running, next]) {
    const around = await sumsOfDays(tx, budget.orgId, budget.scope, period)
    if (isKnownByDay(budget.scope, period)) await setFigures(tx, settings, period, around, period === running)
    else if (around.events > 0) await beginRecount(tx, { settings, period, purpose: 'start' }, now)
  }
}

async function setFigures(
  tx: Queryable,
  { budget }: BudgetSettings,
  period: Period,
  sums: Figures,
  isRunning: boolean,
): Promise<void> {
  const known = await lockCountersOf(tx, budget.id, period.from)
  if (known.length === 0 && !isRunning && sums.events === 0) return
  const settled = await readSettledAhead(tx, budget.id, period.from)
  const spent = addUsd(sums.spent, settled.get(ONE_COUNTER) ?? zeroUsd)
  const figures = { ...sums, spent }
  const row = { ...emptyRow(budget.orgId, budget.id, period, ONE_COUNTER), ...figures }
  await tx
    .insert(budgetPeriods)
    .values(row)
    .onConflictDoUpdate({
      target: [budgetPeriods.budgetId, budgetPeriods.from, budgetPeriods.counter],
      set: figures,
    })
}
