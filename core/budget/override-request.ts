/**
 * A request for an override that another person has to grant: pending, and then granted, denied or expired, for good.
 * Invariant: where the policy asks for a second person, whoever asked never grants; who may not approve decides nothing.
 */
import type { NanoUsd } from '../money.ts'
import { type Approver, mayApprove, type OverrideTerms } from './override-policy.ts'
import type { Counter } from './scope.ts'

export interface OverrideAsk {
  readonly id: string
  readonly budgetId: string
  readonly counter: Counter
  readonly periodFrom: Date
  readonly amount: NanoUsd
  readonly windowS: number
  readonly reason: string
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly expiresAt: Date
}

export type RequestState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'granted'; readonly by: string; readonly at: Date }
  | { readonly kind: 'denied'; readonly by: string; readonly at: Date; readonly reason: string }
  | { readonly kind: 'expired'; readonly at: Date }

export interface OverrideAsked extends OverrideAsk {
  readonly state: RequestState
}

export type RequestDecision =
  | { readonly kind: 'approve'; readonly by: Approver }
  | { readonly kind: 'deny'; readonly by: Approver; readonly reason: string }

export type DecisionRefusal = 'own_request' | 'not_an_approver' | 'reason_missing' | 'already_decided'

export type DecisionOutcome =
  | { readonly kind: 'decided'; readonly state: Exclude<RequestState, { kind: 'pending' }> }
  /** It was decided so, by the same person, before: nothing is to be done. */
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly refusal: DecisionRefusal }

/** What a decision makes of a request. One that comes too late finds it expired, whether or not a job said so. */
export function decideRequest(
  request: OverrideAsked,
  decision: RequestDecision,
  terms: Pick<OverrideTerms, 'lifters' | 'secondPerson'>,
  now: Date,
): DecisionOutcome {
  const { by } = decision
  if (request.state.kind !== 'pending') {
    return isSameDecision(request.state, decision) ? { kind: 'already' } : refused('already_decided')
  }
  const expired = expiredAt(request, now)
  if (expired !== null) return { kind: 'decided', state: { kind: 'expired', at: expired } }
  const isOwn = by.id === request.requestedBy
  if (decision.kind === 'deny') {
    // To take back what one asked for needs nobody's leave.
    if (!isOwn && !mayApprove(terms, by)) return refused('not_an_approver')
    const reason = decision.reason.trim()
    if (reason === '') return refused('reason_missing')
    return { kind: 'decided', state: { kind: 'denied', by: by.id, at: now, reason } }
  }
  if (terms.secondPerson && isOwn) return refused('own_request')
  if (!mayApprove(terms, by)) return refused('not_an_approver')
  return { kind: 'decided', state: { kind: 'granted', by: by.id, at: now } }
}

/** When a pending request ran out; null for one that waits still, or was decided. */
export const expiredAt = ({ state, expiresAt }: OverrideAsked, now: Date): Date | null =>
  state.kind === 'pending' && expiresAt.getTime() <= now.getTime() ? expiresAt : null

/** A request never outlives the period whose limit it is to pass. */
export const requestExpiry = (
  { requestExpiresS }: Pick<OverrideTerms, 'requestExpiresS'>,
  periodUntil: Date,
  now: Date,
): Date => new Date(Math.min(now.getTime() + requestExpiresS * 1000, periodUntil.getTime()))

function isSameDecision(state: RequestState, { kind, by }: RequestDecision): boolean {
  if (state.kind === 'granted') return kind === 'approve' && state.by === by.id
  return state.kind === 'denied' && kind === 'deny' && state.by === by.id
}

const refused = (refusal: DecisionRefusal): DecisionOutcome => ({ kind: 'refused', refusal })
