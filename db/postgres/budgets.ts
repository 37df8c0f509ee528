/**
 * Making, changing, stopping and resuming a budget: each with its audit row and what Slack is told, in one
 * transaction. A budget's start is exact to a journal cut: the project's row is locked against the ledger.
 */
import { and, eq, gte, isNull, lt, sql } from 'drizzle-orm'
import { DEFAULT_THRESHOLDS_PERCENT, type Override } from '../../core/budget/budget.ts'
import { rearm } from '../../core/budget/rearm.ts'
import { newId } from '../../core/ids.ts'
import { type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import { monthOf, type Period, utcDay } from '../../core/period.ts'
import { recordDeed } from './audit.ts'
import { emptyPeriod, lockPeriods, savePeriod } from './budget-periods.ts'
import { ofBudget, ofProjects, readBudgets, type StoredBudget } from './budget-snapshots.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { endRunningOverride } from './overrides.ts'
import { takeProject } from './project-locks.ts'
import { alerts, budgetPeriods, budgets, projectSpend, projects } from './schema.ts'
import { signalVerdicts } from './signals.ts'

export interface BudgetSetting {
  readonly orgId: string
  readonly projectId: string
  readonly limit: NanoUsd
  /** Where its card lives; null when it has none yet. */
  readonly slack: { readonly installationId: string; readonly channelId: string } | null
  readonly by: string
  readonly origin: 'slack' | 'cli'
  /** False for who may set a limit and not raise one, decided here, as the limit may have changed since they looked. */
  readonly mayRaise?: boolean
}

export type BudgetSetOutcome =
  | { readonly kind: 'set'; readonly budgetId: string; readonly previousLimit: NanoUsd | null }
  | { readonly kind: 'refused'; readonly refusal: BudgetRefusal }
export type BudgetRefusal = 'project_unknown' | 'limit_not_positive' | 'raise_not_allowed'

/**
 * Gives a project its monthly budget, or changes the limit and the channel of the one it has. Saved again as it is,
 * nothing changes, so that a form that is sent twice ends no override and tells nothing twice.
 */
export function setMonthlyBudget(
  postgres: Postgres,
  setting: BudgetSetting,
  now: Date,
): Promise<BudgetSetOutcome> {
  return postgres.tables.transaction(async (tx): Promise<BudgetSetOutcome> => {
    if (setting.limit <= zeroUsd) return { kind: 'refused', refusal: 'limit_not_positive' }
    if (!(await lockProject(tx, setting))) return { kind: 'refused', refusal: 'project_unknown' }
    const [existing] = await readBudgets(tx, ofProjects([setting.projectId]), now)
    const previousLimit = existing?.budget.limit ?? null
    if (previousLimit !== null && setting.limit > previousLimit && setting.mayRaise === false) {
      return { kind: 'refused', refusal: 'raise_not_allowed' }
    }
    const budgetId = existing ? await change(tx, existing, setting, now) : await make(tx, setting, now)
    await signalVerdicts(tx, [setting.projectId])
    return { kind: 'set', budgetId, previousLimit }
  })
}

export type StopOutcome = 'done' | 'already' | 'budget_unknown'

/** "Stop now": refuses every call of the project until a person resumes; ends a running override. */
export function stopBudget(
  postgres: Postgres,
  stop: { readonly orgId: string; readonly budgetId: string; readonly by: string },
  now: Date,
): Promise<StopOutcome> {
  return changeStop(postgres, stop, now, { stoppedAt: now, stoppedBy: stop.by }, 'stopped_by_person')
}

/** Lifts a person's stop; a limit that is reached still stops. */
export function resumeBudget(
  postgres: Postgres,
  resume: { readonly orgId: string; readonly budgetId: string; readonly by: string },
  now: Date,
): Promise<StopOutcome> {
  return changeStop(postgres, resume, now, { stoppedAt: null, stoppedBy: null }, 'resumed')
}

function changeStop(
  postgres: Postgres,
  { orgId, budgetId, by }: { orgId: string; budgetId: string; by: string },
  now: Date,
  columns: { stoppedAt: Date | null; stoppedBy: string | null },
  kind: 'stopped_by_person' | 'resumed',
): Promise<StopOutcome> {
  return postgres.tables.transaction(async (tx): Promise<StopOutcome> => {
    const stored = await lockBudget(tx, orgId, budgetId, now)
    if (!stored) return 'budget_unknown'
    if ((stored.budget.manualStop !== null) === (columns.stoppedAt !== null)) return 'already'
    if (kind === 'stopped_by_person') await endRunningOverride(tx, stored, 'stopped', now)
    await tx.update(budgets).set(columns).where(eq(budgets.id, budgetId))
    const about = { orgId, budgetId, periodFrom: stored.current.period.from }
    await enqueueNotices(tx, [{ ...about, notice: { kind, by } }], now)
    const action = kind === 'resumed' ? 'budget.resumed' : 'budget.stopped'
    await recordDeed(tx, { orgId, actor: by, action, subject: budgetId, origin: 'slack' }, now)
    await signalVerdicts(tx, [stored.budget.projectId])
    return 'done'
  })
}

/** Locks a budget against the ledger and every other change, and reads it. Null when it is not this organisation's. */
export async function lockBudget(
  tx: Queryable,
  orgId: string,
  budgetId: string,
  now: Date,
): Promise<StoredBudget | null> {
  const [found] = await readBudgets(tx, ofBudget(orgId, budgetId), now)
  if (!found) return null
  await lockProject(tx, { orgId, projectId: found.budget.projectId })
  await lockPeriods(tx, [found.budget.projectId], found.current.period, now)
  const [stored] = await readBudgets(tx, ofBudget(orgId, budgetId), now)
  return stored ?? null
}

async function lockProject(
  tx: Queryable,
  { orgId, projectId }: { orgId: string; projectId: string },
): Promise<boolean> {
  await takeProject(tx, projectId)
  const rows = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.id, projectId), eq(projects.orgId, orgId), isNull(projects.deletedAt)))
  return rows.length === 1
}

async function make(tx: Queryable, setting: BudgetSetting, now: Date): Promise<string> {
  const { orgId, projectId, limit, slack, by } = setting
  const budgetId = newId('bud', now)
  const period = monthOf(now)
  await tx.insert(budgets).values({
    id: budgetId,
    orgId,
    projectId,
    limit,
    thresholdsPercent: [...DEFAULT_THRESHOLDS_PERCENT],
    limitRevision: 1,
    installationId: slack?.installationId ?? null,
    channelId: slack?.channelId ?? null,
    createdBy: by,
    createdAt: now,
  })
  // The next month too: a sender's clock may run ahead into it.
  for (const month of [period, monthOf(period.until)]) {
    const already = await spentSoFar(tx, projectId, month)
    if (month !== period && already.events === 0) continue
    await tx.insert(budgetPeriods).values({ ...emptyPeriod(orgId, budgetId, month), ...already })
  }
  const [stored] = await readBudgets(tx, ofBudget(orgId, budgetId), now)
  if (stored) await applyLimit(tx, stored, { ...setting, previousLimit: null }, now)
  return budgetId
}

async function change(
  tx: Queryable,
  existing: StoredBudget,
  setting: BudgetSetting,
  now: Date,
): Promise<string> {
  const { budget, current } = existing
  if (setting.limit === budget.limit) return await moveCard(tx, existing, setting, now)
  await lockPeriods(tx, [budget.projectId], current.period, now)
  if (current.override && !outlives(current.override, budget.limit, setting.limit)) {
    await endRunningOverride(tx, existing, 'replaced', now)
  }
  const limitRevision = budget.limitRevision + 1
  await tx
    .update(budgets)
    .set({
      limit: setting.limit,
      limitRevision,
      ...(setting.slack
        ? { installationId: setting.slack.installationId, channelId: setting.slack.channelId }
        : {}),
    })
    .where(eq(budgets.id, budget.id))
  const changed: StoredBudget = { ...existing, budget: { ...budget, limit: setting.limit, limitRevision } }
  await applyLimit(tx, changed, { ...setting, previousLimit: budget.limit }, now)
  return budget.id
}

/** Raising a limit lets more pass, so it must not end the leave that goes further; lowering one takes it back. */
const outlives = ({ ceiling }: Override, before: NanoUsd, after: NanoUsd): boolean =>
  after > before && ceiling > after

/** The same limit again: at most another channel. A running override goes on, and no threshold is armed anew. */
async function moveCard(
  tx: Queryable,
  { budget, current, installationId, channelId }: StoredBudget,
  { orgId, slack, by, origin }: BudgetSetting,
  now: Date,
): Promise<string> {
  if (!slack || (slack.installationId === installationId && slack.channelId === channelId)) return budget.id
  await tx.update(budgets).set(slack).where(eq(budgets.id, budget.id))
  const { limit } = budget
  const notice = { kind: 'budget_set', by, limit, previousLimit: limit } as const
  await enqueueNotices(tx, [{ orgId, budgetId: budget.id, periodFrom: current.period.from, notice }], now)
  const deed = { actor: by, action: 'budget.moved', subject: budget.id, origin } as const
  const [before, after] = [{ channel_id: channelId }, { channel_id: slack.channelId }]
  await recordDeed(tx, { orgId, ...deed, before, after }, now)
  return budget.id
}

/** Records the thresholds that the limit finds reached, and tells of the ones that are new. */
async function applyLimit(
  tx: Queryable,
  { budget, current }: StoredBudget,
  setting: BudgetSetting & { readonly previousLimit: NanoUsd | null },
  now: Date,
): Promise<void> {
  const { next, newlyReachedPercent } = rearm(current, budget.limit, budget.thresholdsPercent, now)
  await savePeriod(tx, budget.id, next)
  const about = { orgId: budget.orgId, budgetId: budget.id, periodFrom: current.period.from }
  const { spent } = current
  if (next.announcedPercent.length > 0) {
    await tx.insert(alerts).values(
      next.announcedPercent.map((percent) => ({
        orgId: budget.orgId,
        budgetId: budget.id,
        from: current.period.from,
        limitRevision: budget.limitRevision,
        percent,
        spent,
        limit: budget.limit,
        crossedAt: now,
      })),
    )
  }
  const { limit, by, previousLimit } = { ...setting, limit: budget.limit }
  await enqueueNotices(tx, [{ ...about, notice: { kind: 'budget_set', by, limit, previousLimit } }], now)
  if (newlyReachedPercent.length > 0) {
    const notice = { kind: 'crossed', percents: newlyReachedPercent, spent, limit } as const
    await enqueueNotices(tx, [{ ...about, notice }], now)
  }
  await recordDeed(
    tx,
    {
      orgId: budget.orgId,
      actor: by,
      action: previousLimit === null ? 'budget.made' : 'budget.limit_changed',
      subject: budget.id,
      ...(previousLimit === null ? {} : { before: { limit_nano_usd: previousLimit.toString() } }),
      after: { limit_nano_usd: limit.toString(), channel_id: setting.slack?.channelId ?? null },
      origin: setting.origin,
    },
    now,
  )
}

async function spentSoFar(tx: Queryable, projectId: string, period: Period) {
  const [sums] = await tx
    .select({
      spent: sql<string>`coalesce(sum(${projectSpend.spent}), 0)`,
      events: sql<string>`coalesce(sum(${projectSpend.events}), 0)`,
      unpricedEvents: sql<string>`coalesce(sum(${projectSpend.unpricedEvents}), 0)`,
    })
    .from(projectSpend)
    .where(
      and(
        eq(projectSpend.projectId, projectId),
        gte(projectSpend.day, utcDay(period.from)),
        lt(projectSpend.day, utcDay(period.until)),
      ),
    )
  return {
    spent: nanoUsd(BigInt(sums?.spent ?? '0')),
    events: Number(sums?.events ?? 0),
    unpricedEvents: Number(sums?.unpricedEvents ?? 0),
  }
}
