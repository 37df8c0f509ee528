/**
 * Tells Slack one thing, in the transaction that marks it told: first the card, then the message in its thread.
 * Invariant: what Slack took is saved even when the next call fails, so that a retry repeats nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import { ofBudget } from '../../db/postgres/budget-settings.ts'
import { readCounterIn, type StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { endAcknowledgement, markQuieted } from '../../db/postgres/card-attention.ts'
import { lockCards } from '../../db/postgres/cards.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import { claimNotices, markDelivered, markFailed, type PendingNotice } from '../../db/postgres/notices.ts'
import type { Postgres, Queryable } from '../../db/postgres/open.ts'
import { noticeMessage } from '../blocks/notice.ts'
import { readCardFacts } from '../cards/read-card-facts.ts'
import { type CardDeps, showCard } from '../cards/show-card.ts'
import {
  describeFailure,
  isTokenDead,
  needsPerson,
  type SlackFailure,
  slackFailureOf,
} from '../slack/slack-failure.ts'
import { openClient, type SlackOf } from '../slack/slack-of.ts'
import { changesState, isQuieted } from './quiet-notices.ts'
import { postRequestMessage, updateRequestMessages } from './request-messages.ts'
import { tellMaker } from './tell-maker.ts'

export interface DeliverDeps extends CardDeps {
  readonly clickhouse: ClickHouse
  readonly postgres: Postgres
  readonly slackOf: SlackOf
  /** Called after something about an organisation's budgets was told. */
  readonly told: (orgId: string) => void
}

/** Why a notice waits: Slack, or a mistake of ours that another version may mend. */
type Untold = SlackFailure | { readonly kind: 'mistake'; readonly reason: string }

const UNINSTALLED: SlackFailure = { kind: 'refused', error: 'account_inactive', details: ['uninstalled'] }
const UNREADABLE: SlackFailure = { kind: 'refused', error: 'token_unreadable', details: [] }
const RETRY_MS = 1_000
const RETRY_MAX_MS = 60_000

/** Delivers the oldest notice that is due. 'none' when there is none. */
export async function deliverNext(deps: DeliverDeps): Promise<'delivered' | 'failed' | 'none'> {
  const outcome = await deps.postgres.tables.transaction(async (tx) => {
    const [pending] = await claimNotices(tx, deps.now(), 1)
    if (!pending) return { kind: 'none' as const }
    await lockCards(tx, pending.budgetId)
    const failure = await tell(deps, tx, pending)
    if (failure === null) await markDelivered(tx, pending.id, deps.now())
    else await postpone(deps, tx, pending, failure)
    return { kind: failure === null ? ('delivered' as const) : ('failed' as const), orgId: pending.orgId }
  })
  if (outcome.kind === 'delivered') deps.told(outcome.orgId)
  return outcome.kind
}

/** Null when it is told, or when there is nobody to tell: a budget without a channel has no card. */
async function tell(deps: DeliverDeps, tx: Queryable, pending: PendingNotice): Promise<Untold | null> {
  if (changesState(pending.notice)) await endAcknowledgement(tx, pending, pending.createdAt)
  const facts = await readCardFacts(tx, pending)
  if (!facts?.stored.channelId || !facts.stored.installationId) return null
  const { stored } = facts
  const installation = await readInstallation(tx, facts.stored.installationId)
  if (!installation) return UNINSTALLED
  const slack = await openClient(deps, installation)
  if (slack === null) return UNREADABLE
  try {
    const card = await showCard(deps, tx, slack, facts)
    await updateRequestMessages(deps, tx, slack, stored)
    const { notice } = pending
    if (card && notice.kind === 'override_requested') {
      await postRequestMessage(deps, tx, slack, { card, stored, requestId: notice.requestId })
      return null
    }
    const message = noticeMessage(notice, await subjectOf(tx, pending, stored), deps.now())
    if (!card || !message) return null
    if (isQuieted(pending.notice, message, facts, deps.now())) {
      await markQuieted(tx, pending.id, deps.now())
      return null
    }
    await sleep(deps.pacer.turn(card.channelId))
    const reply = {
      channel: card.channelId,
      thread_ts: card.messageTs,
      text: message.text,
      unfurl_links: false,
    }
    await slack.chat.postMessage(message.broadcast ? { ...reply, reply_broadcast: true } : reply)
    return null
  } catch (error) {
    const failure = slackFailureOf(error)
    if (!failure) {
      // Saved as a failure, not thrown: thrown, it would undo what Slack took, and come first again and again.
      deps.log.error({ err: error, noticeId: pending.id }, 'a notice could not be told by a mistake of ours')
      return { kind: 'mistake', reason: error instanceof Error ? error.message : String(error) }
    }
    // Once for each reason: a retry that fails as the last one did tells nobody anything new.
    if (pending.lastError !== describeFailure(failure)) await warnMaker(deps, slack, stored, failure)
    return failure
  }
}

/** The counter that the notice is about, whether or not it is among those that the card shows. */
async function subjectOf(
  tx: Queryable,
  { orgId, budgetId, periodFrom: from, counter }: PendingNotice,
  stored: StoredBudget,
): Promise<StoredBudget> {
  if (counter === stored.current.counter) return stored
  return (await readCounterIn(tx, ofBudget(orgId, budgetId), { from, counter })) ?? stored
}

async function postpone(
  deps: DeliverDeps,
  tx: Queryable,
  pending: PendingNotice,
  failure: Untold,
): Promise<void> {
  const waitMs = waitOf(failure, pending.attempts)
  const reason = failure.kind === 'mistake' ? failure.reason : describeFailure(failure)
  deps.log.warn(
    { noticeId: pending.id, budgetId: pending.budgetId, notice: pending.notice.kind, reason, waitMs },
    failure.kind !== 'mistake' && needsPerson(failure)
      ? 'a notice waits until a person invites the app to the channel, or installs it again'
      : 'a notice is told later',
  )
  await markFailed(tx, pending.id, reason, new Date(deps.now().getTime() + waitMs))
}

function waitOf(failure: Untold, attempts: number): number {
  if (failure.kind === 'mistake') return RETRY_MAX_MS
  if (failure.kind === 'rate_limited') return Math.max(failure.retryAfterMs, RETRY_MS)
  if (needsPerson(failure)) return RETRY_MAX_MS
  return Math.min(RETRY_MS * 2 ** Math.min(attempts, 10), RETRY_MAX_MS)
}

async function warnMaker(
  deps: DeliverDeps,
  slack: WebClient,
  stored: StoredBudget,
  failure: SlackFailure,
): Promise<void> {
  if (failure.kind !== 'refused' || !needsPerson(failure) || isTokenDead(failure)) return
  await tellMaker(deps, slack, stored, failure.error)
}
