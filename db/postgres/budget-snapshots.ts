/**
 * Reads budgets and one period of each as core's plain facts. A period that has no row yet has spent nothing.
 * Invariant: the facts of one call come from one statement's snapshot of each table, or from rows locked before.
 */
import { and, asc, desc, eq, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { BudgetPeriod, BudgetSnapshot, Override } from '../../core/budget/budget.ts'
import { emptyPeriodOf } from '../../core/budget/period-at.ts'
import { type Counter, ONE_COUNTER } from '../../core/budget/scope.ts'
import { zeroUsd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import type { Period } from '../../core/period.ts'
import { readCarried } from './budget-carry.ts'
import { type BudgetSettings, readBudgetSettings } from './budget-settings.ts'
import { readKeyNames } from './key-names.ts'
import type { Queryable } from './open.ts'
import { alerts, budgetCards, budgetPeriods, overrides } from './schema.ts'

export interface StoredBudget extends BudgetSnapshot, BudgetSettings {
  /** The card's address in Slack, once posted; where a person lifts a stop. */
  readonly liftUrl: string | null
}

/** One counter of a budget in one period. */
export interface BudgetKey {
  readonly settings: BudgetSettings
  readonly period: Period
  readonly counter: Counter
}

/** Of a budget with a counter for each user or key, these are looked at; all are counted and stopped. */
export const COUNTERS_MAX = 1_000

/**
 * Live budgets that match, each in the period that holds `at`, or for a span its one period; in the order of their ids.
 * A budget with a counter for each user or key comes once for itself, as which it spends nothing and a person may stop
 * it, and then once for each counter, the dearest first.
 */
export async function readBudgets(tx: Queryable, where: SQL | undefined, at: Date): Promise<StoredBudget[]> {
  const settings = await readBudgetSettings(tx, where)
  return await readSnapshots(tx, await keysAt(tx, settings, at))
}

/** The period of a budget that begins at `from`, as it is kept. */
export function readBudgetsIn(tx: Queryable, where: SQL | undefined, from: Date): Promise<StoredBudget[]> {
  return readBudgets(tx, where, from)
}

/** One counter of a budget in that period. */
export async function readCounterIn(
  tx: Queryable,
  where: SQL | undefined,
  { from, counter }: { readonly from: Date; readonly counter: Counter },
): Promise<StoredBudget | null> {
  const [settings] = await readBudgetSettings(tx, where)
  const period = settings && shownPeriodOf(settings, from)
  if (!settings || !period) return null
  const [stored] = await readSnapshots(tx, [{ settings, period, counter }])
  return stored ?? null
}

/** The period that a budget is in at `at`; of a span that is over, or to come, the span itself. */
export function shownPeriodOf({ budget }: BudgetSettings, at: Date): Period | null {
  const { periodRule: rule } = budget
  return rule.kind === 'span' ? { from: rule.from, until: rule.until } : periodOf(rule, at)
}

async function keysAt(tx: Queryable, all: readonly BudgetSettings[], at: Date): Promise<BudgetKey[]> {
  const shown = all.flatMap((settings): BudgetKey[] => {
    const period = shownPeriodOf(settings, at)
    return period === null ? [] : [{ settings, period, counter: ONE_COUNTER }]
  })
  const many = shown.filter(({ settings }) => settings.budget.scope.each !== null)
  if (many.length === 0) return shown
  const counters = await readCounters(tx, many)
  return shown.flatMap((key) =>
    key.settings.budget.scope.each === null
      ? [key]
      : [key, ...(counters.get(key.settings.budget.id) ?? []).map((counter) => ({ ...key, counter }))],
  )
}

async function readCounters(tx: Queryable, keys: readonly BudgetKey[]): Promise<Map<string, Counter[]>> {
  const rows = await tx
    .select({ id: budgetPeriods.budgetId, counter: budgetPeriods.counter })
    .from(budgetPeriods)
    .where(and(or(...keys.map(isPeriodOf)), ne(budgetPeriods.counter, ONE_COUNTER)))
    .orderBy(desc(sql`${budgetPeriods.spent} + ${budgetPeriods.estimated}`), asc(budgetPeriods.counter))
    .limit(COUNTERS_MAX)
  const counters = new Map<string, Counter[]>()
  for (const { id, counter } of rows) counters.set(id, [...(counters.get(id) ?? []), counter])
  return counters
}

const isPeriodOf = ({ settings, period }: BudgetKey): SQL | undefined =>
  and(eq(budgetPeriods.budgetId, settings.budget.id), eq(budgetPeriods.from, period.from))

/** The facts of these counters, in the given order. */
export async function readSnapshots(tx: Queryable, keys: readonly BudgetKey[]): Promise<StoredBudget[]> {
  if (keys.length === 0) return []
  const ids = [...new Set(keys.map(({ settings }) => settings.budget.id))]
  const froms = [...new Set(keys.map(({ period }) => period.from.getTime()))].map((ms) => new Date(ms))
  const counters = [...new Set(keys.map(({ counter }) => counter))]
  const rows = await readRows(tx, { ids, froms, counters })
  const carried = await readCarried(tx, keys)
  const owners = await readKeyNames(tx, keys)
  return keys.map((key): StoredBudget => {
    const { settings, period, counter } = key
    const { id, limitRevision } = settings.budget
    const at = keyOf(id, period.from, counter)
    const override = rows.overrides.get(at)
    return {
      ...settings,
      current: {
        ...emptyPeriodOf(period, counter),
        ...rows.periods.get(at),
        carried: carried.get(key) ?? zeroUsd,
        ownerName: owners.get(counter) ?? null,
        announcedPercent: rows.alerts.get(`${at}/${limitRevision}`) ?? [],
        override: override ?? null,
      },
      liftUrl: rows.cards.get(keyOf(id, period.from, ONE_COUNTER)) ?? null,
    }
  })
}

interface Wanted {
  readonly ids: readonly string[]
  readonly froms: readonly Date[]
  readonly counters: readonly Counter[]
}

type Counted = Pick<
  BudgetPeriod,
  'spent' | 'held' | 'estimated' | 'unpricedModels' | 'events' | 'unpricedEvents' | 'limitReachedAt'
>

interface Rows {
  readonly periods: ReadonlyMap<string, Counted>
  readonly overrides: ReadonlyMap<string, Override>
  readonly alerts: ReadonlyMap<string, readonly number[]>
  readonly cards: ReadonlyMap<string, string | null>
}

async function readRows(tx: Queryable, wanted: Wanted): Promise<Rows> {
  // Asked all at once, so that they take one round trip and not four.
  const [periods, running, announced, cards] = await Promise.all([
    tx.select().from(budgetPeriods).where(isWanted(budgetPeriods, wanted)),
    tx
      .select()
      .from(overrides)
      .where(and(isWanted(overrides, wanted), isNull(overrides.endedAt))),
    tx.select().from(alerts).where(isWanted(alerts, wanted)).orderBy(asc(alerts.percent)),
    tx
      .select({ id: budgetCards.budgetId, from: budgetCards.from, permalink: budgetCards.permalink })
      .from(budgetCards)
      .where(
        and(inArray(budgetCards.budgetId, [...wanted.ids]), inArray(budgetCards.from, [...wanted.froms])),
      ),
  ])
  const percents = new Map<string, number[]>()
  for (const { budgetId, from, counter, limitRevision, percent } of announced) {
    const at = `${keyOf(budgetId, from, counter)}/${limitRevision}`
    percents.set(at, [...(percents.get(at) ?? []), percent])
  }
  return {
    periods: new Map(periods.map((row) => [keyOf(row.budgetId, row.from, row.counter), countedOf(row)])),
    overrides: new Map(
      running.map((row) => [keyOf(row.budgetId, row.from, row.counter), fromDbOverride(row)]),
    ),
    alerts: percents,
    cards: new Map(cards.map(({ id, from, permalink }) => [keyOf(id, from, ONE_COUNTER), permalink])),
  }
}

type CounterTable = typeof budgetPeriods | typeof overrides | typeof alerts

const isWanted = (table: CounterTable, { ids, froms, counters }: Wanted): SQL | undefined =>
  and(
    inArray(table.budgetId, [...ids]),
    inArray(table.from, [...froms]),
    inArray(table.counter, [...counters]),
  )

const keyOf = (budgetId: string, from: Date, counter: Counter): string =>
  `${budgetId}/${from.getTime()}/${counter}`

const countedOf = (row: typeof budgetPeriods.$inferSelect): Counted => ({
  spent: row.spent,
  held: row.held,
  estimated: row.estimated,
  unpricedModels: row.unpricedModels,
  events: row.events,
  unpricedEvents: row.unpricedEvents,
  limitReachedAt: row.limitReachedAt,
})

function fromDbOverride(row: typeof overrides.$inferSelect): Override {
  const { id, amount, ceiling, grantedAt, until, grantedBy, reason } = row
  return { id, amount, ceiling, grantedAt, until, grantedBy, reason }
}
