/**
 * Brings the card of a budget-period to what the facts are: posts it when there is none, moves it when the budget's
 * channel changed, updates it when it shows something else.
 * A new card has no picture: its words do not wait for one (`card-pictures.ts`).
 * Invariant: called under `lockCards`, and a posted card's place is saved in that transaction, so there is one card.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { type Card, readCard, savePostedCard, saveShownCard } from '../../db/postgres/cards.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { signalVerdicts } from '../../db/postgres/signals.ts'
import { type CardFacts, cardMessage, type Message, movedMessage } from '../blocks/card.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import type { ChannelPacer } from './channel-pacer.ts'

export interface CardDeps {
  readonly now: () => Date
  readonly pacer: ChannelPacer
  readonly log: Logger
}

/** The card as it now stands; null when there is nowhere to show it. Throws Slack's errors. */
export async function showCard(
  deps: CardDeps,
  tx: Queryable,
  slack: WebClient,
  facts: CardFacts,
): Promise<Card | null> {
  const { stored } = facts
  const { budget, current, channelId } = stored
  const card = await readCard(tx, budget.id, current.period.from)
  const isOver = current.period.until.getTime() <= deps.now().getTime()
  if (channelId === null || (card === null && isOver)) return card
  if (card === null) return await postCard(deps, tx, slack, facts, channelId)
  if (card.channelId !== channelId && !isOver) {
    const moved = await postCard(deps, tx, slack, facts, channelId)
    await leaveForward(deps, slack, card, movedMessage(stored, moved))
    return moved
  }
  const message = cardMessage(facts, deps.now(), card.picture)
  if (digest(message) === card.shownHash) return card
  const shown = await showAgain(deps, slack, { card, facts, message })
  if (shown !== null) {
    await saveShownCard(tx, shown, deps.now())
    return shown
  }
  if (isOver) {
    // Nobody misses the card of a period that is over; marked as shown, it is not tried again.
    await saveShownCard(tx, { ...card, shownHash: digest(message) }, deps.now())
    return null
  }
  // Someone deleted the card: a budget without one cannot be acted on, so it comes again.
  return await postCard(deps, tx, slack, facts, channelId)
}

interface Shown {
  readonly card: Card
  readonly facts: CardFacts
  readonly message: Message
}

/** Without its picture where Slack refuses that: the words come first. Null when the message is gone. */
async function showAgain(
  deps: CardDeps,
  slack: WebClient,
  { card, facts, message }: Shown,
): Promise<Card | null> {
  try {
    return (await updateCard(slack, card, message)) ? { ...card, shownHash: digest(message) } : null
  } catch (error) {
    if (card.picture === null || !isRefusedBlock(error)) throw error
    const plain = cardMessage(facts, deps.now())
    return (await updateCard(slack, card, plain))
      ? { ...card, shownHash: digest(plain), picture: null }
      : null
  }
}

export function isRefusedBlock(error: unknown): boolean {
  const failure = slackFailureOf(error)
  return failure?.kind === 'refused' && failure.error === 'invalid_blocks'
}

export const digest = (message: Message): string =>
  createHash('sha256').update(JSON.stringify(message)).digest('hex')

async function postCard(
  { now, pacer, log }: CardDeps,
  tx: Queryable,
  slack: WebClient,
  facts: CardFacts,
  channelId: string,
): Promise<Card> {
  const { stored } = facts
  const message = cardMessage(facts, now())
  await sleep(pacer.turn(channelId))
  const posted = await slack.chat.postMessage({ channel: channelId, ...message, unfurl_links: false })
  if (!posted.ts) throw new Error('Slack took a card and named no ts')
  const { budget, current } = stored
  const card: Card = {
    orgId: budget.orgId,
    budgetId: budget.id,
    periodFrom: current.period.from,
    channelId,
    messageTs: posted.ts,
    permalink: await permalinkOf(slack, channelId, posted.ts, log),
    shownHash: digest(message),
    picture: null,
  }
  await savePostedCard(tx, card, now())
  // The SDKs' verdicts name the card as the place where a stop is lifted.
  await signalVerdicts(tx, [budget.scope.projectId ?? budget.orgId])
  log.info({ budgetId: budget.id, channelId, ts: posted.ts }, 'posted the card of a budget')
  return card
}

/** The card is posted by now: a failure here must not make it be posted again. */
async function permalinkOf(
  slack: WebClient,
  channel: string,
  ts: string,
  log: Logger,
): Promise<string | null> {
  try {
    return (await slack.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null
  } catch (error) {
    const failure = slackFailureOf(error)
    if (!failure) throw error
    log.warn({ channel, reason: describeFailure(failure) }, 'could not read the permalink of a card')
    return null
  }
}

/** False when the message is gone. */
export async function updateCard(slack: WebClient, card: Card, message: Message): Promise<boolean> {
  try {
    await slack.chat.update({ channel: card.channelId, ts: card.messageTs, ...message })
    return true
  } catch (error) {
    const failure = slackFailureOf(error)
    if (failure?.kind === 'refused' && failure.error === 'message_not_found') return false
    throw error
  }
}

/** The old card is a courtesy: the app may have been removed from that channel, which must not hold up the new one. */
async function leaveForward(deps: CardDeps, slack: WebClient, old: Card, message: Message): Promise<void> {
  try {
    await updateCard(slack, old, message)
  } catch (error) {
    const failure = slackFailureOf(error)
    if (!failure) throw error
    deps.log.warn(
      { channel: old.channelId, reason: describeFailure(failure) },
      'the old card stays as it was',
    )
  }
}
