/** The button and the menu below `/lens people`: each opens its form for an admin, and says why not to anybody else. */
import type { App, BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt'
import { listProjectPeople } from '../../../db/postgres/people.ts'
import { projectPeopleModal, roleModal } from '../../blocks/people-modals.ts'
import type { ModalView } from '../../blocks/text.ts'
import { ACTIONS } from '../../ids.ts'
import { seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { placeOf, type Viewer } from '../../slack/people.ts'
import { answering, replyVia, say } from '../answer.ts'
import { mayAct } from '../commands/lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

type ViewOf = (viewer: Viewer, chosen: string, placeId: string) => Promise<ModalView | null>

export function registerPeople(app: App, deps: ListenerDeps): void {
  const opens = (actionId: string, viewOf: ViewOf) =>
    app.action<BlockAction<ButtonAction | StaticSelectAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, action, body, client, context, respond }) => {
        await ack()
        const reply = replyVia(respond)
        await answering(deps, { what: actionId, reply }, async () => {
          const caller = callerOf(context)
          const viewer = await mayAct(deps, { client, userId: body.user.id, caller, reply }, 'manage_people')
          if (!viewer) return
          const chosen = 'selected_option' in action ? action.selected_option.value : ''
          const view = await viewOf(viewer, chosen, placeOf(caller))
          if (view) await client.views.open({ trigger_id: body.trigger_id, view })
          else await reply(say('This project no longer exists.'))
        })
      },
    )
  opens(ACTIONS.giveRole, async () => roleModal())
  opens(ACTIONS.showProjectPeople, async ({ reach }, chosen, placeId) => {
    const { tables } = deps.postgres
    const project = await seenProject(tables, reach, chosen)
    if (!project) return null
    const found = (await listProjectPeople(tables, reach.orgId)).get(project.id)
    return projectPeopleModal(project, found ?? { visibility: 'everyone', people: [] }, placeId)
  })
}
