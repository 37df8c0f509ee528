/** "Resume" on the red line of a stop: in Home, and in what `/lens resume` and `/lens budgets` answer. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { listProjects } from '../../../db/postgres/projects.ts'
import { sayModal } from '../../blocks/override-modal.ts'
import { ACTIONS, EVERYTHING } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readPerson, refusalOf } from '../../slack/people.ts'
import { resumeNow } from '../../stops/wide-stop-deeds.ts'
import { answering, type Reply, replyVia, say } from '../answer.ts'
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
        const [person, policy] = await Promise.all([
          readPerson(client, body.user.id, caller),
          readOverridePolicy(deps.postgres.tables, orgId),
        ])
        const refusal = refusalOf(person, 'stop_widely', policy)
        if (refusal) return await reply(say(refusal))
        const reach = action.value
        const project = (await listProjects(deps.postgres.tables, orgId)).find(({ id }) => id === reach)
        if (!project && reach !== EVERYTHING) return await reply(say('This project no longer exists.'))
        await reply(say(await resumeNow(deps, { orgId, project: project ?? null, by: body.user.id })))
      })
    },
  )
}
