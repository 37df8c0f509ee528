/**
 * Recounts: what a budget's scope spent in a period, summed from the archive up to a cut. Begun where nobody counts for
 * the scope, finished (finish-recount.ts) once the archive has passed the cut.
 * Invariant: a finished recount leaves each counter at the archive's sum below the cut, and what was counted since. Of one
 * budget and period, at most one has a cut and is not finished: each would take the other's correction for spend.
 */
import { and, asc, eq, isNull } from 'drizzle-orm'
import { newId } from '../../core/ids.ts'
import { zeroUsd } from '../../core/money.ts'
import type { Period } from '../../core/period.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { sumsOfDays } from './day-sums.ts'
import type { Queryable } from './open.ts'
import { budgetPeriods, budgetRecounts, journalReaders, repricings } from './schema.ts'
import { readSettledAhead } from './settled-ahead.ts'
import { type StoredBaselines, type StoredCut, toDbFigures } from './stored-recount.ts'

export type RecountPurpose = 'start' | 'check'

/** Counted anew where nothing else is known; its caller has the scope alone (lock-budget.ts). */
export async function beginRecount(
  tx: Queryable,
  { settings, period, purpose }: { settings: BudgetSettings; period: Period; purpose: RecountPurpose },
  now: Date,
): Promise<string> {
  const { budget } = settings
  const id = newId('rct', now)
  await tx.insert(budgetRecounts).values({
    ...{ id, orgId: budget.orgId, budgetId: budget.id, purpose, from: period.from, until: period.until },
    ...(await readCut(tx, settings, period)),
    requestedAt: now,
  })
  return id
}

/** Ends what is under way for a budget whose scope or periods are no longer what it sums. */
export async function endRecounts(tx: Queryable, budgetId: string, why: string, now: Date): Promise<void> {
  await tx
    .update(budgetRecounts)
    .set({ finishedAt: now, lastError: why })
    .where(and(eq(budgetRecounts.budgetId, budgetId), isNull(budgetRecounts.finishedAt)))
}

/** The caller has the scope alone, so that the cut and the baselines are of one moment. */
export async function readCut(
  tx: Queryable,
  { budget }: BudgetSettings,
  period: Period,
): Promise<{ readonly cut: StoredCut; readonly baselines: StoredBaselines }> {
  const rows = await lockCountersOf(tx, budget.id, period.from)
  const settled = await readSettledAhead(tx, budget.id, period.from)
  const counters = rows.map(({ counter, ...figures }) => ({
    ...{ counter, ...toDbFigures(figures) },
    settled_nano_usd: (settled.get(counter) ?? zeroUsd).toString(),
  }))
  const days = toDbFigures(await sumsOfDays(tx, budget.orgId, budget.scope, period))
  return { cut: await readOffsets(tx, budget.orgId), baselines: { counters, days } }
}

/** The counters of a period, locked against whoever posts to them without an event. */
export const lockCountersOf = (tx: Queryable, budgetId: string, from: Date) =>
  tx
    .select()
    .from(budgetPeriods)
    .where(and(eq(budgetPeriods.budgetId, budgetId), eq(budgetPeriods.from, from)))
    .orderBy(asc(budgetPeriods.counter))
    .for('update')

async function readOffsets(tx: Queryable, orgId: string): Promise<StoredCut> {
  const journals = await tx
    .select({ id: journalReaders.journalId, next: journalReaders.nextOffset })
    .from(journalReaders)
    .where(eq(journalReaders.reader, 'ledger'))
  const adjusted = await tx
    .select({ id: repricings.id, next: repricings.adjustments })
    .from(repricings)
    .where(eq(repricings.orgId, orgId))
  return Object.fromEntries([...journals, ...adjusted].map(({ id, next }) => [id, next]))
}
