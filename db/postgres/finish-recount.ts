/**
 * Ends a recount: each counter comes to what the archive holds of it below the cut, and what was counted since. In one
 * transaction with what that means: thresholds that are newly reached are told, a figure that was wrong is reported.
 *
 * What the archive holds of the whole project on these days is compared with the ledger's own sum at the cut. Where they
 * differ, calls are missing from the archive, and no figure is corrected by it.
 */
import { eq } from 'drizzle-orm'
import {
  type Figures,
  isSame,
  NO_FIGURES,
  type RecountedCounter,
  recounted,
  totalOff,
} from '../../core/budget/recount.ts'
import type { Counter } from '../../core/budget/scope.ts'
import { showUsd } from '../../core/money.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { takeBudget } from './lock-budget.ts'
import type { Postgres, Queryable } from './open.ts'
import { lockCountersOf } from './recounts.ts'
import { budgetRecounts } from './schema.ts'
import { setCounters } from './set-counters.ts'
import { signalVerdicts } from './signals.ts'
import { fromDbBaselines, fromDbFigures, toDbBaseline } from './stored-recount.ts'
import { tellCorrected } from './tell-corrected.ts'

/** What the archive holds below the cut. */
export interface ArchivedSums {
  readonly counters: ReadonlyMap<Counter, Figures>
  /** Of the whole project, or organisation, on the UTC days that the period touches. */
  readonly days: Figures
}

export interface Finishing {
  readonly id: string
  readonly orgId: string
  readonly budgetId: string
  readonly sums: ArchivedSums
  /** False while a part below the cut is not archived: the figures are set, and the recount goes on. */
  readonly isComplete: boolean
}

export type Finished =
  | {
      readonly kind: 'finished'
      /** Those that were off. */
      readonly counters: readonly RecountedCounter[]
      /** What the archive lacks, which a start has to do without. */
      readonly lack: string | null
    }
  /** The figures have what is archived; the rest is waited for. */
  | { readonly kind: 'set_so_far' }
  /** Somebody else ended it. */
  | { readonly kind: 'ended' }
  /** The archive lacks calls that were counted: a check that cannot be made. */
  | { readonly kind: 'archive_lacks'; readonly why: string }

type Row = typeof budgetRecounts.$inferSelect

export function finishRecount(postgres: Postgres, finishing: Finishing, now: Date): Promise<Finished> {
  return postgres.tables.transaction(async (tx): Promise<Finished> => {
    const settings = await takeBudget(tx, finishing)
    const [row] = await tx
      .select()
      .from(budgetRecounts)
      .where(eq(budgetRecounts.id, finishing.id))
      .for('update')
    if (!row || row.finishedAt !== null) return { kind: 'ended' }
    if (!settings) return await end(tx, row, { lastError: 'the budget is gone' }, now)
    const lack = finishing.isComplete ? lackOf(row, finishing.sums.days) : null
    if (lack !== null && row.purpose === 'check') {
      await end(tx, row, { lastError: lack }, now)
      return { kind: 'archive_lacks', why: lack }
    }
    const counters = await correct(tx, { settings, row, sums: finishing.sums }, now)
    await signalVerdicts(tx, [settings.budget.scope.projectId ?? settings.budget.orgId])
    if (!finishing.isComplete) {
      await rebase(tx, row, finishing.sums)
      return { kind: 'set_so_far' }
    }
    await end(tx, row, { corrected: totalOff(counters), lastError: lack }, now)
    return { kind: 'finished', counters: counters.filter(isOff), lack }
  })
}

async function end(
  tx: Queryable,
  { id }: Row,
  outcome: Pick<Partial<Row>, 'corrected' | 'lastError'>,
  now: Date,
): Promise<Finished> {
  await tx
    .update(budgetRecounts)
    .set({ ...outcome, finishedAt: now })
    .where(eq(budgetRecounts.id, id))
  return { kind: 'ended' }
}

/** In words, when the archive and the ledger differ about the days of the cut. */
function lackOf({ baselines }: Row, archived: Figures): string | null {
  const counted = fromDbFigures(baselines.days)
  if (isSame(counted, archived)) return null
  const words = ({ spent, events }: Figures) => `${showUsd(spent)} in ${events} calls`
  return `of these days the ledger counted ${words(counted)}, and the archive holds ${words(archived)}`
}

const isOff = ({ before, after }: RecountedCounter): boolean => !isSame(before, after)

async function correct(
  tx: Queryable,
  { settings, row, sums }: { settings: BudgetSettings; row: Row; sums: ArchivedSums },
  now: Date,
): Promise<RecountedCounter[]> {
  const rows = await lockCountersOf(tx, row.budgetId, row.from)
  const known = new Map<Counter, Figures>(
    rows.map(({ counter, spent, events, unpricedEvents }) => [counter, { spent, events, unpricedEvents }]),
  )
  const counters = recounted(sums.counters, fromDbBaselines(row.baselines), known)
  const off = counters.filter(isOff)
  if (off.length === 0) return counters
  const period = { from: row.from, until: row.until }
  const stops = await setCounters(tx, { settings, period, counters: off }, now)
  await tellCorrected(tx, { settings, period, purpose: row.purpose, counters: off, stops }, now)
  return counters
}

/** What is known of the cut by now takes the place of what was known when it was taken. */
async function rebase(tx: Queryable, row: Row, sums: ArchivedSums): Promise<void> {
  const before = fromDbBaselines(row.baselines)
  const settled = new Map(before.map(({ counter, settledAhead }) => [counter, settledAhead]))
  const names = new Set([...settled.keys(), ...sums.counters.keys()])
  const counters = [...names].map((counter) => {
    const archived = sums.counters.get(counter) ?? NO_FIGURES
    const settledAhead = settled.get(counter) ?? NO_FIGURES.spent
    const spent = archived.spent + settledAhead
    return { ...toDbBaseline({ counter, ...archived, settledAhead }), spent_nano_usd: spent.toString() }
  })
  await tx
    .update(budgetRecounts)
    .set({ baselines: { ...row.baselines, counters } })
    .where(eq(budgetRecounts.id, row.id))
}
