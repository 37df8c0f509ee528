/** "Resume" on the red line of a stop: in Home, and in what `/lens resume` and `/lens budgets` answer. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { sees } from '../../../core/people/reach.ts'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { sayModal } from '../../blocks/override-modal.ts'
import { ACTIONS, EVERYTHING } from '../../ids.ts'
import { seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readViewer, refusalOf } from '../../slack/people.ts'
import { resumeNow } from '../../stops/wide-stop-deeds.ts'
import { answering, type Reply, replyVia, say } from '../answer.ts'
import { EVERYTHING_IS_MORE } from '../commands/stop-widely.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export function registerResumeWidely(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.resumeWidely },
    async ({ ack, action, body, client, context, respond }) => {
      await ack()
      const caller = callerOf(context)
      const { orgId } = caller
      // Home has no thread to answer in, so what is to be said there is a modal.
      const inModal: Reply = async ({ text }) => {
        await client.views.open({ trigger_id: body.trigger_id, view: sayModal('Resume calls', text) })
      }
      const reply = body.view ? inModal : replyVia(respond)
      await answering(deps, { what: ACTIONS.resumeWidely, reply }, async () => {
        const [viewer, policy] = await Promise.all([
          readViewer(deps, { client, userId: body.user.id, caller }),
          readOverridePolicy(deps.postgres.tables, orgId),
        ])
        const refusal = refusalOf(viewer, 'stop_widely', policy)
        if (refusal) return await reply(say(refusal))
        const wanted = action.value ?? ''
        const project = await seenProject(deps.postgres.tables, viewer.reach, wanted)
        if (!project && wanted === EVERYTHING && !sees(viewer.reach, null))
          return await reply(say(EVERYTHING_IS_MORE))
        if (!project && wanted !== EVERYTHING) return await reply(say('This project no longer exists.'))
        await reply(say(await resumeNow(deps, { orgId, project: project ?? null, by: body.user.id })))
      })
    },
  )
}
