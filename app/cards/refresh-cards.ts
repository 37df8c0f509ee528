/**
 * Follows the spend between crossings: updates the cards that show something old, each at most every few seconds.
 * The period that ended last is looked at too, so that its card closes.
 */
import type { Logger } from 'pino'
import { type Card, listNewestCards, lockCards } from '../../db/postgres/cards.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import type { Postgres, Queryable } from '../../db/postgres/open.ts'
import { type CardFacts, cardMessage } from '../blocks/card.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import { openClient, type SlackOf } from '../slack/slack-of.ts'
import type { CardPictures } from './card-pictures.ts'
import { readCardFacts, readSurroundings, type Surroundings } from './read-card-facts.ts'
import { type CardDeps, digest, showCard } from './show-card.ts'

export interface RefreshDeps extends CardDeps {
  readonly postgres: Postgres
  readonly slackOf: SlackOf
  readonly log: Logger
  readonly pictures: CardPictures
}

const EVERY_MS = 3_000
const AFTER_FAILURE_MS = 30_000

/** Returns what one look does, and whether every card then shows the newest; earlier looks are kept inside. */
export function openCardRefresher(deps: RefreshDeps): () => Promise<'all_shown' | 'some_wait'> {
  const dueAtMs = new Map<string, number>()
  return async () => {
    let outcome: 'all_shown' | 'some_wait' = 'all_shown'
    const around = new Map<string, Surroundings>()
    for (const card of await listNewestCards(deps.postgres.tables)) {
      const key = `${card.budgetId}/${card.periodFrom.getTime()}`
      const nowMs = deps.now().getTime()
      const shared = around.get(card.orgId) ?? (await readSurroundings(deps.postgres.tables, card.orgId))
      around.set(card.orgId, shared)
      const facts = await readFacts(deps.postgres.tables, card, shared)
      if (facts === null) continue
      if (digest(cardMessage(facts, deps.now(), card.picture)) !== card.shownHash) {
        if ((dueAtMs.get(key) ?? 0) > nowMs) {
          outcome = 'some_wait'
          continue
        }
        dueAtMs.set(key, nowMs + (await refresh(deps, card)))
      }
      deps.pictures.consider(card, facts)
    }
    return outcome
  }
}

/** How long to leave the card alone afterwards. */
function refresh(deps: RefreshDeps, card: Card): Promise<number> {
  return deps.postgres.tables.transaction(async (tx) => {
    await lockCards(tx, card.budgetId)
    const facts = await readFacts(tx, card)
    if (!facts?.stored.installationId || facts.stored.channelId !== card.channelId) return EVERY_MS
    const { installationId } = facts.stored
    const installation = await readInstallation(tx, installationId)
    if (!installation) return AFTER_FAILURE_MS
    const slack = await openClient(deps, installation)
    if (slack === null) return AFTER_FAILURE_MS
    try {
      await showCard(deps, tx, slack, facts)
      return EVERY_MS
    } catch (error) {
      const failure = slackFailureOf(error)
      if (!failure) throw error
      deps.log.warn(
        { budgetId: card.budgetId, reason: describeFailure(failure) },
        'a card could not be updated',
      )
      return failure.kind === 'rate_limited' ? failure.retryAfterMs : AFTER_FAILURE_MS
    }
  })
}

/** Null too for a card of periods that the budget's rule no longer has: it stays as it was. */
async function readFacts(tx: Queryable, card: Card, around?: Surroundings): Promise<CardFacts | null> {
  const facts = await readCardFacts(tx, card, around)
  return facts?.stored.current.period.from.getTime() === card.periodFrom.getTime() ? facts : null
}
