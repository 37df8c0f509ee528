/**
 * Deliveries of webhooks: written with the notice that they tell, in its transaction, so that each event of a budget is
 * there once for each webhook that wants it, or not at all. People see them here, and ask for them again.
 */
import { and, asc, desc, eq, gte, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { BudgetSnapshot } from '../../core/budget/budget.ts'
import { newId } from '../../core/ids.ts'
import { type CallsEvent, callsPayloadText } from '../../core/webhook/calls-payload.ts'
import { type DeliveryState, givenUp, newDelivery, replayed } from '../../core/webhook/delivery.ts'
import { eventsOfNotice } from '../../core/webhook/event-of-notice.ts'
import type { WebhookEventType } from '../../core/webhook/events.ts'
import { payloadText } from '../../core/webhook/payload.ts'
import { recordDeed } from './audit.ts'
import { readBudgetSettings } from './budget-settings.ts'
import { type BudgetKey, readSnapshots as readBudgetSnapshots, shownPeriodOf } from './budget-snapshots.ts'
import type { NoticeOf } from './notices.ts'
import { type Once, priorUse, rememberOnce } from './once.ts'
import type { Postgres, Queryable } from './open.ts'
import { budgetPeriods, budgets, webhookDeliveries, webhooks } from './schema.ts'
import { signalWebhooks } from './signals.ts'
import type { Doer } from './webhooks.ts'

/** Called by whoever queues notices, after the facts that they tell are saved. */
export async function enqueueDeliveries(
  tx: Queryable,
  notices: readonly NoticeOf[],
  now: Date,
): Promise<void> {
  const listening = await listeningWebhooks(tx, [...new Set(notices.map(({ orgId }) => orgId))])
  const heard = notices.filter(({ orgId }) => listening.some((webhook) => webhook.orgId === orgId))
  if (heard.length === 0) return
  const snapshots = await readSnapshots(tx, heard)
  const sequences = await drawSequences(tx, heard.length)
  const rows = heard.flatMap((notice, index) => {
    const snapshot = snapshots.get(keyOf(notice))
    if (snapshot === undefined) return []
    const own = listening.filter(({ orgId }) => orgId === notice.orgId)
    return eventsOfNotice(notice.notice, snapshot, now).flatMap((event) =>
      own
        .filter(({ events }) => events === null || events.includes(event.type))
        .map(({ id: webhookId, orgId }) => {
          const id = newId('msg', now)
          const body = payloadText({ id, event, snapshot, at: now, sequence: sequences[index] ?? 0 })
          const about = { id, orgId, webhookId, budgetId: notice.budgetId, event: event.type, body }
          return { ...about, ...newDelivery(now), createdAt: now }
        }),
    )
  })
  if (rows.length === 0) return
  await tx.insert(webhookDeliveries).values(rows)
  await signalWebhooks(tx)
}

/** For a stop, or its end, that is of no budget: in the transaction of the deed. */
export async function enqueueCallsEvent(tx: Queryable, event: CallsEvent, now: Date): Promise<void> {
  const listening = (await listeningWebhooks(tx, [event.orgId])).filter(
    ({ events }) => events === null || events.includes(event.type),
  )
  if (listening.length === 0) return
  const [sequence = 0] = await drawSequences(tx, 1)
  await tx.insert(webhookDeliveries).values(
    listening.map(({ id: webhookId, orgId }) => {
      const id = newId('msg', now)
      const body = callsPayloadText({ id, event, at: now, sequence })
      return { ...{ id, orgId, webhookId, event: event.type, body }, ...newDelivery(now), createdAt: now }
    }),
  )
  await signalWebhooks(tx)
}

const listeningWebhooks = (tx: Queryable, orgIds: readonly string[]) =>
  tx
    .select({ id: webhooks.id, orgId: webhooks.orgId, events: webhooks.events })
    .from(webhooks)
    .where(
      and(inArray(webhooks.orgId, [...orgIds]), isNull(webhooks.archivedAt), isNull(webhooks.disabledAt)),
    )
    .orderBy(asc(webhooks.id))

/**
 * The budgets of the notices, each in the notice's period, as this transaction leaves them. Locked, if they are not yet:
 * whoever changes how a budget stands has its period locked, so that the sequence that is drawn next is in that order.
 */
async function readSnapshots(
  tx: Queryable,
  notices: readonly NoticeOf[],
): Promise<ReadonlyMap<string, BudgetSnapshot>> {
  const about = new Map(notices.map((notice) => [keyOf(notice), notice]))
  const isOneOf = [...about.values()].map(({ budgetId, periodFrom, counter }) =>
    and(
      eq(budgetPeriods.budgetId, budgetId),
      eq(budgetPeriods.from, periodFrom),
      eq(budgetPeriods.counter, counter),
    ),
  )
  await tx
    .select({ budgetId: budgetPeriods.budgetId })
    .from(budgetPeriods)
    .where(or(...isOneOf))
    .orderBy(asc(budgetPeriods.budgetId), asc(budgetPeriods.from), asc(budgetPeriods.counter))
    .for('update')
  const ids = [...new Set(notices.map(({ budgetId }) => budgetId))]
  const all = await readBudgetSettings(tx, inArray(budgets.id, ids))
  const keys = [...about.values()].flatMap(({ budgetId, periodFrom, counter }): BudgetKey[] => {
    const settings = all.find(({ budget }) => budget.id === budgetId)
    const period = settings === undefined ? null : shownPeriodOf(settings, periodFrom)
    return settings === undefined || period === null ? [] : [{ settings, period, counter }]
  })
  const snapshots = await readBudgetSnapshots(tx, keys)
  return new Map(
    snapshots.map((snapshot) => {
      const { period, counter } = snapshot.current
      return [keyOf({ budgetId: snapshot.budget.id, periodFrom: period.from, counter }), snapshot]
    }),
  )
}

async function drawSequences(tx: Queryable, howMany: number): Promise<readonly number[]> {
  const rows: { drawn: string }[] = await tx.execute(
    sql`select nextval('webhook_sequence') as drawn from generate_series(1, ${howMany}::int)`,
  )
  return rows.map(({ drawn }) => Number(drawn))
}

const keyOf = ({
  budgetId,
  periodFrom,
  counter,
}: Pick<NoticeOf, 'budgetId' | 'periodFrom' | 'counter'>): string =>
  `${budgetId}/${periodFrom.getTime()}/${counter}`

export interface ListedDelivery {
  readonly id: string
  readonly webhookId: string
  /** Null where it tells of no budget. */
  readonly budgetId: string | null
  readonly event: WebhookEventType
  readonly body: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly attemptsLeft: number
  readonly nextAt: Date
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly lastAttemptAt: Date | null
  readonly createdAt: Date
  readonly deliveredAt: Date | null
}

/** The newest deliveries of a webhook, of any state or of one. */
export function listDeliveries(
  tx: Queryable,
  of: {
    readonly orgId: string
    readonly webhookId: string
    readonly state?: DeliveryState
    readonly rowsMax: number
  },
): Promise<ListedDelivery[]> {
  return tx
    .select()
    .from(webhookDeliveries)
    .where(and(ofWebhook(of), of.state === undefined ? undefined : eq(webhookDeliveries.state, of.state)))
    .orderBy(desc(webhookDeliveries.createdAt), desc(webhookDeliveries.id))
    .limit(of.rowsMax)
}

/** Which deliveries are to be sent again: one, or those of a webhook that failed and were made since an instant. */
export type Replay =
  /** With `webhookId` only if it is of that webhook. */
  | { readonly kind: 'one'; readonly deliveryId: string; readonly webhookId?: string }
  | { readonly kind: 'failed_since'; readonly webhookId: string; readonly since: Date }

export type Replayed =
  | { readonly kind: 'replayed'; readonly deliveries: number }
  /** The same key of idempotency replayed them before. */
  | { readonly kind: 'repeated' }
  | {
      readonly kind: 'refused'
      readonly why: 'unknown' | 'webhook_disabled' | 'webhook_archived' | 'key_reused'
    }

export interface Replaying extends Doer {
  readonly orgId: string
  readonly what: Replay
  readonly once?: Once | null
}

/** Makes them due at once, under the ids and with the bodies that they have, with all their attempts before them. */
export function replayDeliveries(
  postgres: Postgres,
  { orgId, what, by, origin, once = null }: Replaying,
  now: Date,
): Promise<Replayed> {
  return postgres.tables.transaction(async (tx): Promise<Replayed> => {
    const webhookId = what.kind === 'one' ? await webhookOf(tx, orgId, what) : what.webhookId
    const [webhook] =
      webhookId === null
        ? []
        : await tx
            .select()
            .from(webhooks)
            .where(and(eq(webhooks.id, webhookId), eq(webhooks.orgId, orgId)))
            .for('no key update')
    if (!webhook) return { kind: 'refused', why: 'unknown' }
    const use = once === null ? 'unused' : await priorUse(tx, once)
    if (use === 'for_this') return { kind: 'repeated' }
    if (use === 'for_other') return { kind: 'refused', why: 'key_reused' }
    if (webhook.archivedAt !== null) return { kind: 'refused', why: 'webhook_archived' }
    if (webhook.disabledAt !== null) return { kind: 'refused', why: 'webhook_disabled' }
    const { count: deliveries } = await tx
      .update(webhookDeliveries)
      .set(replayed(now))
      .where(whichOf(what, webhook))
    const after = { deliveries, ...(what.kind === 'one' ? {} : { since: what.since }) }
    const subject = what.kind === 'one' ? what.deliveryId : webhook.id
    await recordDeed(tx, { orgId, actor: by, action: 'webhook.replayed', subject, after, origin }, now)
    await rememberOnce(tx, once, now)
    if (deliveries > 0) await signalWebhooks(tx)
    return { kind: 'replayed', deliveries }
  })
}

function whichOf(what: Replay, webhook: { readonly orgId: string; readonly id: string }): SQL | undefined {
  const own = ofWebhook({ orgId: webhook.orgId, webhookId: webhook.id })
  if (what.kind === 'one') return and(own, eq(webhookDeliveries.id, what.deliveryId))
  return and(own, eq(webhookDeliveries.state, 'failed'), gte(webhookDeliveries.createdAt, what.since))
}

/** For who may act for every organisation. */
export async function ownerOfReplay(tx: Queryable, what: Replay): Promise<string | null> {
  const [row] =
    what.kind === 'one'
      ? await tx
          .select({ orgId: webhookDeliveries.orgId })
          .from(webhookDeliveries)
          .where(eq(webhookDeliveries.id, what.deliveryId))
      : await tx.select({ orgId: webhooks.orgId }).from(webhooks).where(eq(webhooks.id, what.webhookId))
  return row?.orgId ?? null
}

async function webhookOf(
  tx: Queryable,
  orgId: string,
  { deliveryId, webhookId }: Extract<Replay, { kind: 'one' }>,
): Promise<string | null> {
  const [row] = await tx
    .select({ webhookId: webhookDeliveries.webhookId })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.orgId, orgId)))
  const owner = row?.webhookId ?? null
  return webhookId === undefined || webhookId === owner ? owner : null
}

/** What was still to be sent there is not; an attempt under way may arrive all the same. */
export async function giveUpOpenDeliveries(tx: Queryable, webhookId: string, why: string): Promise<void> {
  await tx
    .update(webhookDeliveries)
    .set(givenUp(why))
    .where(and(eq(webhookDeliveries.webhookId, webhookId), isOpenRow))
}

export const isOpenRow: SQL = inArray(webhookDeliveries.state, ['pending', 'retrying'])

const ofWebhook = ({ orgId, webhookId }: { readonly orgId: string; readonly webhookId: string }) =>
  and(eq(webhookDeliveries.webhookId, webhookId), eq(webhookDeliveries.orgId, orgId))
