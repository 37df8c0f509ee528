/** The menus of Home: shows it anew for what was chosen, which the view then carries. */
import type { App, BlockAction, StaticSelectAction } from '@slack/bolt'
import { asRange, type HomeChoice, readChoice } from '../../home/choice.ts'
import { ACTIONS, EVERYTHING } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import type { ListenerDeps } from '../listener-deps.ts'

type Change = (choice: HomeChoice, value: string) => HomeChoice

const CHANGES: readonly (readonly [string, Change])[] = [
  [ACTIONS.homeProject, (choice, value) => ({ ...choice, projectId: value === EVERYTHING ? null : value })],
  [ACTIONS.homeRange, (choice, value) => ({ ...choice, range: asRange(value) ?? choice.range })],
]

export function registerHomeChoose(app: App, deps: ListenerDeps): void {
  for (const [actionId, change] of CHANGES) {
    app.action<BlockAction<StaticSelectAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, action, body, client, context }) => {
        await ack()
        const choice = change(readChoice(body.view?.private_metadata), action.selected_option.value)
        try {
          await deps.home.publish({ client, caller: callerOf(context), userId: body.user.id, choice })
        } catch (error) {
          deps.log.error({ err: error }, 'App Home was not published for what was chosen')
        }
      },
    )
  }
}
