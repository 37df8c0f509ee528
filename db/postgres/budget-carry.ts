/**
 * What a counter carries over from the periods before, for budgets that do: reckoned from what was spent in them, so that
 * a late event or a new price changes it.
 */
import { and, asc, eq, lt } from 'drizzle-orm'
import { countedIn } from '../../core/budget/limit.ts'
import { carriedOver } from '../../core/budget/rollover.ts'
import { type NanoUsd, zeroUsd } from '../../core/money.ts'
import type { BudgetKey } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'
import { budgetPeriods } from './schema.ts'

/** By key, for those that carry anything. A period that the budget did not see left nothing over. */
export async function readCarried<K extends BudgetKey>(
  tx: Queryable,
  keys: readonly K[],
): Promise<Map<K, NanoUsd>> {
  const carried = new Map<K, NanoUsd>()
  for (const key of keys) {
    if (key.settings.budget.rollover === 'none') continue
    carried.set(key, await carriedInto(tx, key))
  }
  return carried
}

async function carriedInto(tx: Queryable, { settings, period, counter }: BudgetKey): Promise<NanoUsd> {
  const { budget } = settings
  const rows = await tx
    .select({
      from: budgetPeriods.from,
      until: budgetPeriods.until,
      spent: budgetPeriods.spent,
      estimated: budgetPeriods.estimated,
    })
    .from(budgetPeriods)
    .where(
      and(
        eq(budgetPeriods.budgetId, budget.id),
        eq(budgetPeriods.counter, counter),
        lt(budgetPeriods.from, period.from),
      ),
    )
    .orderBy(asc(budgetPeriods.from))
  let carriedIn = zeroUsd
  for (const [index, { until, ...taken }] of rows.entries()) {
    carriedIn = carriedOver({ ...budget, carriedIn, spent: countedIn(taken) })
    const next = rows[index + 1]?.from ?? period.from
    // Periods in which nothing happened have no row. Each leaves the cap over, however many they are.
    if (until < next) carriedIn = carriedOver({ ...budget, carriedIn, spent: zeroUsd })
  }
  return carriedIn
}
