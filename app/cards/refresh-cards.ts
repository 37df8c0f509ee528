/**
 * Follows the spend between crossings: updates the cards that show something old, each at most every few seconds.
 * The month that ended is looked at too, so that its card closes.
 */
import type { Logger } from 'pino'
import { monthOf } from '../../core/period.ts'
import { ofBudget } from '../../db/postgres/budget-settings.ts'
import { readBudgetsIn } from '../../db/postgres/budget-snapshots.ts'
import { type Card, listCards, lockCards } from '../../db/postgres/cards.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import type { Postgres, Queryable } from '../../db/postgres/open.ts'
import { cardMessage } from '../blocks/card.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import { openClient, type SlackOf } from '../slack/slack-of.ts'
import { type CardDeps, digest, showCard } from './show-card.ts'

export interface RefreshDeps extends CardDeps {
  readonly postgres: Postgres
  readonly slackOf: SlackOf
  readonly log: Logger
}

const EVERY_MS = 3_000
const AFTER_FAILURE_MS = 30_000

/** Returns what one look does, and whether every card then shows the newest; earlier looks are kept inside. */
export function openCardRefresher(deps: RefreshDeps): () => Promise<'all_shown' | 'some_wait'> {
  const dueAtMs = new Map<string, number>()
  return async () => {
    const { from } = monthOf(deps.now())
    const lastMonth = monthOf(new Date(from.getTime() - 1)).from
    let outcome: 'all_shown' | 'some_wait' = 'all_shown'
    for (const card of await listCards(deps.postgres.tables, lastMonth)) {
      const key = `${card.budgetId}/${card.periodFrom.getTime()}`
      const nowMs = deps.now().getTime()
      if (!(await isOutdated(deps, deps.postgres.tables, card))) continue
      if ((dueAtMs.get(key) ?? 0) > nowMs) outcome = 'some_wait'
      else dueAtMs.set(key, nowMs + (await refresh(deps, card)))
    }
    return outcome
  }
}

async function isOutdated(deps: RefreshDeps, tx: Queryable, card: Card): Promise<boolean> {
  const stored = await readStored(tx, card)
  return stored !== undefined && digest(cardMessage(stored, deps.now())) !== card.shownHash
}

/** How long to leave the card alone afterwards. */
function refresh(deps: RefreshDeps, card: Card): Promise<number> {
  return deps.postgres.tables.transaction(async (tx) => {
    await lockCards(tx, card.budgetId)
    const stored = await readStored(tx, card)
    if (!stored?.installationId || stored.channelId !== card.channelId) return EVERY_MS
    const installation = await readInstallation(tx, stored.installationId)
    if (!installation) return AFTER_FAILURE_MS
    const slack = openClient(deps, installation)
    if (slack === null) return AFTER_FAILURE_MS
    try {
      await showCard(deps, tx, slack, stored)
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

async function readStored(tx: Queryable, card: Card) {
  const [stored] = await readBudgetsIn(tx, ofBudget(card.orgId, card.budgetId), card.periodFrom)
  return stored
}
