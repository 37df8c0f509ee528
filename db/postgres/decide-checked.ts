/**
 * The ledger's decision, made on a figure that was checked: before the first refusal of a period the spend is compared
 * with the ledger's own sums, in the same transaction. A phantom heals before anybody is stopped or told, and is reported.
 *
 * Those sums answer for scopes of whole projects in whole UTC days. For all others a check is asked for (recounts.ts),
 * early enough to be done before a stop, and again at the stop.
 */
import type { BudgetPeriod } from '../../core/budget/budget.ts'
import { type Decision, decide, type SpendEntry } from '../../core/budget/decide.ts'
import { rearm } from '../../core/budget/rearm.ts'
import { type Figures, isSame, minus } from '../../core/budget/recount.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { addUsd, zeroUsd } from '../../core/money.ts'
import { periodHolds } from '../../core/period.ts'
import { savePeriod } from './budget-periods.ts'
import type { StoredBudget } from './budget-snapshots.ts'
import { isKnownByDay, sumsOfDays } from './day-sums.ts'
import type { Queryable } from './open.ts'
import { askForChecks, type CheckRequest } from './recount-requests.ts'
import { readSettledAhead } from './settled-ahead.ts'
import { tellCorrected } from './tell-corrected.ts'

/** The counter's row is locked, and the project's spend has these entries already. */
export async function decideChecked(
  tx: Queryable,
  stored: StoredBudget,
  entries: readonly SpendEntry[],
  now: Date,
): Promise<Decision> {
  const { budget, current } = stored
  const decision = decide(budget, current, entries, now)
  if (!isStopNew(stored, decision)) return decision
  const healed = await healedBy(tx, stored, decision.next, now)
  return healed === null ? decision : decide(budget, healed, entries, now)
}

/**
 * The counter with a figure that may refuse a call which it is about to refuse: healed and saved, or where only the
 * archive knows, as it is, and a check asked for. Its row is locked, and its scope shared.
 */
export async function checkedBeforeRefusal(
  tx: Queryable,
  stored: StoredBudget,
  now: Date,
): Promise<StoredBudget> {
  await askForChecks(tx, checkable(stored, now), now, AGAIN_AFTER_MS)
  return { ...stored, current: (await healedBy(tx, stored, stored.current, now)) ?? stored.current }
}

/** Refusals follow each other: a figure that was just checked is not asked about again. */
const AGAIN_AFTER_MS = 10 * 60_000

/**
 * The counter less what is wrong in `figures`, which are its own or what they would come to; saved and then told, so that
 * what is told is so. Null when nothing is wrong, or it is not known here.
 */
async function healedBy(
  tx: Queryable,
  stored: StoredBudget,
  figures: Figures,
  now: Date,
): Promise<BudgetPeriod | null> {
  const { budget, current } = stored
  const { period } = current
  // A period that is over stops nobody, and may be older than the budget, which then counts what came late alone.
  if (!periodHolds(period, now) || !isKnownByDay(budget.scope, period)) return null
  const [before, after] = [figuresOf(figures), await figuresByDay(tx, stored)]
  if (isSame(before, after)) return null
  const right = { ...current, ...minus(figuresOf(current), minus(before, after)) }
  // A stop that is lifted is so at once; one that is new is the decision's to tell.
  const limitReachedAt = current.limitReachedAt && rearm(right, budget, now).next.limitReachedAt
  const healed = { ...right, limitReachedAt }
  await savePeriod(tx, budget.id, healed)
  const stops = new Set(current.limitReachedAt !== null && limitReachedAt === null ? [ONE_COUNTER] : [])
  const counters = [{ counter: ONE_COUNTER, before, after }]
  const about = { settings: stored, period, purpose: 'check', counters, stops, origin: 'ledger' } as const
  await tellCorrected(tx, about, now)
  return healed
}

/** The percent from which on a figure is checked before it can stop anyone. */
const CHECKED_FROM_PERCENT = 75

/** What the ledger cannot check by itself, where this decision makes it matter. */
export function checksOf(stored: StoredBudget, decision: Decision, now: Date): CheckRequest[] {
  const { current } = stored
  const isChecked = (percent: number): boolean => percent >= CHECKED_FROM_PERCENT
  const isFirst = !current.announcedPercent.some(isChecked)
  const comesNear = isFirst && decision.crossings.some(({ percent }) => isChecked(percent))
  return comesNear || isStopNew(stored, decision) ? checkable(stored, now) : []
}

function checkable({ budget, current: { period } }: StoredBudget, now: Date): CheckRequest[] {
  if (!periodHolds(period, now) || isKnownByDay(budget.scope, period)) return []
  return [{ orgId: budget.orgId, budgetId: budget.id, period }]
}

const isStopNew = ({ current }: StoredBudget, { next }: Decision): boolean =>
  current.limitReachedAt === null && next.limitReachedAt !== null

const figuresOf = ({ spent, events, unpricedEvents }: Figures): Figures => ({ spent, events, unpricedEvents })

async function figuresByDay(tx: Queryable, { budget, current }: StoredBudget): Promise<Figures> {
  const sums = await sumsOfDays(tx, budget.orgId, budget.scope, current.period)
  const settled = await readSettledAhead(tx, budget.id, current.period.from)
  return { ...sums, spent: addUsd(sums.spent, settled.get(ONE_COUNTER) ?? zeroUsd) }
}
