/** Webhooks and their deliveries as an organisation looks through them, page by page; webhooks that were removed left out. */
import { and, asc, desc, eq, gt, isNull, lt, or, type SQL } from 'drizzle-orm'
import { madeAt } from '../../core/ids.ts'
import type { DeliveryState } from '../../core/webhook/delivery.ts'
import type { Queryable } from './open.ts'
import { webhookDeliveries, webhooks } from './schema.ts'
import type { ListedDelivery } from './webhook-deliveries.ts'
import { fromDbWebhook, type Webhook } from './webhooks.ts'

interface Page {
  /** The id of the last row of the page before. */
  readonly after: string | null
  readonly rowsMax: number
}

/** By age. */
export async function readWebhookPage(
  tx: Queryable,
  orgId: string,
  { after, rowsMax }: Page,
): Promise<Webhook[]> {
  const rows = await tx
    .select()
    .from(webhooks)
    .where(and(isLive(orgId), after === null ? undefined : gt(webhooks.id, after)))
    .orderBy(asc(webhooks.id))
    .limit(rowsMax)
  return rows.map(fromDbWebhook)
}

/** Null for one that is not there, is another organisation's, or was removed. */
export async function readOneWebhook(
  tx: Queryable,
  orgId: string,
  webhookId: string,
): Promise<Webhook | null> {
  const [row] = await tx
    .select()
    .from(webhooks)
    .where(and(isLive(orgId), eq(webhooks.id, webhookId)))
  return row ? fromDbWebhook(row) : null
}

export interface DeliveryFilter {
  readonly orgId: string
  readonly webhookId: string
  /** Null for all of them. */
  readonly state: DeliveryState | null
}

/** The youngest first. */
export function readDeliveryPage(
  tx: Queryable,
  { orgId, webhookId, state }: DeliveryFilter,
  { after, rowsMax }: Page,
): Promise<ListedDelivery[]> {
  return tx
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        ...[eq(webhookDeliveries.webhookId, webhookId), eq(webhookDeliveries.orgId, orgId)],
        state === null ? undefined : eq(webhookDeliveries.state, state),
        after === null ? undefined : isPast(after),
      ),
    )
    .orderBy(desc(webhookDeliveries.createdAt), desc(webhookDeliveries.id))
    .limit(rowsMax)
}

const isLive = (orgId: string): SQL | undefined => and(eq(webhooks.orgId, orgId), isNull(webhooks.archivedAt))

/** The id of a delivery holds the instant at which it was made. */
const isPast = (id: string): SQL | undefined =>
  or(
    lt(webhookDeliveries.createdAt, madeAt(id)),
    and(eq(webhookDeliveries.createdAt, madeAt(id)), lt(webhookDeliveries.id, id)),
  )
