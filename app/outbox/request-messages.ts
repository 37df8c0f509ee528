/**
 * Requests for overrides in the thread of their card: posted with their buttons, and locked once they are decided.
 * Invariant: where a message stands and what it shows is saved in the transaction that tells it, so that an update that
 * fails comes again with the notice of the decision, and one that was made does not.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Card } from '../../db/postgres/cards.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { findRequest } from '../../db/postgres/override-requests.ts'
import { readOverrideTerms } from '../../db/postgres/overrides.ts'
import {
  listOutdatedMessages,
  type OutdatedMessage,
  savePostedRequest,
  saveShownRequest,
} from '../../db/postgres/request-messages.ts'
import type { Message } from '../blocks/card.ts'
import { requestMessage } from '../blocks/request-message.ts'
import type { CardDeps } from '../cards/show-card.ts'
import { describeFailure, type SlackFailure, slackFailureOf } from '../slack/slack-failure.ts'

/** A request that was decided before it could be told is posted as it ended. Throws Slack's errors. */
export async function postRequestMessage(
  { pacer, log }: CardDeps,
  tx: Queryable,
  slack: WebClient,
  {
    card,
    stored,
    requestId,
  }: { readonly card: Card; readonly stored: StoredBudget; readonly requestId: string },
): Promise<void> {
  const request = await findRequest(tx, stored.budget.orgId, requestId)
  if (!request) {
    log.warn({ requestId }, 'there is no such request to tell of')
    return
  }
  const message = requestMessage(request, stored, await readOverrideTerms(tx, stored))
  await sleep(pacer.turn(card.channelId))
  const place = { channel: card.channelId, thread_ts: card.messageTs }
  const posted = await slack.chat.postMessage({ ...place, ...message, unfurl_links: false })
  if (!posted.ts) throw new Error('Slack took a request and named no ts')
  const at = { channelId: card.channelId, messageTs: posted.ts }
  await savePostedRequest(tx, requestId, at, request.state.kind)
}

/** Brings the messages of a budget's requests to what became of them. Throws Slack's errors. */
export async function updateRequestMessages(
  deps: CardDeps,
  tx: Queryable,
  slack: WebClient,
  stored: StoredBudget,
): Promise<void> {
  const outdated = await listOutdatedMessages(tx, stored.budget.id)
  if (outdated.length === 0) return
  const terms = await readOverrideTerms(tx, stored)
  for (const one of outdated) {
    const message = requestMessage(one.request, stored, terms)
    await update(deps, slack, { ...one, message, isElsewhere: one.channelId !== stored.channelId })
    await saveShownRequest(tx, one.request.id, one.request.state.kind)
  }
}

interface Updating extends OutdatedMessage {
  readonly message: Message
  readonly isElsewhere: boolean
}

async function update(
  { log }: CardDeps,
  slack: WebClient,
  { request, channelId, messageTs, message, isElsewhere }: Updating,
): Promise<void> {
  try {
    await slack.chat.update({ channel: channelId, ts: messageTs, ...message })
  } catch (error) {
    const failure = slackFailureOf(error)
    if (!failure || !isBeyondHelp(failure, isElsewhere)) throw error
    log.warn(
      { requestId: request.id, channelId, reason: describeFailure(failure) },
      'the message of a request stays as it was',
    )
  }
}

const MESSAGE_GONE = ['message_not_found', 'cant_update_message', 'edit_window_closed']

/** In a channel that the budget has left, the app may be gone for good: that must not hold up what is to be told. */
const isBeyondHelp = (failure: SlackFailure, isElsewhere: boolean): boolean =>
  failure.kind === 'refused' && (isElsewhere || MESSAGE_GONE.includes(failure.error))
