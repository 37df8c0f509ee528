/** The buttons of the beginning, in App Home and in the installer's message: each opens a form, or says why not. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { proposeBudget } from '../../../core/onboarding.ts'
import { readOnboarding } from '../../../db/postgres/onboarding-steps.ts'
import { budgetModal } from '../../blocks/budget-modal.ts'
import { sayModal } from '../../blocks/override-modal.ts'
import { revokeModal } from '../../blocks/revoke-modal.ts'
import type { ModalView } from '../../blocks/text.ts'
import { nameProjectModal, newKeyModal } from '../../blocks/welcome-modals.ts'
import { ACTIONS } from '../../ids.ts'
import { keyMaker } from '../../onboarding/read-welcome.ts'
import { seenBudgets, seenKeys, seenProjects } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import type { Asker } from '../../slack/people.ts'
import { answering, type Reply } from '../answer.ts'
import { mayAct } from '../commands/lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

type ViewOf = (asker: Asker & { readonly value: string; readonly reply: Reply }) => Promise<ModalView | null>

export function registerBegin(app: App, deps: ListenerDeps): void {
  const { tables } = deps.postgres
  const opens = (actionId: string, viewOf: ViewOf) =>
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, action, body, client, context }) => {
        await ack()
        const trigger_id = body.trigger_id
        // Neither Home nor a direct message has a place for an answer, so what is to be said is a modal too.
        const reply: Reply = async ({ text }) => {
          await client.views.open({ trigger_id, view: sayModal('LensAI', text) })
        }
        await answering(deps, { what: actionId, reply }, async () => {
          const asker = { caller: callerOf(context), client, userId: body.user.id }
          const view = await viewOf({ ...asker, value: action.value ?? '', reply })
          if (view) await client.views.open({ trigger_id, view })
        })
      },
    )

  opens(ACTIONS.nameProject, async (asker) => {
    const { refusal, reach } = await keyMaker(deps, asker)
    if (refusal) return sayModal('Projects', refusal)
    return nameProjectModal((await seenProjects(tables, reach)).length === 0)
  })
  opens(ACTIONS.newKey, async (asker) => {
    const { refusal, reach } = await keyMaker(deps, asker)
    if (refusal) return sayModal('API keys', refusal)
    const projects = await seenProjects(tables, reach)
    return projects.length === 0 ? nameProjectModal(true) : newKeyModal(projects)
  })
  opens(ACTIONS.revokeKey, async (asker) => {
    const { refusal, reach } = await keyMaker(deps, asker)
    if (refusal) return sayModal('API keys', refusal)
    return revokeModal(await seenKeys(tables, reach), deps.now())
  })
  opens(ACTIONS.proposedBudget, async (asker) => {
    const viewer = await mayAct(deps, asker, 'set_budget')
    if (!viewer) return null
    const { orgId } = asker.caller
    const [projects, budgets, { firstHour }] = await Promise.all([
      seenProjects(tables, viewer.reach),
      seenBudgets(tables, viewer.reach, deps.now()),
      readOnboarding(tables, orgId),
    ])
    const project = projects.find(({ id }) => id === asker.value)
    if (!project) return sayModal('Budget', 'This project no longer exists.')
    // Worked out here again: what a button carries is what somebody else may send.
    const proposed = firstHour === null ? null : (proposeBudget(firstHour)?.limit ?? null)
    return budgetModal({ projects, budgets, chosenProjectId: project.id, proposed })
  })
}
