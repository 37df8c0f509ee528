/** "Revoke" in the modal that names the key: authorised again, and only for a key of the person's own organisation. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { revokeApiKey } from '../../../db/postgres/api-key-deeds.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { keyMaker } from '../../onboarding/read-welcome.ts'
import { seenKeys } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { under } from './filled-budget.ts'
import { answerSubmission, fieldOf } from './submitted.ts'

export function registerRevokeKey(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.revokeKey, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const caller = callerOf(context)
      const by = body.user.id
      await answerSubmission(deps, { what: VIEWS.revokeKey, ack, firstField: FIELDS.key }, async () => {
        const { refusal, reach } = await keyMaker(deps, { caller, client, userId: by })
        if (refusal) return under(FIELDS.key, refusal)
        const keyId = fieldOf(view.state.values, FIELDS.key)
        const keys = await seenKeys(deps.postgres.tables, reach)
        const key = keys.find(({ id }) => id === keyId)
        if (!key) return under(FIELDS.key, 'This key no longer exists. Close this and open it again.')
        const outcome = await revokeApiKey(deps.postgres, { keyId, by, origin: 'slack' }, deps.now())
        const text =
          outcome.kind === 'already'
            ? `\`${key.prefix}…\` was revoked before; nothing was changed.`
            : `\`${key.prefix}…\` is revoked: calls to LensAI with it are refused from now on.`
        return { kind: 'say', title: 'Revoke a key', text }
      })
    },
  )
}
