/** "More options" in the budget modal, another period chosen there, and "Change" beside a budget in a list. */
import type { App, BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt'
import type { Reach } from '../../../core/people/reach.ts'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { budgetModal, changeModal } from '../../blocks/budget-modal.ts'
import type { ModalView } from '../../blocks/text.ts'
import { type FormRef, readFormRef, readUnit, type Unit } from '../../budget-form/form-ref.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from '../../ids.ts'
import { seenBudget, seenBudgets, seenProjects } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readViewer } from '../../slack/people.ts'
import { answering } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { fieldOf } from '../views/submitted.ts'
import { admitClick, type CardClick, clickOf } from './card-click.ts'

export function registerBudgetOptions(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.moreOptions },
    async ({ ack, body, client, context }) => {
      await ack()
      const { view } = body
      if (!view) return
      // A modal has nowhere to say that this failed: it stays as it is, and the button can be pressed again.
      await answering(deps, { what: ACTIONS.moreOptions, reply: async () => undefined }, async () => {
        const asker = { client, userId: body.user.id, caller: callerOf(context) }
        const { reach, timeZone } = await readViewer(deps, asker)
        const shown = fieldOf(view.state.values, FIELDS.project) || readFormRef(view.private_metadata).shown
        const ref = { ...readFormRef(view.private_metadata), shown }
        const updated = await rebuilt(deps, reach, ref, { unit: 'month', timeZone })
        if (updated) await client.views.update({ view_id: view.id, hash: view.hash, view: updated })
      })
    },
  )
  app.action<BlockAction<StaticSelectAction>>(
    { type: 'block_actions', block_id: FIELDS.period, action_id: FIELD_VALUE },
    async ({ ack, action, body, client, context }) => {
      await ack()
      const { view } = body
      const unit = readUnit(action.selected_option.value)
      if (!view || unit === null) return
      await answering(deps, { what: FIELDS.period, reply: async () => undefined }, async () => {
        const asker = { client, userId: body.user.id, caller: callerOf(context) }
        const { reach } = await readViewer(deps, asker)
        const ref = readFormRef(view.private_metadata)
        const timeZone = fieldOf(view.state.values, FIELDS.timeZone)
        const updated = await rebuilt(deps, reach, ref, { unit, timeZone })
        if (updated) await client.views.update({ view_id: view.id, hash: view.hash, view: updated })
      })
    },
  )
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.changeBudget },
    async (args) => {
      await args.ack()
      const click = clickOf(args, args.action.value)
      await answering(deps, { what: ACTIONS.changeBudget, reply: click.reply }, async () => {
        const admitted = await admitClick(deps, click, { act: 'set_budget', anyPeriod: true })
        if (!admitted) return
        await openChange(click, admitted.stored)
      })
    },
  )
}

/** The form of a budget with all its fields; whether the person may is the caller's to have checked. */
export async function openChange(click: CardClick, stored: StoredBudget): Promise<void> {
  const rule = stored.budget.periodRule
  const options =
    rule.kind === 'span'
      ? ({ unit: 'kept', timeZone: 'UTC' } as const)
      : ({ unit: rule.kind, timeZone: rule.timeZone } as const)
  await click.client.views.open({ trigger_id: click.triggerId, view: changeModal(stored, options) })
}

/** The modal with the fields of that period; null when its budget is gone, which saving says. */
async function rebuilt(
  deps: ListenerDeps,
  reach: Reach,
  { shown, budgetId }: FormRef,
  options: { readonly unit: Unit; readonly timeZone: string },
): Promise<ModalView | null> {
  const { tables } = deps.postgres
  if (budgetId !== null) {
    const [stored] = await seenBudget(tables, reach, { budgetId, at: deps.now() })
    return stored ? changeModal(stored, options) : null
  }
  const [projects, budgets] = await Promise.all([
    seenProjects(tables, reach),
    seenBudgets(tables, reach, deps.now()),
  ])
  return budgetModal({ projects, budgets, chosenProjectId: shown, options })
}
