/**
 * Gives cards their charts, beside the loop that speaks: a chart is drawn, and its card updated once more, after the
 * words are where they belong. One at a time; one that fails is left out, and tried again minutes later.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import { utcDay } from '../../core/period.ts'
import { type Card, lockCards, readCard, saveShownCard } from '../../db/postgres/cards.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import { type CardFacts, cardMessage } from '../blocks/card.ts'
import { cardChangeWords } from '../blocks/card-change.ts'
import { budgetChart } from '../charts/budget-chart.ts'
import type { Chart } from '../charts/chart.ts'
import { chartUrl, signChartLink } from '../charts/chart-link.ts'
import { cardChartName } from '../charts/linked-charts.ts'
import { readBudgetChart } from '../charts/read-budget-chart.ts'
import { drawChart } from '../charts/render.ts'
import { uploadChart } from '../charts/share-chart.ts'
import type { AppDeps } from '../deps.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import { openClient, type SlackOf } from '../slack/slack-of.ts'
import { isPictureDue, type PicturePlan, picturePlan } from './picture-plan.ts'
import { readCardChange } from './read-card-change.ts'
import { readCardFacts } from './read-card-facts.ts'
import { digest, isRefusedBlock, updateCard } from './show-card.ts'

export interface CardPictures {
  /** Begins to make a new picture where one is due; waits for nothing. */
  consider(card: Card, facts: CardFacts): void
  /** Finishes the one that it is at. */
  stop(): Promise<void>
}

export type PictureDeps = AppDeps & { readonly slackOf: SlackOf }

interface Wanted {
  readonly card: Card
  readonly facts: CardFacts
  readonly plan: PicturePlan
}

const AFTER_FAILURE_MS = 5 * 60_000
/** Slack refuses a picture that it still processes. */
const TRY_FILE_AFTER_MS = [700, 1_500, 3_000]

export function openCardPictures(deps: PictureDeps): CardPictures {
  const kind = deps.publicAppUrl === null ? 'file' : 'link'
  const waiting = new Set<string>()
  const notBeforeMs = new Map<string, number>()
  let isStopped = false
  let last: Promise<void> = Promise.resolve()

  const make = async (key: string, wanted: Wanted): Promise<void> => {
    if (isStopped) return
    try {
      await renew(deps, wanted)
      notBeforeMs.delete(key)
    } catch (error) {
      notBeforeMs.set(key, deps.now().getTime() + AFTER_FAILURE_MS)
      const failure = slackFailureOf(error)
      const reason = failure ? { reason: describeFailure(failure) } : { err: error }
      deps.log.warn({ budgetId: wanted.card.budgetId, ...reason }, 'a card has no new chart')
    }
  }

  return {
    consider(card, facts) {
      const key = `${card.budgetId}/${card.periodFrom.getTime()}`
      const now = deps.now()
      const plan = picturePlan(facts, now)
      if (isStopped || plan === null || waiting.has(key)) return
      if ((notBeforeMs.get(key) ?? 0) > now.getTime()) return
      if (!isPictureDue(card.picture, plan, { kind, now })) return
      waiting.add(key)
      last = last.then(() => make(key, { card, facts, plan })).finally(() => waiting.delete(key))
    },
    stop: async () => {
      isStopped = true
      await last
    },
  }
}

async function renew(deps: PictureDeps, { card, facts, plan }: Wanted): Promise<void> {
  const { installationId, channelId } = facts.stored
  const installation =
    installationId === null ? null : await readInstallation(deps.postgres.tables, installationId)
  if (!installation || channelId !== card.channelId) return
  const slack = await openClient(deps, installation)
  if (slack === null) return
  const at = deps.now()
  const [drawn, change] = await Promise.all([
    readBudgetChart(deps, facts.stored, facts.forecast),
    readCardChange(deps, facts.stored),
  ])
  const chart = budgetChart(drawn)
  const below = cardChangeWords(facts.stored, change)
  const source = await sourceOf(deps, slack, { card, chart, at })
  const picture = { ...plan, shownAt: at.toISOString(), altText: chart.altText, below, source }
  for (const waitMs of source.kind === 'link' ? [] : TRY_FILE_AFTER_MS) {
    await sleep(waitMs)
    try {
      return await show(deps, slack, card, picture)
    } catch (error) {
      if (!isRefusedBlock(error)) throw error
    }
  }
  await show(deps, slack, card, picture)
}

async function sourceOf(
  { keyring, publicAppUrl }: PictureDeps,
  slack: WebClient,
  { card, chart, at }: { readonly card: Card; readonly chart: Chart; readonly at: Date },
): Promise<StoredPicture['source']> {
  if (publicAppUrl !== null) {
    const linked = { orgId: card.orgId, chart: cardChartName(card, at) }
    return { kind: 'link', url: chartUrl(publicAppUrl, signChartLink(linked, keyring, at)) }
  }
  const { png } = await drawChart(chart)
  const file = { png, filename: `budget-${utcDay(at)}.png`, title: chart.finding, altText: chart.altText }
  // Slack shows a file only where it is shared, and the thread of the card is the quietest place there.
  const place = { channelId: card.channelId, threadTs: card.messageTs }
  return { kind: 'file', id: await uploadChart(slack, place, file) }
}

/** With the words of this moment, under the lock that all who show cards take; not where the card moved meanwhile. */
function show(deps: PictureDeps, slack: WebClient, { messageTs, ...of }: Card, picture: StoredPicture) {
  return deps.postgres.tables.transaction(async (tx) => {
    await lockCards(tx, of.budgetId)
    const facts = await readCardFacts(tx, of)
    const card = await readCard(tx, of.budgetId, of.periodFrom)
    if (facts === null || card?.messageTs !== messageTs) return
    const message = cardMessage(facts, deps.now(), picture)
    if (!(await updateCard(slack, card, message))) return
    await saveShownCard(tx, { ...card, picture, shownHash: digest(message) }, deps.now())
  })
}
