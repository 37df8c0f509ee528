/**
 * Requests for overrides: kept until another person decides, or nobody does. Asking, deciding, granting and running out
 * are each a row of the audit trail, written with what they change.
 */
import { and, asc, desc, eq, lt, lte, type SQL } from 'drizzle-orm'
import type { Override } from '../../core/budget/budget.ts'
import type { Notice } from '../../core/budget/notice.ts'
import type { OverrideRefusal } from '../../core/budget/override.ts'
import {
  type DecisionRefusal,
  decideRequest,
  expiredAt,
  type OverrideAsk,
  type RequestDecision,
  type RequestState,
} from '../../core/budget/override-request.ts'
import { newId } from '../../core/ids.ts'
import { unreachable } from '../../core/unreachable.ts'
import { recordDeed } from './audit.ts'
import type { DeedOrigin } from './budget-definition.ts'
import { type BudgetReach, reachedBudgets } from './budget-lists.ts'
import type { StoredBudget } from './budget-snapshots.ts'
import { lockBudget } from './lock-budget.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { grantIn, readOverrideTerms } from './overrides.ts'
import { fromDbRequest, type StoredRequest } from './request-rows.ts'
import { budgets, overrideRequests } from './schema.ts'

export type { StoredRequest }

/** Requests of budgets that match, the youngest first. */
export async function readRequests(
  tx: Queryable,
  where: SQL | undefined,
  { before = null, rowsMax }: { readonly before?: string | null; readonly rowsMax: number },
): Promise<StoredRequest[]> {
  const rows = await tx
    .select({ request: overrideRequests })
    .from(overrideRequests)
    .innerJoin(budgets, eq(budgets.id, overrideRequests.budgetId))
    .where(and(where, before === null ? undefined : lt(overrideRequests.id, before)))
    .orderBy(desc(overrideRequests.id))
    .limit(rowsMax)
  return rows.map(({ request }) => fromDbRequest(request))
}

export interface RequestFilter {
  readonly requestId?: string | null
  readonly budgetId?: string | null
  readonly state?: RequestState['kind'] | null
}

/** Requests for budgets of a project, or of an organisation, that match; the youngest first. */
export const listRequests = (
  tx: Queryable,
  reach: BudgetReach,
  { requestId = null, budgetId = null, state = null }: RequestFilter,
  page: { readonly after: string | null; readonly rowsMax: number },
): Promise<StoredRequest[]> =>
  readRequests(
    tx,
    and(
      reachedBudgets(reach),
      requestId === null ? undefined : ofRequest(requestId),
      budgetId === null ? undefined : eq(overrideRequests.budgetId, budgetId),
      state === null ? undefined : inState(state),
    ),
    { before: page.after, rowsMax: page.rowsMax },
  )

const ofRequest = (requestId: string): SQL => eq(overrideRequests.id, requestId)
const inState = (state: RequestState['kind']): SQL => eq(overrideRequests.state, state)

/** Keeps a request of a locked budget, and tells it. */
export async function saveRequest(
  tx: Queryable,
  { budget }: StoredBudget,
  { ask, origin }: { readonly ask: OverrideAsk; readonly origin: DeedOrigin },
  now: Date,
): Promise<void> {
  const { orgId } = budget
  const { periodFrom: from, ...columns } = ask
  await tx.insert(overrideRequests).values({ ...columns, orgId, from, state: 'pending' })
  const { id: requestId, requestedBy: by, amount, windowS, reason, expiresAt } = ask
  await tell(
    tx,
    { ...ask, orgId },
    { kind: 'override_requested', requestId, by, amount, windowS, reason, expiresAt },
    now,
  )
  const after = {
    ...{ budget_id: budget.id, counter: ask.counter, amount_nano_usd: amount.toString() },
    ...{ window_s: windowS, reason, expires_at: expiresAt.toISOString() },
  }
  await recordDeed(
    tx,
    { orgId, actor: by, action: 'override.requested', subject: requestId, after, origin },
    now,
  )
}

/** The one that waits for a decision on a counter of a locked budget, those that ran out written down as such. */
export async function pendingOf(
  tx: Queryable,
  stored: StoredBudget,
  now: Date,
): Promise<StoredRequest | null> {
  const rows = await tx
    .select()
    .from(overrideRequests)
    .where(
      and(
        eq(overrideRequests.budgetId, stored.budget.id),
        eq(overrideRequests.counter, stored.current.counter),
        inState('pending'),
      ),
    )
    .orderBy(asc(overrideRequests.id))
  let pending: StoredRequest | null = null
  for (const request of rows.map(fromDbRequest)) {
    const at = expiredAt(request, now)
    if (at === null) pending = request
    else await saveDecided(tx, request, { kind: 'expired', at }, { origin: 'job', now })
  }
  return pending
}

export type RequestDecided =
  | { readonly kind: 'granted'; readonly request: StoredRequest; readonly override: Override }
  | { readonly kind: 'denied' | 'expired' | 'already'; readonly request: StoredRequest }
  | { readonly kind: 'refused'; readonly refusal: DecisionRefusal | OverrideRefusal }
  | { readonly kind: 'request_unknown' }

export interface Deciding {
  readonly orgId: string
  readonly requestId: string
  readonly decision: RequestDecision
  readonly origin: DeedOrigin
}

/**
 * Decides a request, and grants what is approved in the same transaction: of several who approve at once, one does. What
 * the policy allows is asked again, as it may have changed since.
 */
export function decideOverrideRequest(
  postgres: Postgres,
  { orgId, requestId, decision, origin }: Deciding,
  now: Date,
): Promise<RequestDecided> {
  return postgres.tables.transaction(async (tx): Promise<RequestDecided> => {
    const found = await findRequest(tx, orgId, requestId)
    if (!found) return { kind: 'request_unknown' }
    const stored = await lockBudget(tx, { orgId, budgetId: found.budgetId, counter: found.counter }, now)
    if (!stored) return { kind: 'request_unknown' }
    // Read again under the lock: whoever had it before may have decided.
    const request = (await findRequest(tx, orgId, requestId)) ?? found
    const terms = await readOverrideTerms(tx, stored)
    const outcome = decideRequest(endedWithPeriod(request, stored, now), decision, terms, now)
    if (outcome.kind === 'already') return { kind: 'already', request }
    if (outcome.kind === 'refused') return outcome
    const { state } = outcome
    if (state.kind === 'granted') {
      const { amount, windowS, reason } = request
      const id = newId('ovr', now)
      const grant = { id, amount, windowS, reason, grantedBy: state.by }
      const granted = await grantIn(tx, stored, { request: grant, bounds: terms, origin }, now)
      if (granted.kind === 'refused') return granted
      await saveDecided(tx, request, state, { origin, now })
      return { kind: 'granted', request: { ...request, state }, override: granted.override }
    }
    await saveDecided(tx, request, state, { origin: state.kind === 'expired' ? 'job' : origin, now })
    return { kind: state.kind, request: { ...request, state } }
  })
}

/** A request is for the limit of its own period, which ends early where the budget got another rule. */
const endedWithPeriod = (request: StoredRequest, { current }: StoredBudget, now: Date): StoredRequest =>
  current.period.from.getTime() === request.periodFrom.getTime() || request.expiresAt <= now
    ? request
    : { ...request, expiresAt: now }

/** Records and tells each request that ran out by `at`. */
export async function expireRequests(postgres: Postgres, at: Date): Promise<number> {
  const due = await postgres.tables
    .select({ orgId: overrideRequests.orgId, requestId: overrideRequests.id })
    .from(overrideRequests)
    .where(and(inState('pending'), lte(overrideRequests.expiresAt, at)))
  let expired = 0
  for (const request of due) if (await expireOne(postgres, request, at)) expired += 1
  return expired
}

function expireOne(
  postgres: Postgres,
  { orgId, requestId }: { readonly orgId: string; readonly requestId: string },
  now: Date,
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    const [row] = await tx.select().from(overrideRequests).where(ofRequest(requestId)).for('update')
    const request = row && fromDbRequest(row)
    const at = request ? expiredAt(request, now) : null
    if (!request || request.orgId !== orgId || at === null) return false
    return await saveDecided(tx, request, { kind: 'expired', at }, { origin: 'job', now })
  })
}

/** Null when it is not this organisation's. */
export async function findRequest(
  tx: Queryable,
  orgId: string,
  requestId: string,
): Promise<StoredRequest | null> {
  const of = and(ofRequest(requestId), eq(overrideRequests.orgId, orgId))
  const [row] = await tx.select().from(overrideRequests).where(of)
  return row ? fromDbRequest(row) : null
}

type Decided = Exclude<RequestState, { kind: 'pending' }>

/** False when somebody else decided it first. */
async function saveDecided(
  tx: Queryable,
  request: StoredRequest,
  state: Decided,
  { origin, now }: { readonly origin: DeedOrigin | 'job'; readonly now: Date },
): Promise<boolean> {
  const { orgId, id: requestId, budgetId, amount, requestedBy } = request
  const by = state.kind === 'expired' ? null : state.by
  const denyReason = state.kind === 'denied' ? state.reason : null
  const saved = await tx
    .update(overrideRequests)
    .set({ state: state.kind, decidedBy: by, decidedAt: state.at, denyReason })
    .where(and(ofRequest(requestId), inState('pending')))
    .returning({ id: overrideRequests.id })
  if (saved.length === 0) return false
  const after = {
    budget_id: budgetId,
    requested_by: requestedBy,
    ...(denyReason ? { reason: denyReason } : {}),
  }
  const action = ACTIONS[state.kind]
  await recordDeed(tx, { orgId, actor: by ?? 'system', action, subject: requestId, after, origin }, now)
  const notice = noticeOf(state, { requestId, requestedBy, amount })
  if (notice) await tell(tx, request, notice, now)
  return true
}

const ACTIONS: Readonly<Record<Decided['kind'], string>> = {
  granted: 'override_request.approved',
  denied: 'override_request.denied',
  expired: 'override_request.expired',
}

/** What was granted is told by the notice of the override itself. */
function noticeOf(
  state: Decided,
  about: Pick<Extract<Notice, { kind: 'override_request_expired' }>, 'requestId' | 'requestedBy' | 'amount'>,
): Notice | null {
  switch (state.kind) {
    case 'granted':
      return null
    case 'denied':
      return { kind: 'override_denied', ...about, by: state.by, reason: state.reason }
    case 'expired':
      return { kind: 'override_request_expired', ...about }
    default:
      return unreachable(state)
  }
}

const tell = (
  tx: Queryable,
  {
    orgId,
    budgetId,
    periodFrom,
    counter,
  }: Pick<StoredRequest, 'orgId' | 'budgetId' | 'periodFrom' | 'counter'>,
  notice: Notice,
  now: Date,
): Promise<void> => enqueueNotices(tx, [{ orgId, budgetId, periodFrom, counter, notice }], now)
