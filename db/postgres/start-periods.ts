/**
 * What a budget that begins now has already spent: its scope's spend in the running period, exact to the cut that the
 * caller's lock makes: nobody counts for this scope until the transaction ends.
 *
 * What covers whole projects by whole UTC days is in the ledger's own sums and known at once. All else is summed from the
 * archive a moment later (recounts.ts); until then the budget counts from what is known.
 */
import { and, eq, gte, lt, sql } from 'drizzle-orm'
import { isWhole, ONE_COUNTER, type Scope } from '../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { nextPeriod } from '../../core/period/period-of.ts'
import { type Period, utcDay } from '../../core/period.ts'
import { emptyRow } from './budget-periods.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { shownPeriodOf } from './budget-snapshots.ts'
import type { Queryable } from './open.ts'
import { beginRecount } from './recounts.ts'
import { budgetPeriods, projectSpend } from './schema.ts'

export interface Sums {
  readonly spent: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

/**
 * Sets the figures of the running period, and of the next one, which a sender's clock may have run ahead into. Rows that
 * are there, as after a change of scope, keep their figures until the recount has finished: no stop is lifted meanwhile.
 */
export async function startPeriods(tx: Queryable, settings: BudgetSettings, now: Date): Promise<void> {
  const { budget } = settings
  const running = shownPeriodOf(settings, now)
  if (running === null) return
  const next = nextPeriod(budget.periodRule, running)
  for (const period of next === null ? [running] : [running, next]) {
    const around = await sumsOfDays(tx, budget.orgId, budget.scope, period)
    if (isKnownByDay(budget.scope, period)) await setFigures(tx, settings, period, around, period === running)
    else if (around.events > 0) await beginRecount(tx, { settings, period, purpose: 'start' }, now)
  }
}

/** Whether the ledger's sums by project and UTC day answer for this scope and period. */
export const isKnownByDay = (scope: Scope, { from, until }: Period): boolean =>
  isWhole(scope) && isMidnight(from) && isMidnight(until)

/** The sums of all days that the period touches; exact for one of whole days. */
export async function sumsOfDays(
  tx: Queryable,
  orgId: string,
  { projectId }: Scope,
  { from, until }: Period,
): Promise<Sums> {
  const after = new Date(until.getTime() + DAY_MS - 1)
  const [sums] = await tx
    .select({
      spent: sql<string>`coalesce(sum(${projectSpend.spent}), 0)`,
      events: sql<string>`coalesce(sum(${projectSpend.events}), 0)`,
      unpricedEvents: sql<string>`coalesce(sum(${projectSpend.unpricedEvents}), 0)`,
    })
    .from(projectSpend)
    .where(
      and(
        projectId === null ? eq(projectSpend.orgId, orgId) : eq(projectSpend.projectId, projectId),
        gte(projectSpend.day, utcDay(from)),
        lt(projectSpend.day, utcDay(after)),
      ),
    )
  return {
    spent: nanoUsd(BigInt(sums?.spent ?? '0')),
    events: Number(sums?.events ?? 0),
    unpricedEvents: Number(sums?.unpricedEvents ?? 0),
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

const isMidnight = (at: Date): boolean => at.getTime() % DAY_MS === 0

async function setFigures(
  tx: Queryable,
  { budget }: BudgetSettings,
  period: Period,
  sums: Sums,
  isRunning: boolean,
): Promise<void> {
  if (!isRunning && sums.events === 0) return
  const row = { ...emptyRow(budget.orgId, budget.id, period, ONE_COUNTER), ...sums }
  await tx
    .insert(budgetPeriods)
    .values(row)
    .onConflictDoUpdate({
      target: [budgetPeriods.budgetId, budgetPeriods.from, budgetPeriods.counter],
      set: { ...sums },
    })
}
