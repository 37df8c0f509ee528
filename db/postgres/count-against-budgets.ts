/**
 * Counts admitted spend against every budget that covers it, each in the period of the event's own time.
 * Rows are locked in the order of (budget, period), so that replicas never wait for each other in a circle.
 */
import { eq } from 'drizzle-orm'
import { type Crossing, type Decision, decide, type SpendEntry } from '../../core/budget/decide.ts'
import { callsOf } from '../../core/event/adjustment.ts'
import { monthOf, type Period, periodHolds } from '../../core/period.ts'
import { recordDeed } from './audit.ts'
import { lockOpenedPeriods, lockPeriods, savePeriod } from './budget-periods.ts'
import { ofProjects, readBudgetsIn, type StoredBudget } from './budget-snapshots.ts'
import { enqueueNotices, type NoticeOf } from './notices.ts'
import type { Queryable } from './open.ts'
import { alerts, overrides } from './schema.ts'

export interface OwnedSpend extends SpendEntry {
  readonly projectId: string
  readonly ts: Date
}

export interface Counted {
  readonly crossings: readonly Crossing[]
  readonly projectIds: readonly string[]
}

export async function countAgainstBudgets(
  tx: Queryable,
  entries: readonly OwnedSpend[],
  now: Date,
): Promise<Counted> {
  const crossings: Crossing[] = []
  const projectIds = new Set<string>()
  for (const [period, spent] of byPeriod(entries)) {
    const ids = [...new Set(spent.map((entry) => entry.projectId))]
    const counting = await lockCounting(tx, { ids, period, spent }, now)
    for (const stored of await readBudgetsIn(tx, ofProjects(ids), period)) {
      if (counting !== null && !counting.has(stored.budget.id)) continue
      const own = spent.filter((entry) => entry.projectId === stored.budget.projectId)
      const decision = decide(stored.budget, stored.current, own, now)
      await saveDecision(tx, stored, decision, now)
      crossings.push(...decision.crossings)
      projectIds.add(stored.budget.projectId)
    }
  }
  return { crossings, projectIds: [...projectIds] }
}

/** The budgets that count, locked; null for all. Adjustments open no period: no budget watched what they are about. */
async function lockCounting(
  tx: Queryable,
  { ids, period, spent }: { ids: readonly string[]; period: Period; spent: readonly OwnedSpend[] },
  now: Date,
): Promise<ReadonlySet<string> | null> {
  if (spent.every((entry) => callsOf(entry) === 0)) return await lockOpenedPeriods(tx, ids, period)
  await lockPeriods(tx, ids, period, now)
  return null
}

async function saveDecision(
  tx: Queryable,
  stored: StoredBudget,
  decision: Decision,
  now: Date,
): Promise<void> {
  const { budget } = stored
  await savePeriod(tx, budget.id, decision.next)
  if (decision.crossings.length > 0) {
    await tx.insert(alerts).values(
      decision.crossings.map(({ percent, spent, requestId, attempt }) => ({
        orgId: budget.orgId,
        budgetId: budget.id,
        from: decision.next.period.from,
        limitRevision: budget.limitRevision,
        percent,
        spent,
        limit: budget.limit,
        requestId,
        attempt,
        crossedAt: now,
      })),
    )
  }
  if (decision.overrideSpent) {
    await tx
      .update(overrides)
      .set({ endedAt: now, endedBy: 'spent' })
      .where(eq(overrides.id, decision.overrideSpent.id))
    await recordDeed(
      tx,
      {
        orgId: budget.orgId,
        actor: 'system',
        action: 'override.spent',
        subject: decision.overrideSpent.id,
        after: { spent_nano_usd: decision.next.spent.toString() },
        origin: 'ledger',
      },
      now,
    )
  }
  if (decision.limitLifted) {
    const after = { spent_nano_usd: decision.next.spent.toString() }
    const deed = { actor: 'system', action: 'budget.limit_lifted', origin: 'ledger' } as const
    await recordDeed(tx, { orgId: budget.orgId, subject: budget.id, after, ...deed }, now)
  }
  await enqueueNotices(tx, noticesOf(stored, decision), now)
}

function noticesOf({ budget }: StoredBudget, decision: Decision): NoticeOf[] {
  const { next, crossings, overrideSpent, limitLifted, limitReachedAgain } = decision
  const about = { orgId: budget.orgId, budgetId: budget.id, periodFrom: next.period.from }
  const figures = { spent: next.spent, limit: budget.limit }
  const percents = [...crossings.map(({ percent }) => percent), ...(limitReachedAgain ? [100] : [])]
  const notices: NoticeOf[] = []
  if (percents.length > 0) notices.push({ ...about, notice: { kind: 'crossed', percents, ...figures } })
  if (limitLifted) notices.push({ ...about, notice: { kind: 'limit_lifted', ...figures } })
  if (overrideSpent) notices.push({ ...about, notice: { kind: 'override_ended', end: 'spent', ...figures } })
  return notices
}

/** Nearly all of a batch is of one month, so the month is worked out when it changes, not for each event. */
function byPeriod(entries: readonly OwnedSpend[]): [Period, OwnedSpend[]][] {
  const periods = new Map<number, [Period, OwnedSpend[]]>()
  let current: [Period, OwnedSpend[]] | undefined
  for (const entry of entries) {
    if (!current || !periodHolds(current[0], entry.ts)) {
      const period = monthOf(entry.ts)
      current = periods.get(period.from.getTime()) ?? [period, []]
      periods.set(period.from.getTime(), current)
    }
    current[1].push(entry)
  }
  return [...periods.values()].sort(([a], [b]) => a.from.getTime() - b.from.getTime())
}
