/**
 * The ledger's decision, made on a figure that was checked: before the first refusal of a period the spend is compared
 * with the ledger's own sums, in the same transaction. A phantom heals before anybody is stopped or told, and is reported.
 *
 * Those sums answer for scopes of whole projects in whole UTC days. For all others a check is asked for (recounts.ts),
 * early enough to be done before a stop, and again at the stop.
 */
import { type Decision, decide, type SpendEntry } from '../../core/budget/decide.ts'
import { type Figures, isSame, minus } from '../../core/budget/recount.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { addUsd, zeroUsd } from '../../core/money.ts'
import { periodHolds } from '../../core/period.ts'
import type { StoredBudget } from './budget-snapshots.ts'
import { isKnownByDay, sumsOfDays } from './day-sums.ts'
import type { Queryable } from './open.ts'
import type { CheckRequest } from './recount-requests.ts'
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
  // A period that is over stops nobody, and may be older than the budget, which then counts what came late alone.
  if (!isStopNew(stored, decision) || !periodHolds(current.period, now)) return decision
  if (!isKnownByDay(budget.scope, current.period)) return decision
  const [before, after] = [figuresOf(decision.next), await figuresByDay(tx, stored)]
  if (isSame(before, after)) return decision
  const right = minus(figuresOf(current), minus(before, after))
  const counters = [{ counter: ONE_COUNTER, before, after }]
  const { period } = current
  const about = {
    settings: stored,
    period,
    purpose: 'check',
    counters,
    stops: NONE,
    origin: 'ledger',
  } as const
  await tellCorrected(tx, about, now)
  return decide(budget, { ...current, ...right }, entries, now)
}

/** The percent from which on a figure is checked before it can stop anyone. */
const CHECKED_FROM_PERCENT = 75

/** What the ledger cannot check by itself, where this decision makes it matter. */
export function checksOf(stored: StoredBudget, decision: Decision, now: Date): CheckRequest[] {
  const { budget, current } = stored
  const { period } = current
  const isChecked = (percent: number): boolean => percent >= CHECKED_FROM_PERCENT
  const isFirst = !current.announcedPercent.some(isChecked)
  const comesNear = isFirst && decision.crossings.some(({ percent }) => isChecked(percent))
  if (!comesNear && !isStopNew(stored, decision)) return []
  if (!periodHolds(period, now) || isKnownByDay(budget.scope, period)) return []
  return [{ orgId: budget.orgId, budgetId: budget.id, period }]
}

const NONE: ReadonlySet<string> = new Set()

const isStopNew = ({ current }: StoredBudget, { next }: Decision): boolean =>
  current.limitReachedAt === null && next.limitReachedAt !== null

const figuresOf = ({ spent, events, unpricedEvents }: Figures): Figures => ({ spent, events, unpricedEvents })

async function figuresByDay(tx: Queryable, { budget, current }: StoredBudget): Promise<Figures> {
  const sums = await sumsOfDays(tx, budget.orgId, budget.scope, current.period)
  const settled = await readSettledAhead(tx, budget.id, current.period.from)
  return { ...sums, spent: addUsd(sums.spent, settled.get(ONE_COUNTER) ?? zeroUsd) }
}
