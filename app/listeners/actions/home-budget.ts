/** "Set a budget" on App Home opens the same modal as `/lens budget`. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { sayModal } from '../../blocks/override-modal.ts'
import { ACTIONS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readViewer, refusalOf } from '../../slack/people.ts'
import { answering, type Reply, say } from '../answer.ts'
import { openBudgetModal } from '../commands/lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export function registerHomeBudget(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.homeBudget },
    async ({ ack, body, client, context }) => {
      await ack()
      const caller = callerOf(context)
      const triggerId = body.trigger_id
      // Home has no thread to answer in, so what is to be said is a modal too.
      const reply: Reply = async ({ text }) => {
        await client.views.open({ trigger_id: triggerId, view: sayModal('LensAI', text) })
      }
      await answering(deps, { what: ACTIONS.homeBudget, reply }, async () => {
        const [viewer, policy] = await Promise.all([
          readViewer(deps, { client, userId: body.user.id, caller }),
          readOverridePolicy(deps.postgres.tables, caller.orgId),
        ])
        const refusal = refusalOf(viewer, 'set_budget', policy)
        if (refusal) return await reply(say(refusal))
        await openBudgetModal(deps, { client, triggerId, reply, reach: viewer.reach })
      })
    },
  )
}
