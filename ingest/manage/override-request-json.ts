/** A request for an override in the form of the wire. */
import { toUsdDecimal } from '../../core/money.ts'
import type { StoredRequest } from '../../db/postgres/override-requests.ts'

export const toRequestJson = ({ state, ...request }: StoredRequest) => ({
  id: request.id,
  budget_id: request.budgetId,
  counter: request.counter,
  period_from: request.periodFrom.toISOString(),
  state: state.kind,
  amount_usd: toUsdDecimal(request.amount),
  window_s: request.windowS,
  reason: request.reason,
  requested_by: request.requestedBy,
  requested_at: request.requestedAt.toISOString(),
  expires_at: request.expiresAt.toISOString(),
  decided_by: state.kind === 'granted' || state.kind === 'denied' ? state.by : null,
  decided_at: state.kind === 'pending' ? null : state.at.toISOString(),
  deny_reason: state.kind === 'denied' ? state.reason : null,
})
