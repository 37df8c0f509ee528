/**
 * Sets what a budget's calls without a price come to, summed anew: where it is made or changed, which its caller decides
 * with the scope alone, and where a check finds a counter that says otherwise.
 */
import { and, eq } from 'drizzle-orm'
import { UNPRICED_MODELS_MAX } from '../../core/budget/decide.ts'
import type { Counter } from '../../core/budget/scope.ts'
import type { CounterRef } from '../../core/hold/hold.ts'
import { type NanoUsd, zeroUsd } from '../../core/money.ts'
import { nextPeriod } from '../../core/period/period-of.ts'
import type { Period } from '../../core/period.ts'
import { armAnew } from './apply-limit.ts'
import { openPeriods } from './budget-periods.ts'
import { type BudgetSettings, readBudgetSettings } from './budget-settings.ts'
import { readSnapshots, shownPeriodOf } from './budget-snapshots.ts'
import { takeBudget } from './lock-budget.ts'
import type { Postgres, Queryable } from './open.ts'
import { lockCountersOf } from './recounts.ts'
import { budgetPeriods } from './schema.ts'
import { signalVerdicts } from './signals.ts'
import { type EstimatedCounter, sumEstimates } from './unpriced-calls.ts'

export interface EstimateDifference extends CounterRef {
  /** What the counter said. */
  readonly estimated: NanoUsd
  /** What its calls without a price come to. */
  readonly derived: NanoUsd
}

/** Of the running period, and of the next one, which a sender's clock may have run ahead into. */
export async function startEstimates(tx: Queryable, settings: BudgetSettings, now: Date): Promise<void> {
  const running = shownPeriodOf(settings, now)
  if (running === null) return
  const next = nextPeriod(settings.budget.periodRule, running)
  for (const period of next === null ? [running] : [running, next]) await setIn(tx, settings, period, now)
}

/** Sums anew what the running period of every budget counts of calls without a price; a difference is healed. */
export async function recheckEstimates(postgres: Postgres, now: Date): Promise<EstimateDifference[]> {
  const wrong: EstimateDifference[] = []
  for (const settings of await readBudgetSettings(postgres.tables, undefined)) {
    const period = shownPeriodOf(settings, now)
    if (period === null || (await differencesIn(postgres.tables, settings, period)).length === 0) continue
    // Looked for without a lock, in which the ledger may have counted between two statements; healed with the scope alone.
    wrong.push(...(await postgres.tables.transaction((tx) => healIn(tx, settings.budget, now))))
  }
  return wrong
}

async function healIn(
  tx: Queryable,
  { orgId, id: budgetId, scope }: BudgetSettings['budget'],
  now: Date,
): Promise<EstimateDifference[]> {
  const settings = await takeBudget(tx, { orgId, budgetId })
  const period = settings && shownPeriodOf(settings, now)
  if (!settings || !period) return []
  const found = await differencesIn(tx, settings, period)
  if (found.length === 0) return []
  await setIn(tx, settings, period, now)
  const keys = found.map(({ counter }) => ({ settings, period, counter }))
  for (const stored of await readSnapshots(tx, keys)) {
    await armAnew(tx, stored, stored.current.announcedPercent, now)
  }
  await signalVerdicts(tx, [scope.projectId ?? orgId])
  return found
}

async function differencesIn(
  tx: Queryable,
  settings: BudgetSettings,
  period: Period,
): Promise<EstimateDifference[]> {
  const budgetId = settings.budget.id
  const derived = await sumEstimates(tx, settings, period)
  const known = await readEstimated(tx, budgetId, period)
  return [...new Set([...derived.keys(), ...known.keys()])].flatMap((counter) => {
    const [is, said] = [derived.get(counter)?.estimated ?? zeroUsd, known.get(counter) ?? zeroUsd]
    return is === said ? [] : [{ budgetId, from: period.from, counter, estimated: said, derived: is }]
  })
}

async function readEstimated(tx: Queryable, budgetId: string, { from }: Period) {
  const rows = await tx
    .select({ counter: budgetPeriods.counter, estimated: budgetPeriods.estimated })
    .from(budgetPeriods)
    .where(and(eq(budgetPeriods.budgetId, budgetId), eq(budgetPeriods.from, from)))
  return new Map(rows.map(({ counter, estimated }) => [counter, estimated]))
}

const NOTHING: EstimatedCounter = { estimated: zeroUsd, models: [] }

async function setIn(tx: Queryable, settings: BudgetSettings, period: Period, now: Date): Promise<void> {
  const sums = await sumEstimates(tx, settings, period)
  const missing = [...sums.keys()].map((counter) => ({ settings, period, counter }))
  await openPeriods(tx, missing, now)
  const rows = await lockCountersOf(tx, settings.budget.id, period.from)
  for (const { counter, estimated, unpricedModels } of rows) {
    const { estimated: derived, models } = sums.get(counter) ?? NOTHING
    const named = models.slice(0, UNPRICED_MODELS_MAX)
    if (derived === estimated && named.join('\n') === unpricedModels.join('\n')) continue
    await tx
      .update(budgetPeriods)
      .set({ estimated: derived, unpricedModels: named })
      .where(isOf(settings.budget.id, period, counter))
  }
}

const isOf = (budgetId: string, { from }: Period, counter: Counter) =>
  and(eq(budgetPeriods.budgetId, budgetId), eq(budgetPeriods.from, from), eq(budgetPeriods.counter, counter))
