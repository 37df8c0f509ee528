/** "Set a budget", from anywhere in Slack: the modal of `/lens budget`. */
import type { App, GlobalShortcut } from '@slack/bolt'
import { sayModal } from '../../blocks/override-modal.ts'
import { SHORTCUTS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { answering, type Reply } from '../answer.ts'
import { mayAct, openBudgetModal } from '../commands/lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export function registerSetBudget(app: App, deps: ListenerDeps): void {
  app.shortcut<GlobalShortcut>(
    { type: 'shortcut', callback_id: SHORTCUTS.budget },
    async ({ ack, shortcut, client, context }) => {
      await ack()
      const { trigger_id: triggerId, user } = shortcut
      // There is no conversation to answer in, so what is to be said is a modal too.
      const reply: Reply = async ({ text }) => {
        await client.views.open({ trigger_id: triggerId, view: sayModal('LensAI', text) })
      }
      await answering(deps, { what: SHORTCUTS.budget, reply }, async () => {
        const asker = { caller: callerOf(context), client, userId: user.id, reply }
        const viewer = await mayAct(deps, asker, 'set_budget')
        if (viewer) await openBudgetModal(deps, { ...asker, triggerId, reach: viewer.reach })
      })
    },
  )
}
