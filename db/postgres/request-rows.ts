/** Requests for overrides as their rows have them. */
import type { OverrideAsked, RequestState } from '../../core/budget/override-request.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { overrideRequests } from './schema.ts'

export interface StoredRequest extends OverrideAsked {
  readonly orgId: string
}

type Row = typeof overrideRequests.$inferSelect

export function fromDbRequest(row: Row): StoredRequest {
  const { id, orgId, budgetId, counter, from: periodFrom, amount, windowS, reason } = row
  const { requestedBy, requestedAt, expiresAt } = row
  return {
    ...{ id, orgId, budgetId, counter, periodFrom, amount, windowS, reason },
    ...{ requestedBy, requestedAt, expiresAt, state: stateOf(row) },
  }
}

function stateOf({ state, decidedBy, decidedAt, denyReason, expiresAt }: Row): RequestState {
  const [by, at] = [decidedBy ?? 'system', decidedAt ?? expiresAt]
  switch (state) {
    case 'pending':
      return { kind: 'pending' }
    case 'granted':
      return { kind: 'granted', by, at }
    case 'denied':
      return { kind: 'denied', by, at, reason: denyReason ?? '' }
    case 'expired':
      return { kind: 'expired', at }
    default:
      return unreachable(state)
  }
}
