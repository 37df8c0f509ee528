/**
 * The rows of budget-periods: opened by whoever comes first (an event, the rollover job, a new budget), locked in the
 * order of budget, period and counter, so that replicas never wait for each other in a circle.
 */
import { and, eq, inArray } from 'drizzle-orm'
import type { BudgetPeriod } from '../../core/budget/budget.ts'
import { type Counter, ONE_COUNTER } from '../../core/budget/scope.ts'
import type { CounterRef } from '../../core/hold/hold.ts'
import { zeroUsd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { type Period, periodHolds } from '../../core/period.ts'
import { readBudgetSettings } from './budget-settings.ts'
import type { BudgetKey } from './budget-snapshots.ts'
import { compare, lockCounters } from './counters.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { budgetPeriods, outbox } from './schema.ts'

/** Makes the rows that are missing, and locks them all. One that is new in the running period asks for its card. */
export async function lockPeriods(tx: Queryable, keys: readonly BudgetKey[], now: Date): Promise<void> {
  await openPeriods(tx, keys, now)
  await lockCounters(tx, keys.map(refOf))
}

export const refOf = ({ settings, period, counter }: BudgetKey): CounterRef => ({
  budgetId: settings.budget.id,
  from: period.from,
  counter,
})

/** Opens the period that holds `now` for every live budget that has none yet. A late run only posts cards later. */
export function openCurrentPeriods(postgres: Postgres, now: Date): Promise<number> {
  return postgres.tables.transaction(async (tx) => {
    const keys = (await readBudgetSettings(tx, undefined)).flatMap((settings): BudgetKey[] => {
      const period = periodOf(settings.budget.periodRule, now)
      if (period === null || settings.budget.scope.each !== null) return []
      return [{ settings, period, counter: ONE_COUNTER }]
    })
    const opened = await openPeriods(tx, keys, now)
    await askForCards(tx, keys, now)
    return opened
  })
}

/** A sender's clock that runs ahead opens a period before it begins, when it is too early for its card. */
async function askForCards(tx: Queryable, keys: readonly BudgetKey[], now: Date): Promise<void> {
  if (keys.length === 0) return
  const told = await tx
    .selectDistinct({ budgetId: outbox.budgetId, from: outbox.from })
    .from(outbox)
    .where(
      inArray(
        outbox.budgetId,
        keys.map(({ settings }) => settings.budget.id),
      ),
    )
  const known = new Set(told.map(({ budgetId, from }) => `${budgetId}/${from.getTime()}`))
  const untold = keys.filter(
    ({ settings, period }) => !known.has(`${settings.budget.id}/${period.from.getTime()}`),
  )
  await announceOpened(tx, untold, now)
}

export const emptyRow = (orgId: string, budgetId: string, { from, until }: Period, counter: Counter) => ({
  orgId,
  budgetId,
  counter,
  from,
  until,
  spent: zeroUsd,
  events: 0,
  unpricedEvents: 0,
})

/** Saves what was counted. What is held is changed beside its entries alone, by `addHeld`. */
export async function savePeriod(tx: Queryable, budgetId: string, next: BudgetPeriod): Promise<void> {
  const { spent, estimated, events, unpricedEvents, limitReachedAt } = next
  const unpricedModels = [...next.unpricedModels]
  await tx
    .update(budgetPeriods)
    .set({ spent, estimated, unpricedModels, events, unpricedEvents, limitReachedAt })
    .where(isCounter(budgetId, next.period.from, next.counter))
}

const isCounter = (budgetId: string, from: Date, counter: Counter) =>
  and(eq(budgetPeriods.budgetId, budgetId), eq(budgetPeriods.from, from), eq(budgetPeriods.counter, counter))

/** Makes the rows that are missing, and says how many were. */
export async function openPeriods(tx: Queryable, keys: readonly BudgetKey[], now: Date): Promise<number> {
  if (keys.length === 0) return 0
  const sorted = inOrder(keys)
  const opened = await tx
    .insert(budgetPeriods)
    .values(
      sorted.map(({ settings, period, counter }) =>
        emptyRow(settings.budget.orgId, settings.budget.id, period, counter),
      ),
    )
    .onConflictDoNothing()
    .returning({ budgetId: budgetPeriods.budgetId, from: budgetPeriods.from, counter: budgetPeriods.counter })
  const isNew = new Set(
    opened.map(({ budgetId, from, counter }) => `${budgetId}/${from.getTime()}/${counter}`),
  )
  await announceOpened(
    tx,
    sorted.filter(({ settings, period, counter }) =>
      isNew.has(`${settings.budget.id}/${period.from.getTime()}/${counter}`),
    ),
    now,
  )
  return opened.length
}

/** A card shows a budget, not each of its counters: the first counter of a period asks for it. */
async function announceOpened(tx: Queryable, keys: readonly BudgetKey[], now: Date): Promise<void> {
  const first = new Map<string, BudgetKey>()
  for (const key of keys) {
    if (periodHolds(key.period, now) && !first.has(key.settings.budget.id))
      first.set(key.settings.budget.id, key)
  }
  await enqueueNotices(
    tx,
    [...first.values()].map(({ settings, period }) => ({
      orgId: settings.budget.orgId,
      budgetId: settings.budget.id,
      periodFrom: period.from,
      counter: ONE_COUNTER,
      notice: { kind: 'period_opened' },
    })),
    now,
  )
}

const inOrder = (keys: readonly BudgetKey[]): BudgetKey[] =>
  keys.toSorted(
    (a, b) =>
      compare(a.settings.budget.id, b.settings.budget.id) ||
      a.period.from.getTime() - b.period.from.getTime() ||
      compare(a.counter, b.counter),
  )
