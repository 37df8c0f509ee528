/**
 * Asks for leave to spend past a budget's limit: granted at once where the policy lets the one who asks, and otherwise
 * kept as a request for a second person.
 */
import { and } from 'drizzle-orm'
import type { Override } from '../../core/budget/budget.ts'
import { limitIn } from '../../core/budget/limit.ts'
import { type OverrideRefusal, overrideRefusalOf } from '../../core/budget/override.ts'
import { type OverrideAmount, sumOfAmount } from '../../core/budget/override-amount.ts'
import { type Approver, mayGrantAlone } from '../../core/budget/override-policy.ts'
import { requestExpiry } from '../../core/budget/override-request.ts'
import { usd } from '../../core/money.ts'
import type { DeedOrigin, Said } from './budget-definition.ts'
import type { StoredBudget } from './budget-snapshots.ts'
import { type BudgetRef, lockBudget } from './lock-budget.ts'
import { idOnce, madeOnce, type Once, rememberOnce, wasUsedForOther } from './once.ts'
import type { Postgres, Queryable } from './open.ts'
import { pendingOf, readRequests, type StoredRequest, saveRequest } from './override-requests.ts'
import { endRunningOverride, grantIn, readOverrideTerms } from './overrides.ts'
import { overrideRequests, overrides } from './schema.ts'
import { signalVerdicts } from './signals.ts'

export interface OverrideAsking extends BudgetRef {
  /** A sum, or so many percent of the limit. */
  readonly amount: OverrideAmount
  readonly windowS: number
  readonly reason: string
  readonly by: Approver
  readonly origin: DeedOrigin
  readonly once?: Once | null
}

export type OverrideAskOutcome =
  | { readonly kind: 'granted'; readonly override: Override; readonly isRepeat: boolean }
  | { readonly kind: 'requested'; readonly request: StoredRequest; readonly isRepeat: boolean }
  | { readonly kind: 'refused'; readonly refusal: OverrideRefusal }
  /** One request at a time waits on a counter. */
  | { readonly kind: 'pending_already'; readonly request: StoredRequest }
  | { readonly kind: 'budget_unknown' | 'key_reused' }

export const askOverride = (
  postgres: Postgres,
  asking: OverrideAsking,
  now: Date,
): Promise<OverrideAskOutcome> =>
  postgres.tables.transaction(async (tx): Promise<OverrideAskOutcome> => {
    const stored = await lockBudget(tx, asking, now)
    if (!stored) return { kind: 'budget_unknown' }
    const { once = null } = asking
    const repeated = once && (await repeatOf(tx, stored, once))
    return repeated ?? (await askIn(tx, stored, { ...asking, once }, now))
  })

/** What a person could not even write is a slip, and past what the columns of sums hold. */
const AMOUNT_MAX = usd('999999999.999999999')

async function askIn(
  tx: Queryable,
  stored: StoredBudget,
  asking: OverrideAsking & { readonly once: Once | null },
  now: Date,
): Promise<OverrideAskOutcome> {
  const { windowS, by, origin, once } = asking
  const terms = await readOverrideTerms(tx, stored)
  const { amount: asked, reason } = asking
  const amount = sumOfAmount(asked, limitIn(stored.budget, stored.current))
  if (amount > AMOUNT_MAX) return { kind: 'refused', refusal: 'amount_above_policy' }
  if (mayGrantAlone(terms, by)) {
    const request = { id: idOnce('ovr', once, now), amount, windowS, reason, grantedBy: by.id }
    const outcome = await grantIn(tx, stored, { request, bounds: terms, origin }, now)
    if (outcome.kind === 'granted') await rememberOnce(tx, once, now)
    return outcome.kind === 'granted' ? { ...outcome, isRepeat: false } : outcome
  }
  const refusal = overrideRefusalOf(stored, { amount, windowS, reason }, terms)
  if (refusal) return { kind: 'refused', refusal }
  const pending = await pendingOf(tx, stored, now)
  if (pending) return { kind: 'pending_already', request: pending }
  const { counter, period } = stored.current
  const ask = {
    ...{ id: idOnce('req', once, now), budgetId: stored.budget.id, counter, periodFrom: period.from },
    ...{ amount, windowS, reason: reason.trim(), requestedBy: by.id, requestedAt: now },
    expiresAt: requestExpiry(terms, period.until, now),
  }
  await saveRequest(tx, stored, { ask, origin }, now)
  await rememberOnce(tx, once, now)
  const request = { ...ask, orgId: stored.budget.orgId, state: { kind: 'pending' } } as const
  return { kind: 'requested', request, isRepeat: false }
}

/** What the same key made before; null when nothing. */
async function repeatOf(
  tx: Queryable,
  { budget }: StoredBudget,
  once: Once,
): Promise<OverrideAskOutcome | null> {
  if (await wasUsedForOther(tx, once)) return { kind: 'key_reused' }
  const ids = { id: overrides.id, owner: overrides.budgetId }
  const [override] = await tx
    .select()
    .from(overrides)
    .where(madeOnce(ids, budget.id, once))
  if (override) return { kind: 'granted', override, isRepeat: true }
  const requestIds = { id: overrideRequests.id, owner: overrideRequests.budgetId }
  const [request] = await readRequests(tx, and(madeOnce(requestIds, budget.id, once)), { rowsMax: 1 })
  return request ? { kind: 'requested', request, isRepeat: true } : null
}

/** Takes a running override back: the limit holds again. */
export const revokeOverride = (
  postgres: Postgres,
  { by, origin, ...ref }: BudgetRef & Said,
  now: Date,
): Promise<'done' | 'none_running' | 'budget_unknown'> =>
  postgres.tables.transaction(async (tx) => {
    const stored = await lockBudget(tx, ref, now)
    if (!stored) return 'budget_unknown'
    const { override } = stored.current
    if (!override || override.until.getTime() <= now.getTime()) return 'none_running'
    const { orgId, scope } = stored.budget
    await endRunningOverride(tx, stored, 'revoked', now, { by, origin })
    await signalVerdicts(tx, [scope.projectId ?? orgId])
    return 'done'
  })
