/** The buttons of a card: Override, Stop now, Resume, Show drivers. */
import type { App, BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt'
import { mayGrantAlone } from '../../../core/budget/override-policy.ts'
import { listWaiting } from '../../../db/postgres/request-messages.ts'
import { resumeBudget, type StopOutcome, stopBudget } from '../../../db/postgres/stop-budget.ts'
import { driversMessage } from '../../blocks/drivers.ts'
import { overrideModal } from '../../blocks/override-modal.ts'
import { instant, name, who } from '../../blocks/text.ts'
import { ACTIONS } from '../../ids.ts'
import { pendingWords } from '../../override-form/asked-words.ts'
import { approverOf } from '../../slack/people.ts'
import { readDrivers } from '../../spend/read-drivers.ts'
import { answering, say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { admitClick, type CardClick, clickOf } from './card-click.ts'

type OnClick = (deps: ListenerDeps, click: CardClick) => Promise<void>

export function registerCardButtons(app: App, deps: ListenerDeps): void {
  const onButton = (actionId: string, onClick: OnClick) =>
    app.action<BlockAction<ButtonAction>>({ type: 'block_actions', action_id: actionId }, async (args) => {
      await args.ack()
      const click = clickOf(args, args.action.value)
      await answering(deps, { what: actionId, reply: click.reply }, () => onClick(deps, click))
    })
  const onMenu = (actionId: string, onClick: OnClick) =>
    app.action<BlockAction<StaticSelectAction>>(
      { type: 'block_actions', action_id: actionId },
      async (args) => {
        await args.ack()
        const click = clickOf(args, args.action.selected_option.value)
        await answering(deps, { what: actionId, reply: click.reply }, () => onClick(deps, click))
      },
    )
  onButton(ACTIONS.override, openOverride)
  onMenu(ACTIONS.overrideCounter, openOverride)
  onButton(ACTIONS.stop, stop)
  onButton(ACTIONS.resume, resume)
  onButton(ACTIONS.drivers, showDrivers)
}

/** Whoever may not let calls pass alone asks for it, in the same form. */
const openOverride: OnClick = async (deps, click) => {
  const admitted = await admitClick(deps, click, { act: 'ask', anyPeriod: false })
  if (!admitted) return
  const { person, stored, policy: terms } = admitted
  const { manualStop } = stored.budget
  if (manualStop) {
    await click.reply(
      say(
        `${who(manualStop.by)} stopped this budget, ${instant(manualStop.at)}. Press *Resume* on its card instead.`,
      ),
    )
    return
  }
  const form = mayGrantAlone(terms, approverOf(person)) ? 'grant' : 'ask'
  if (form === 'ask') {
    const { budget, current } = stored
    const pending = (await listWaiting(deps.postgres.tables, budget.orgId)).find(
      ({ budgetId, counter, expiresAt }) =>
        budgetId === budget.id && counter === current.counter && expiresAt > deps.now(),
    )
    if (pending) return await click.reply(say(pendingWords(pending)))
  }
  const modal = { form, terms, userId: click.userId, entered: null } as const
  const view = overrideModal(stored, modal, deps.now())
  await click.client.views.open({ trigger_id: click.triggerId, view })
}

const stop: OnClick = async (deps, click) => {
  const admitted = await admitClick(deps, click, { act: 'stop', anyPeriod: false })
  if (!admitted) return
  const { budget } = admitted.stored
  const outcome = await stopBudget(
    deps.postgres,
    { orgId: budget.orgId, budgetId: budget.id, by: click.userId },
    deps.now(),
  )
  const { manualStop } = budget
  const already = manualStop
    ? `Already stopped by ${who(manualStop.by)}, ${instant(manualStop.at)}. Nothing changed.`
    : 'Someone stopped it a moment before you. Nothing changed.'
  await replyToOutcome(click, outcome, already)
}

const resume: OnClick = async (deps, click) => {
  const admitted = await admitClick(deps, click, { act: 'lift', anyPeriod: false })
  if (!admitted) return
  const { budget } = admitted.stored
  const outcome = await resumeBudget(
    deps.postgres,
    { orgId: budget.orgId, budgetId: budget.id, by: click.userId },
    deps.now(),
  )
  await replyToOutcome(
    click,
    outcome,
    `*${name(budget.title)}* is not stopped by a person any more. Nothing changed.`,
  )
}

/** A deed that was done shows on the card and in its thread; only one that was not is answered here. */
async function replyToOutcome(click: CardClick, outcome: StopOutcome, already: string): Promise<void> {
  if (outcome === 'already') await click.reply(say(already))
  if (outcome === 'budget_unknown') await click.reply(say('This budget no longer exists.'))
}

const showDrivers: OnClick = async (deps, click) => {
  const admitted = await admitClick(deps, click, { act: 'look', anyPeriod: true })
  if (!admitted) return
  await click.reply(driversMessage(admitted.stored, await readDrivers(deps, admitted.stored)))
}
