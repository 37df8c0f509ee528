/**
 * Overrides: granted under the organisation's policy, ended by the spend, the clock or a person; each end recorded
 * and told once. Whether one still holds at an instant is core's to say, from the facts kept here.
 */
import { and, eq, isNull, lt, lte } from 'drizzle-orm'
import type { BudgetSnapshot, Override } from '../../core/budget/budget.ts'
import { limitIn, takenIn } from '../../core/budget/limit.ts'
import type { OverrideEnd } from '../../core/budget/notice.ts'
import {
  DEFAULT_OVERRIDE_POLICY,
  grantOverride as decideOverride,
  type OverrideBounds,
  type OverrideOutcome,
  type OverridePolicy,
  type OverrideRequest,
} from '../../core/budget/override.ts'
import {
  type OverrideTerms,
  parseOverridePolicy,
  policyOfOrganisation,
  termsAt,
} from '../../core/budget/override-policy.ts'
import { newId } from '../../core/ids.ts'
import { recordDeed } from './audit.ts'
import type { DeedOrigin, Said } from './budget-definition.ts'
import { savePeriod } from './budget-periods.ts'
import { UnreadableBudget } from './budget-settings.ts'
import type { StoredBudget } from './budget-snapshots.ts'
import { type BudgetRef, lockBudget } from './lock-budget.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { budgets, overridePolicies, overrides } from './schema.ts'
import { signalVerdicts } from './signals.ts'
import { isFirstSight } from './slack-events.ts'

export type GrantOutcome =
  | OverrideOutcome
  | { readonly kind: 'budget_unknown' }
  /** This submission was granted before: Slack, or an impatient person, sent it again. */
  | { readonly kind: 'already' }

export interface GrantRequest extends Omit<OverrideRequest, 'id'>, BudgetRef {
  readonly origin?: DeedOrigin
  /** What one submission is known by, however often it is sent. */
  readonly submissionId?: string
}

/**
 * Grants leave to spend past the limit. Whether `grantedBy` is an admin or a member is the caller's to have checked; a
 * list of names and a second person are asked for here.
 */
export function grantOverride(postgres: Postgres, request: GrantRequest, now: Date): Promise<GrantOutcome> {
  return postgres.tables.transaction(async (tx): Promise<GrantOutcome> => {
    const stored = await lockBudget(tx, request, now)
    if (!stored) return { kind: 'budget_unknown' }
    const terms = await readOverrideTerms(tx, stored)
    const refusal = directRefusalOf(terms, request.grantedBy)
    if (refusal) return { kind: 'refused', refusal }
    const outcome = decideOverride(stored, { ...request, id: newId('ovr', now) }, terms, now)
    if (outcome.kind === 'refused') return outcome
    const { submissionId } = request
    if (submissionId !== undefined && !(await isFirstSight(tx, `submission/${submissionId}`, now))) {
      return { kind: 'already' }
    }
    await saveGranted(tx, { stored, override: outcome.override, origin: request.origin ?? 'slack' }, now)
    return outcome
  })
}

function directRefusalOf(
  { secondPerson, lifters }: OverrideTerms,
  by: string,
): 'second_person_needed' | 'not_an_approver' | null {
  if (secondPerson) return 'second_person_needed'
  return typeof lifters !== 'string' && !lifters.includes(by) ? 'not_an_approver' : null
}

interface Granting {
  readonly request: OverrideRequest
  readonly bounds: OverrideBounds
  readonly origin: DeedOrigin
}

/** Grants on a locked budget what someone who may has decided to grant. */
export async function grantIn(
  tx: Queryable,
  stored: StoredBudget,
  { request, bounds, origin }: Granting,
  now: Date,
): Promise<OverrideOutcome> {
  const outcome = decideOverride(stored, request, bounds, now)
  if (outcome.kind === 'granted') await saveGranted(tx, { stored, override: outcome.override, origin }, now)
  return outcome
}

async function saveGranted(
  tx: Queryable,
  { stored, override, origin }: { stored: StoredBudget; override: Override; origin: DeedOrigin },
  now: Date,
): Promise<void> {
  await expireEarlier(tx, stored, now)
  await endRunningOverride(tx, stored, 'replaced', now)
  const { orgId, id: budgetId, scope } = stored.budget
  const { counter, period } = stored.current
  await tx.insert(overrides).values({ ...override, orgId, budgetId, counter, from: period.from })
  const { amount, ceiling, until, grantedBy: by, reason } = override
  const notice = { kind: 'override_granted', by, amount, ceiling, until, reason } as const
  await enqueueNotices(tx, [{ orgId, budgetId, periodFrom: period.from, counter, notice }], now)
  const after = { amount_nano_usd: amount.toString(), until: until.toISOString(), reason }
  const deed = { actor: by, action: 'override.granted', subject: budgetId, after, origin } as const
  await recordDeed(tx, { orgId, ...deed }, now)
  await signalVerdicts(tx, [scope.projectId ?? orgId])
}

/** Ends the running override of a locked budget, if there is one. Only 'replaced' is not told: its successor is. */
export async function endRunningOverride(
  tx: Queryable,
  { budget, current }: BudgetSnapshot,
  end: OverrideEnd,
  now: Date,
  said: Said | null = null,
): Promise<void> {
  if (!current.override) return
  const { orgId, id: budgetId } = budget
  await tx.update(overrides).set({ endedAt: now, endedBy: end }).where(eq(overrides.id, current.override.id))
  const deed = {
    actor: said?.by ?? 'system',
    action: `override.${end}`,
    subject: current.override.id,
    origin: said?.origin ?? 'job',
  } as const
  await recordDeed(tx, { orgId, ...deed }, now)
  if (end === 'replaced') return
  const { counter, period } = current
  const by = said === null ? {} : { by: said.by }
  const notice = {
    kind: 'override_ended',
    end,
    ...by,
    ...takenIn(current),
    limit: limitIn(budget, current),
  } as const
  await enqueueNotices(tx, [{ orgId, budgetId, periodFrom: period.from, counter, notice }], now)
}

/** Records and tells the end of every override whose window is over by `at`; the stop itself did not wait for this. */
export async function expireOverrides(postgres: Postgres, at: Date): Promise<number> {
  const due = await postgres.tables
    .select({
      ...{ orgId: budgets.orgId, budgetId: budgets.id },
      ...{ from: overrides.from, counter: overrides.counter },
    })
    .from(overrides)
    .innerJoin(budgets, eq(budgets.id, overrides.budgetId))
    .where(and(isNull(overrides.endedAt), lte(overrides.until, at)))
  let ended = 0
  for (const override of due) if (await expireOne(postgres, override, at)) ended += 1
  return ended
}

function expireOne(
  postgres: Postgres,
  { from, ...ref }: BudgetRef & { readonly from: Date },
  at: Date,
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    const locked = await lockBudget(tx, ref, from)
    return locked !== null && (await expireIn(tx, locked, at))
  })
}

/** Whether the period's override was running, and its window over by `at`. The budget is locked. */
async function expireIn(tx: Queryable, stored: StoredBudget, at: Date): Promise<boolean> {
  const { override: running } = stored.current
  if (!running || running.until.getTime() > at.getTime()) return false
  await endRunningOverride(tx, stored, 'expired', at)
  // The stop that follows dates from the end of the window, not from when the limit was first reached.
  if (stored.current.limitReachedAt) {
    await savePeriod(tx, stored.budget.id, { ...stored.current, limitReachedAt: running.until })
  }
  await signalVerdicts(tx, [stored.budget.scope.projectId ?? stored.budget.orgId])
  return true
}

/** A budget has room for one override that has not ended: that of a past period gives it up, whether or not a job ran. */
async function expireEarlier(tx: Queryable, { budget, current }: StoredBudget, now: Date): Promise<void> {
  const [left] = await tx
    .select({ from: overrides.from })
    .from(overrides)
    .where(
      and(
        eq(overrides.budgetId, budget.id),
        eq(overrides.counter, current.counter),
        isNull(overrides.endedAt),
        lt(overrides.from, current.period.from),
      ),
    )
  if (!left) return
  const ref = { orgId: budget.orgId, budgetId: budget.id, counter: current.counter }
  const earlier = await lockBudget(tx, ref, left.from)
  if (earlier) await expireIn(tx, earlier, now)
}

export async function readOverridePolicy(tx: Queryable, orgId: string): Promise<OverridePolicy> {
  const [row] = await tx.select().from(overridePolicies).where(eq(overridePolicies.orgId, orgId))
  if (!row) return DEFAULT_OVERRIDE_POLICY
  return { lifters: row.lifters, windowsS: row.windowsS, amountMax: row.amountMax }
}

/** What holds for an override of this budget now: by its own policy, or that of the organisation. */
export async function readOverrideTerms(tx: Queryable, stored: StoredBudget): Promise<OverrideTerms> {
  const limit = limitIn(stored.budget, stored.current)
  if (stored.overridePolicy === null) {
    return termsAt(policyOfOrganisation(await readOverridePolicy(tx, stored.budget.orgId)), limit)
  }
  const parsed = parseOverridePolicy(stored.overridePolicy)
  if (parsed.kind === 'bad') throw new UnreadableBudget(stored.budget.id, parsed.problems)
  return termsAt(parsed.policy, limit)
}

/** Sets the organisation's policy; that `by` is an admin is the caller's to have checked. */
export function saveOverridePolicy(
  postgres: Postgres,
  { orgId, policy, by }: { readonly orgId: string; readonly policy: OverridePolicy; readonly by: string },
  now: Date,
): Promise<void> {
  return postgres.tables.transaction(async (tx) => {
    const before = await readOverridePolicy(tx, orgId)
    const row = {
      lifters: policy.lifters,
      windowsS: [...policy.windowsS],
      amountMax: policy.amountMax,
      updatedBy: by,
      updatedAt: now,
    }
    await tx
      .insert(overridePolicies)
      .values({ orgId, ...row })
      .onConflictDoUpdate({ target: overridePolicies.orgId, set: row })
    const deed = { actor: by, action: 'override_policy.changed', subject: orgId, origin: 'slack' } as const
    await recordDeed(tx, { orgId, ...deed, before: shown(before), after: shown(policy) }, now)
  })
}

const shown = ({ lifters, windowsS, amountMax }: OverridePolicy) => ({
  lifters,
  windows_s: windowsS,
  amount_max_nano_usd: amountMax?.toString() ?? null,
})
