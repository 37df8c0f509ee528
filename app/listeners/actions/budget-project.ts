/** Another project chosen in the budget modal: the modal shows that project's limit and channel. */
import type { App, BlockAction, StaticSelectAction } from '@slack/bolt'
import { budgetModal } from '../../blocks/budget-modal.ts'
import { FIELD_VALUE, FIELDS } from '../../ids.ts'
import { seenBudgets, seenProjects } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readViewer } from '../../slack/people.ts'
import { answering } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export function registerBudgetProject(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<StaticSelectAction>>(
    { type: 'block_actions', block_id: FIELDS.project, action_id: FIELD_VALUE },
    async ({ ack, action, body, client, context }) => {
      await ack()
      const { view } = body
      if (!view) return
      const asker = { client, userId: body.user.id, caller: callerOf(context) }
      // A modal has nowhere to say that this failed: it keeps the other project's fields, and saving checks again.
      await answering(deps, { what: 'budget_project', reply: async () => undefined }, async () => {
        const { reach } = await readViewer(deps, asker)
        const [projects, budgets] = await Promise.all([
          seenProjects(deps.postgres.tables, reach),
          seenBudgets(deps.postgres.tables, reach, deps.now()),
        ])
        const chosenProjectId = action.selected_option.value
        await client.views.update({
          view_id: view.id,
          hash: view.hash,
          view: budgetModal({ projects, budgets, chosenProjectId }),
        })
      })
    },
  )
}
