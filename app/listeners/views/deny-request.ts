/** "Deny" and "Take back" with their reason: authorised again, and answered in the modal where they changed nothing. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { decideOverrideRequest, findRequest } from '../../../db/postgres/override-requests.ts'
import { endedWords, GONE_WORDS, undecidedWords } from '../../blocks/decision-words.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { admitRequest } from '../actions/request-click.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

const closed = (text: string): Answer => ({ kind: 'say', title: 'Request', text })

export function registerDenyRequest(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.denyRequest, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const caller = callerOf(context)
      await answerSubmission(deps, { what: VIEWS.denyRequest, ack, firstField: FIELDS.reason }, async () => {
        const press = { caller, client, userId: body.user.id, requestId: view.private_metadata }
        const admitted = await admitRequest(deps, press)
        if (admitted.kind === 'turned_away') return closed(admitted.why)
        const { by, terms, request } = admitted
        const decision = { kind: 'deny', by, reason: fieldOf(view.state.values, FIELDS.reason) } as const
        const deciding = { orgId: caller.orgId, requestId: request.id, decision, origin: 'slack' } as const
        const outcome = await decideOverrideRequest(deps.postgres, deciding, deps.now())
        switch (outcome.kind) {
          case 'denied':
          case 'already':
            return { kind: 'close' }
          case 'request_unknown':
            return closed(GONE_WORDS)
          case 'granted':
          case 'expired':
            return closed(endedWords(outcome.request))
          default: {
            const { refusal } = outcome
            const standing = await findRequest(deps.postgres.tables, caller.orgId, request.id)
            const why = undecidedWords(refusal, standing ?? request, terms)
            return refusal === 'reason_missing'
              ? { kind: 'errors', errors: { [FIELDS.reason]: why } }
              : closed(why)
          }
        }
      })
    },
  )
}
