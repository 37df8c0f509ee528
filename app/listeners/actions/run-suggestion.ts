/** "Run it" below a word that was not understood: the suggestion, as if this person had typed it. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { ACTIONS, COMMAND } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { replyVia } from '../answer.ts'
import { runLens } from '../commands/lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export function registerRunSuggestion(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.runSuggestion },
    async ({ ack, action, body, client, context, respond }) => {
      await ack()
      const text = (action.value ?? '').slice(COMMAND.length)
      const caller = callerOf(context)
      const { trigger_id: triggerId } = body
      await runLens(
        deps,
        { caller, client, userId: body.user.id, triggerId, reply: replyVia(respond), respond },
        text,
      )
    },
  )
}
