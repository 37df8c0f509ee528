/** Acknowledge, and the menu of a card: adjust the budget, quiet its crossings, tell them again. */
import type { App, BlockAction, ButtonAction, OverflowAction } from '@slack/bolt'
import { quietUntil } from '../../../core/budget/quiet.ts'
import { budgetState } from '../../../core/budget/state.ts'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { acknowledgeCard, endQuiet, quietCard, readAttention } from '../../../db/postgres/card-attention.ts'
import { stateToAttend } from '../../blocks/card-attention.ts'
import { instant, name, who } from '../../blocks/text.ts'
import { ACTIONS, type CardMore, readMore } from '../../ids.ts'
import { seenBudget } from '../../seen/seen.ts'
import { answering, say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { openChange } from './budget-options.ts'
import { admitClick, type CardClick, clickOf } from './card-click.ts'

export function registerCardAttention(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.acknowledge },
    async (args) => {
      await args.ack()
      const click = clickOf(args, args.action.value)
      await answering(deps, { what: ACTIONS.acknowledge, reply: click.reply }, () => acknowledge(deps, click))
    },
  )
  app.action<BlockAction<OverflowAction>>(
    { type: 'block_actions', action_id: ACTIONS.cardMore },
    async (args) => {
      await args.ack()
      const chosen = readMore(args.action.selected_option.value ?? '')
      const click = clickOf(args, chosen?.ref)
      await answering(deps, { what: ACTIONS.cardMore, reply: click.reply }, () =>
        // Without a choice there is no reference either, and the press is turned away as one of an older card.
        chosen?.does === 'adjust' ? adjust(deps, click) : snooze(deps, click, chosen?.does ?? 'loud'),
      )
    },
  )
}

async function adjust(deps: ListenerDeps, click: CardClick): Promise<void> {
  const admitted = await admitClick(deps, click, { act: 'set_budget', anyPeriod: false })
  if (admitted) await openChange(click, admitted.stored)
}

async function acknowledge(deps: ListenerDeps, click: CardClick): Promise<void> {
  const admitted = await admitClick(deps, click, { act: 'attend', anyPeriod: false })
  if (!admitted) return
  const { stored } = admitted
  const { reach } = admitted.person
  const now = deps.now()
  const all = await seenBudget(deps.postgres.tables, reach, {
    ...{ budgetId: stored.budget.id, at: stored.current.period.from },
  })
  const state = stateToAttend(budgetState(stored, now), all.slice(1), now)
  if (state === null)
    return await click.reply(
      say(`Calls of *${name(stored.budget.title)}* pass: there is nothing to be on. Nothing changed.`),
    )
  const outcome = await acknowledgeCard(deps.postgres, { ...placeOf(stored), by: click.userId, state }, now)
  if (outcome === 'already') await click.reply(say('You are on it already. Nothing changed.'))
  if (outcome === 'card_unknown') await click.reply(say(NO_CARD))
}

async function snooze(
  deps: ListenerDeps,
  click: CardClick,
  does: Exclude<CardMore, 'adjust'>,
): Promise<void> {
  const admitted = await admitClick(deps, click, { act: 'attend', anyPeriod: false })
  if (!admitted) return
  const { stored } = admitted
  const place = placeOf(stored)
  const by = click.userId
  const now = deps.now()
  const outcome =
    does === 'loud'
      ? await endQuiet(deps.postgres, { ...place, by }, now)
      : await quietCard(
          deps.postgres,
          { ...place, by, until: quietUntil(does, stored.budget, stored.current, now) },
          now,
        )
  if (outcome === 'card_unknown') return await click.reply(say(NO_CARD))
  if (outcome === 'done') return
  const { quiet } = await readAttention(deps.postgres.tables, place)
  const said = quiet
    ? `It is quiet until ${instant(quiet.until)} already, by ${who(quiet.by)}.`
    : 'Its crossings are told in the thread.'
  await click.reply(say(`${said} Nothing changed.`))
}

const NO_CARD = 'This card is not the one of its budget any more. Nothing changed.'

const placeOf = ({ budget, current }: StoredBudget) => ({
  orgId: budget.orgId,
  budgetId: budget.id,
  periodFrom: current.period.from,
})
