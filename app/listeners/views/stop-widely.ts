/** "Stop now" in the modal that asks before everything is stopped: admins only, checked again at the moment of stopping. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { sees } from '../../../core/people/reach.ts'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { EVERYTHING, FIELDS, VIEWS } from '../../ids.ts'
import { seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readViewer, refusalOf } from '../../slack/people.ts'
import { stopNow } from '../../stops/wide-stop-deeds.ts'
import { EVERYTHING_IS_MORE } from '../commands/stop-widely.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

const said = (text: string): Answer => ({ kind: 'say', title: 'Stop calls', text })

export function registerStopWidely(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.stopWidely, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const caller = callerOf(context)
      await answerSubmission(deps, { what: VIEWS.stopWidely, ack, firstField: FIELDS.reach }, async () => {
        const [viewer, policy] = await Promise.all([
          readViewer(deps, { client, userId: body.user.id, caller }),
          readOverridePolicy(deps.postgres.tables, caller.orgId),
        ])
        const refusal = refusalOf(viewer, 'stop_widely', policy)
        if (refusal) return said(refusal)
        const { values } = view.state
        const reach = fieldOf(values, FIELDS.reach)
        const { orgId } = caller
        const project = await seenProject(deps.postgres.tables, viewer.reach, reach)
        if (!project && reach === EVERYTHING && !sees(viewer.reach, null)) return said(EVERYTHING_IS_MORE)
        if (!project && reach !== EVERYTHING) {
          return {
            kind: 'errors',
            errors: { [FIELDS.reach]: 'Choose everything, or a project that exists.' },
          }
        }
        const reason = fieldOf(values, FIELDS.reason).trim()
        return said(await stopNow(deps, { orgId, project: project ?? null, reason, by: body.user.id }))
      })
    },
  )
}
