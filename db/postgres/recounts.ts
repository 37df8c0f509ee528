/**
 * Recounts: what a budget's scope spent in a period, summed from the archive up to a cut. Begun where nobody counts for
 * the scope, finished once the archive has passed the cut.
 * Invariant: a finished recount leaves each counter at the archive's sum below the cut, and what was counted since.
 */
import { and, eq } from 'drizzle-orm'
import { newId } from '../../core/ids.ts'
import type { Period } from '../../core/period.ts'
import type { BudgetSettings } from './budget-settings.ts'
import type { Queryable } from './open.ts'
import { budgetPeriods, budgetRecounts, journalReaders, repricings } from './schema.ts'

export type RecountPurpose = 'start' | 'check'

/** One past the last offset of each journal, and the last ordinal of each repricing, that were counted. */
export type Cut = Readonly<Record<string, number>>

/** The caller has the scope alone (lock-budget.ts), so that the cut and the baselines are of one moment. */
export async function beginRecount(
  tx: Queryable,
  { settings, period, purpose }: { settings: BudgetSettings; period: Period; purpose: RecountPurpose },
  now: Date,
): Promise<string> {
  const { budget } = settings
  const id = newId('rct', now)
  const rows = await tx
    .select()
    .from(budgetPeriods)
    .where(and(eq(budgetPeriods.budgetId, budget.id), eq(budgetPeriods.from, period.from)))
  const baselines = rows.map(({ counter, spent, events, unpricedEvents }) => ({
    counter,
    spent_nano_usd: spent.toString(),
    events,
    unpriced_events: unpricedEvents,
  }))
  await tx.insert(budgetRecounts).values({
    ...{ id, orgId: budget.orgId, budgetId: budget.id, purpose, from: period.from, until: period.until },
    ...{ cut: await readCut(tx, budget.orgId), baselines, requestedAt: now },
  })
  return id
}

async function readCut(tx: Queryable, orgId: string): Promise<Cut> {
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
