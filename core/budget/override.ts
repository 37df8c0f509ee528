/**
 * Granting leave to spend past a limit.
 * Invariant: overrides do not stack; a new one replaces the old, and none outlives its period.
 */
import { addUsd, maxUsd, type NanoUsd, zeroUsd } from '../money.ts'
import type { BudgetSnapshot, Override } from './budget.ts'
import { countedIn } from './limit.ts'
import { stopLineOf } from './state.ts'

/** Who may lift a stop, for how long and how much: set by an admin for the whole organisation. */
export interface OverridePolicy {
  readonly lifters: 'admins' | 'members'
  /** The windows a person may choose from, in seconds, ascending. */
  readonly windowsS: readonly number[]
  /** The most that one override may add; null for no bound. */
  readonly amountMax: NanoUsd | null
}

export const DEFAULT_OVERRIDE_POLICY: OverridePolicy = {
  lifters: 'admins',
  windowsS: [15 * 60, 60 * 60, 4 * 60 * 60, 24 * 60 * 60],
  amountMax: null,
}

export type OverrideBounds = Pick<OverridePolicy, 'windowsS' | 'amountMax'>

export interface OverrideRequest {
  readonly id: string
  readonly amount: NanoUsd
  readonly windowS: number
  readonly reason: string
  readonly grantedBy: string
}

export type OverrideRefusal =
  | 'amount_not_positive'
  | 'amount_above_policy'
  | 'window_not_offered'
  | 'reason_missing'
  | 'stopped_by_person'
  /** The budget's policy names those who may, and this person is none of them. */
  | 'not_an_approver'
  /** The budget's policy asks for a second person: it is to be requested. */
  | 'second_person_needed'

export type OverrideOutcome =
  | { readonly kind: 'granted'; readonly override: Override }
  | { readonly kind: 'refused'; readonly refusal: OverrideRefusal }

/** Decides a request of someone already known to be allowed to ask. The ceiling leaves the whole amount to spend. */
export function grantOverride(
  snapshot: BudgetSnapshot,
  request: OverrideRequest,
  policy: OverrideBounds,
  now: Date,
): OverrideOutcome {
  const refusal = overrideRefusalOf(snapshot, request, policy)
  if (refusal) return { kind: 'refused', refusal }
  const { current } = snapshot
  const end = Math.min(now.getTime() + request.windowS * 1000, current.period.until.getTime())
  return {
    kind: 'granted',
    override: {
      id: request.id,
      amount: request.amount,
      ceiling: addUsd(maxUsd(countedIn(current), stopLineOf(snapshot)), request.amount),
      grantedAt: now,
      until: new Date(end),
      grantedBy: request.grantedBy,
      reason: request.reason.trim(),
    },
  }
}

/** Why it cannot be granted as things are, which is also why it need not be asked for; null when it can. */
export function overrideRefusalOf(
  { budget }: BudgetSnapshot,
  request: Pick<OverrideRequest, 'amount' | 'windowS' | 'reason'>,
  policy: OverrideBounds,
): OverrideRefusal | null {
  if (budget.manualStop) return 'stopped_by_person'
  if (request.amount <= zeroUsd) return 'amount_not_positive'
  if (policy.amountMax !== null && request.amount > policy.amountMax) return 'amount_above_policy'
  if (!policy.windowsS.includes(request.windowS)) return 'window_not_offered'
  if (request.reason.trim() === '') return 'reason_missing'
  return null
}
