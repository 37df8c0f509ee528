/**
 * What may refuse the calls that ask to begin: read in the transaction that grants, and what that transaction has granted
 * by now on top of it.
 */
import type { CallFacts } from '../../core/budget/scope.ts'
import { viewOf, type WideStop } from '../../core/budget/verdict.ts'
import { coveringCounters } from '../../core/hold/covering-counters.ts'
import type { HoldPart } from '../../core/hold/decide-hold.ts'
import { type CounterRef, reportedUntilOf } from '../../core/hold/hold.ts'
import { TTL_S } from '../../core/hold/parse-hold.ts'
import { addUsd, type NanoUsd, nanoUsd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { type Period, periodHolds } from '../../core/period.ts'
import { lockPeriods, refOf } from './budget-periods.ts'
import { type BudgetSettings, coveringProjects, readBudgetSettings } from './budget-settings.ts'
import { type BudgetKey, readSnapshots, type StoredBudget } from './budget-snapshots.ts'
import { nameOfCounter } from './counters.ts'
import type { Queryable } from './open.ts'
import { readWideStops } from './stop-budget.ts'

export type OwnedFacts = CallFacts & { readonly orgId: string }

/** A call that asks to begin, and for how long it is held. */
export interface CallAhead {
  readonly facts: OwnedFacts
  readonly ttlS: number
}

/** What a replica that has read it may decide by for a moment, as long as its leases stand. */
export interface HoldCover {
  readonly settings: readonly BudgetSettings[]
  readonly stops: ReadonlyMap<string, readonly WideStop[]>
  /** By the name of the counter. */
  readonly counters: ReadonlyMap<string, StoredBudget>
  readonly readAt: Date
}

export interface OpenCover extends HoldCover {
  /** Names of those that are locked: they can hold. */
  readonly locked: ReadonlySet<string>
  /** The counters that cover the call, as they stand now. */
  covering(call: CallAhead): StoredBudget[]
  add(parts: readonly HoldPart[]): void
  free(name: string, amount: NanoUsd): void
  /** Its figure was found wrong, and is put right. */
  correct(stored: StoredBudget): void
}

/** What is read: all that covers these calls, and counters that covered others a moment ago. */
export interface Covered {
  readonly projectIds: readonly string[]
  readonly calls: readonly CallAhead[]
  readonly counters: readonly CounterRef[]
}

/** The scopes of these projects are shared. */
export async function openCover(tx: Queryable, covered: Covered, now: Date): Promise<OpenCover> {
  const projectIds = [...new Set(covered.projectIds)]
  const [settings, stops] = await Promise.all([
    readBudgetSettings(tx, coveringProjects(projectIds)),
    readWideStops(tx, projectIds),
  ])
  const keys = keysOf(settings, covered, now)
  const holding = await holdingOf(tx, keys, now)
  await lockPeriods(tx, holding, now)
  const counters = new Map<string, StoredBudget>()
  for (const stored of await readSnapshots(tx, keys)) counters.set(nameOf(stored), stored)
  const change = (name: string, by: NanoUsd) => {
    const stored = counters.get(name)
    if (!stored) return
    const held = addUsd(stored.current.held, by)
    counters.set(name, { ...stored, current: { ...stored.current, held } })
  }
  return {
    ...{ settings, stops, counters, readAt: now },
    locked: new Set(holding.map((key) => nameOfCounter(refOf(key)))),
    covering: (call) =>
      keysAhead(settings, call, now).flatMap((key) => counters.get(nameOfCounter(refOf(key))) ?? []),
    add: (parts) => {
      for (const { view, amount } of parts) change(nameOf(view), amount)
    },
    free: (name, amount) => change(name, nanoUsd(-amount)),
    correct: (stored) => counters.set(nameOf(stored), stored),
  }
}

/** The counters that may count the call. */
export const keysAhead = (
  settings: readonly BudgetSettings[],
  { facts, ttlS }: CallAhead,
  now: Date,
): BudgetKey[] => coveringCounters(settings, facts, { now, reportedUntil: reportedUntilOf(now, ttlS) })

export const nameOf = ({ budget, current }: Pick<StoredBudget, 'budget' | 'current'>): string =>
  nameOfCounter({ budgetId: budget.id, from: current.period.from, counter: current.counter })

function keysOf(settings: readonly BudgetSettings[], { calls, counters }: Covered, now: Date): BudgetKey[] {
  const keys = new Map<string, BudgetKey>()
  for (const call of calls) {
    for (const key of keysAhead(settings, call, now)) keys.set(nameOfCounter(refOf(key)), key)
  }
  for (const ref of counters) {
    const of = settings.find(({ budget }) => budget.id === ref.budgetId)
    const period = of ? periodOf(of.budget.periodRule, ref.from > now ? ref.from : now) : null
    if (!of || period?.from.getTime() !== ref.from.getTime()) continue
    keys.set(nameOfCounter(ref), { settings: of, period, counter: ref.counter })
  }
  return [...keys.values()]
}

/** Whoever is asked for at most so long before it begins may be counted in it. */
const isNext = ({ from }: Period, now: Date): boolean => from <= reportedUntilOf(now, TTL_S.to)

/** Strict budgets hold always; others once they are near their stop, which is seen without a lock. */
async function holdingOf(tx: Queryable, keys: readonly BudgetKey[], now: Date): Promise<BudgetKey[]> {
  // Also one that is about to begin. What is over holds nothing, nor does a span that is yet far away.
  const running = keys.filter(
    ({ period }) => period.until > now && (periodHolds(period, now) || isNext(period, now)),
  )
  const strict = running.filter(({ settings }) => settings.budget.mode === 'strict')
  const cached = running.filter(({ settings }) => settings.budget.mode !== 'strict')
  if (cached.length === 0) return strict
  const seen = await readSnapshots(tx, cached)
  const near = new Set(seen.filter((stored) => viewOf(stored, now)?.asksFirst).map(nameOf))
  return [...strict, ...cached.filter((key) => near.has(nameOfCounter(refOf(key))))]
}
