/** "Save" in the budget modal. A card needs a channel that the app is in, so that is found out before anything is saved. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { parseUsd, zeroUsd } from '../../../core/money.ts'
import { sees } from '../../../core/people/reach.ts'
import { budgetField } from '../../blocks/budget-modal.ts'
import { readFormRef } from '../../budget-form/form-ref.ts'
import { EVERYTHING, FIELDS, VIEWS } from '../../ids.ts'
import { seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { readRights } from './budget-rights.ts'
import { type Filled, MORE_THAN_SEEN, refused, under } from './filled-budget.ts'
import { saveOptions } from './save-budget-options.ts'
import { saveWhole } from './save-whole-budget.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

export function registerSaveBudget(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.budget, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const { values } = view.state
      const ref = readFormRef(view.private_metadata)
      // The fields are those of the project that the modal showed, which a failed update may have left behind.
      const limitField = budgetField(FIELDS.limit, ref.shown)
      const channelField = budgetField(FIELDS.channel, ref.shown)
      await answerSubmission(deps, { what: VIEWS.budget, ack, firstField: limitField }, async () => {
        const limit = parseUsd(fieldOf(values, limitField))
        if (limit === null || limit <= zeroUsd) {
          return under(limitField, 'Enter an amount above zero in USD, such as 250 or 1,250.50.')
        }
        const asker = { caller: callerOf(context), client, userId: body.user.id }
        const rights = await readRights(deps, asker)
        if (rights.refusal) return under(limitField, rights.refusal)
        const channelId = fieldOf(values, channelField)
        const field = (name: string) => fieldOf(values, name)
        const { reach } = rights
        const filled = { ...asker, reach, ref, field, limit, limitField, channelId, channelField }
        return await save(deps, { ...filled, mayRaise: rights.mayRaise })
      })
    },
  )
}

async function save(deps: ListenerDeps, filled: Omit<Filled, 'project'>): Promise<Answer> {
  const { ref, reach } = filled
  if (ref.budgetId !== null) return await saveOptions(deps, { ...filled, project: null })
  const chosen = filled.field(FIELDS.project)
  const project = (await seenProject(deps.postgres.tables, reach, chosen)) ?? null
  if (project === null && chosen !== EVERYTHING) return refused(filled, 'project_unknown')
  if (project === null && !sees(reach, null)) return under(FIELDS.project, MORE_THAN_SEEN)
  return ref.unit === null
    ? await saveWhole(deps, { ...filled, project })
    : await saveOptions(deps, { ...filled, project })
}
