/** What a new or changed limit means for what was spent already: what it finds reached is recorded, and told once. */
import { limitIn, takenIn } from '../../core/budget/limit.ts'
import { rearm } from '../../core/budget/rearm.ts'
import type { NanoUsd } from '../../core/money.ts'
import { savePeriod } from './budget-periods.ts'
import { ofBudget } from './budget-settings.ts'
import { readBudgets, type StoredBudget } from './budget-snapshots.ts'
import { enqueueNotices } from './notices.ts'
import { recordStep } from './onboarding-steps.ts'
import type { Queryable } from './open.ts'
import { alerts } from './schema.ts'

/** Records the thresholds that the limit finds reached, and tells of the ones that are new. */
export async function applyLimit(
  tx: Queryable,
  about: {
    readonly orgId: string
    readonly budgetId: string
    readonly by: string
    readonly previousLimit: NanoUsd | null
    readonly heard: Heard
  },
  now: Date,
): Promise<void> {
  const { orgId, budgetId, by, previousLimit, heard } = about
  const all = await readBudgets(tx, ofBudget(orgId, budgetId), now)
  const [first] = all
  if (!first) return
  const { limit } = first.budget
  const place = { orgId, budgetId, periodFrom: first.current.period.from, counter: first.current.counter }
  await enqueueNotices(tx, [{ ...place, notice: { kind: 'budget_set', by, limit, previousLimit } }], now)
  for (const stored of all) await armAnew(tx, stored, heard.get(heardBy(stored)) ?? [], now)
}

/** The percents that were told before the change, by counter and period: what is reached still is not told again. */
export type Heard = ReadonlyMap<string, readonly number[]>

const heardBy = ({ current }: StoredBudget): string => `${current.period.from.getTime()}/${current.counter}`

export async function announcedOf(tx: Queryable, orgId: string, budgetId: string, now: Date): Promise<Heard> {
  const all = await readBudgets(tx, ofBudget(orgId, budgetId), now)
  return new Map(all.map((stored) => [heardBy(stored), stored.current.announcedPercent]))
}

/** What the figures and the limit of a counter say now: recorded, and what of it was not heard before is told. */
export async function armAnew(
  tx: Queryable,
  { budget, current }: StoredBudget,
  heardPercent: readonly number[],
  now: Date,
): Promise<void> {
  const { next, newlyReachedPercent } = rearm({ ...current, announcedPercent: heardPercent }, budget, now)
  await savePeriod(tx, budget.id, next)
  const { spent, counter } = current
  const limit = limitIn(budget, current)
  const of = { orgId: budget.orgId, budgetId: budget.id, counter }
  if (next.announcedPercent.length > 0) {
    const { limitRevision } = budget
    await tx
      .insert(alerts)
      .values(
        next.announcedPercent.map((percent) => ({
          ...{ ...of, from: current.period.from, limitRevision },
          ...{ percent, spent, limit, crossedAt: now },
        })),
      )
      .onConflictDoNothing()
  }
  if (newlyReachedPercent.length === 0) return
  await recordStep(tx, { orgId: budget.orgId, step: 'first_alert' }, now)
  const notice = { kind: 'crossed', percents: newlyReachedPercent, ...takenIn(current), limit } as const
  await enqueueNotices(tx, [{ ...of, periodFrom: current.period.from, notice }], now)
}

export async function tellMoved(
  tx: Queryable,
  { budget, current }: StoredBudget,
  by: string,
  now: Date,
): Promise<void> {
  const { orgId, id: budgetId, limit } = budget
  const notice = { kind: 'budget_set', by, limit, previousLimit: limit } as const
  const place = { orgId, budgetId, periodFrom: current.period.from, counter: current.counter }
  await enqueueNotices(tx, [{ ...place, notice }], now)
}
