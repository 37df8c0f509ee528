/**
 * The message of each request for an override in the thread of its card: where it stands, and which state of the request
 * it shows. One that shows a state which is past is to be updated.
 */
import { and, asc, eq, isNotNull, ne } from 'drizzle-orm'
import type { RequestState } from '../../core/budget/override-request.ts'
import type { Queryable } from './open.ts'
import { fromDbRequest, type StoredRequest } from './request-rows.ts'
import { overrideRequests } from './schema.ts'

export interface RequestMessage {
  readonly channelId: string
  readonly messageTs: string
}

/** Saves where it was posted and what it shows; called in the transaction that tells of the request. */
export async function savePostedRequest(
  tx: Queryable,
  requestId: string,
  { channelId, messageTs }: RequestMessage,
  shown: RequestState['kind'],
): Promise<void> {
  await tx
    .update(overrideRequests)
    .set({ messageChannelId: channelId, messageTs, messageState: shown })
    .where(eq(overrideRequests.id, requestId))
}

export async function saveShownRequest(
  tx: Queryable,
  requestId: string,
  shown: RequestState['kind'],
): Promise<void> {
  await tx.update(overrideRequests).set({ messageState: shown }).where(eq(overrideRequests.id, requestId))
}

export interface OutdatedMessage extends RequestMessage {
  readonly request: StoredRequest
}

/** Of a budget, the messages that show another state than their request is in; the oldest first. */
export async function listOutdatedMessages(tx: Queryable, budgetId: string): Promise<OutdatedMessage[]> {
  const rows = await tx
    .select()
    .from(overrideRequests)
    .where(
      and(
        eq(overrideRequests.budgetId, budgetId),
        isNotNull(overrideRequests.messageTs),
        ne(overrideRequests.messageState, overrideRequests.state),
      ),
    )
    .orderBy(asc(overrideRequests.id))
  return rows.flatMap((row) =>
    row.messageChannelId === null || row.messageTs === null
      ? []
      : [{ channelId: row.messageChannelId, messageTs: row.messageTs, request: fromDbRequest(row) }],
  )
}

/** Requests of an organisation that wait, the oldest first: one at a time for each counter of a budget. */
export async function listWaiting(tx: Queryable, orgId: string): Promise<StoredRequest[]> {
  const rows = await tx
    .select()
    .from(overrideRequests)
    .where(and(eq(overrideRequests.orgId, orgId), eq(overrideRequests.state, 'pending')))
    .orderBy(asc(overrideRequests.id))
  return rows.map(fromDbRequest)
}
