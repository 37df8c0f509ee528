/**
 * Reports figures that were counted anew: a check that found one wrong, in the audit trail and in the card's thread; a new
 * scope, where it lifts a stop, since nobody is let pass without a word either.
 */
import { distance, type Figures, type RecountedCounter } from '../../core/budget/recount.ts'
import { counterWords } from '../../core/budget/scope-words.ts'
import type { Period } from '../../core/period.ts'
import { recordDeed } from './audit.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { enqueueNotices } from './notices.ts'
import type { Queryable } from './open.ts'
import type { RecountPurpose } from './recounts.ts'
import type { LiftedStops } from './set-counters.ts'

/** Of a budget with a counter for each user or key, those that were furthest off. */
const TOLD_MAX = 20

export async function tellCorrected(
  tx: Queryable,
  about: {
    readonly settings: Pick<BudgetSettings, 'budget'>
    readonly period: Period
    readonly purpose: RecountPurpose
    readonly counters: readonly RecountedCounter[]
    readonly stops: LiftedStops
    readonly origin?: 'job' | 'ledger'
  },
  now: Date,
): Promise<void> {
  const { settings, period, purpose, stops, origin = 'job' } = about
  const { orgId, id: budgetId, scope } = settings.budget
  const told = about.counters
    .filter(({ counter }) => purpose === 'check' || stops.has(counter))
    .toSorted((a, b) => compare(offBy(b), offBy(a)))
    .slice(0, TOLD_MAX)
  for (const { counter, before, after } of told) {
    const of = { ...(scope.each === null ? {} : { counter: counterWords(scope, counter) }) }
    const [was, is] = [
      { ...of, ...deedOf(before) },
      { ...of, ...deedOf(after) },
    ]
    const deed = { actor: 'system', action: 'budget.figure_corrected', subject: budgetId, origin } as const
    await recordDeed(tx, { orgId, ...deed, before: was, after: is }, now)
  }
  await enqueueNotices(
    tx,
    told.map(({ counter, before, after }) => ({
      ...{ orgId, budgetId, periodFrom: period.from, counter },
      notice: {
        ...{ kind: 'figure_corrected', from: before.spent, to: after.spent },
        lifted: stops.has(counter),
      },
    })),
    now,
  )
}

const offBy = ({ before, after }: RecountedCounter): bigint => distance(before.spent, after.spent)
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

const deedOf = ({ spent, events, unpricedEvents }: Figures): Record<string, unknown> => ({
  ...{ spent_nano_usd: spent.toString(), events, unpriced_events: unpricedEvents },
})
