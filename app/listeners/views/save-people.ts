/** "Save" in the forms of a role and of who sees a project: admins only, asked again at the moment of saving. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { NAMED_MAX } from '../../../core/people/change-people.ts'
import { VISIBILITIES } from '../../../core/people/reach.ts'
import { asGrant } from '../../../core/people/role.ts'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import { setRole, setVisibility } from '../../../db/postgres/people.ts'
import { GRANT_WORDS } from '../../blocks/people.ts'
import { NO_ROLE } from '../../blocks/people-modals.ts'
import { name, who } from '../../blocks/text.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { type Asker, placeOf, readProfile, readViewer, refusalOf, type Viewer } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { under } from './filled-budget.ts'
import { type Answer, answerSubmission, fieldOf, peopleOf } from './submitted.ts'

const said = (text: string): Answer => ({ kind: 'say', title: 'People', text })
type Values = ViewSubmitAction['view']['state']['values']

interface Saving extends Asker {
  readonly viewer: Viewer
  readonly values: Values
  readonly metadata: string
}

export function registerSavePeople(app: App, deps: ListenerDeps): void {
  const saves = (
    viewId: string,
    firstField: string,
    save: (deps: ListenerDeps, saving: Saving) => Promise<Answer>,
  ) =>
    app.view<ViewSubmitAction>(
      { callback_id: viewId, type: 'view_submission' },
      async ({ ack, body, view, client, context }) => {
        const asker = { client, userId: body.user.id, caller: callerOf(context) }
        await answerSubmission(deps, { what: viewId, ack, firstField }, async () => {
          const [viewer, policy] = await Promise.all([
            readViewer(deps, asker),
            readOverridePolicy(deps.postgres.tables, asker.caller.orgId),
          ])
          const refusal = refusalOf(viewer, 'manage_people', policy)
          if (refusal) return said(refusal)
          const { private_metadata: metadata, state } = view
          return await save(deps, { ...asker, viewer, metadata, values: state.values })
        })
      },
    )
  saves(VIEWS.role, FIELDS.person, saveRole)
  saves(VIEWS.projectPeople, FIELDS.people, saveProjectPeople)
}

async function saveRole(deps: ListenerDeps, { client, caller, viewer, values }: Saving): Promise<Answer> {
  const userId = fieldOf(values, FIELDS.person)
  const chosen = fieldOf(values, FIELDS.role)
  const role = asGrant(chosen)
  if (userId === '') return under(FIELDS.person, 'Choose a person.')
  if (role === null && chosen !== NO_ROLE) return under(FIELDS.role, 'Choose a role.')
  const { standing } = await readProfile(client, userId, caller)
  // What somebody was given may be taken back also when they have left.
  if (role !== null && (standing === 'bot' || standing === 'stranger'))
    return under(FIELDS.person, 'Only people of this workspace can have a role, and no apps.')
  const { orgId } = caller
  const by = { id: viewer.id, role: viewer.role }
  const setting = { orgId, placeId: placeOf(caller), userId, role, by, origin: 'slack' } as const
  const outcome = await setRole(deps.postgres, setting, deps.now())
  if (outcome.kind === 'refused')
    return outcome.refusal === 'own_role'
      ? under(FIELDS.person, 'Nobody raises their own role. Ask another admin.')
      : said('Only admins may change roles.')
  if (outcome.kind === 'changed') deps.home.refresh(orgId)
  if (role === null)
    return said(
      outcome.kind === 'changed'
        ? `${who(userId)} has only what the workspace gives from now on.`
        : `${who(userId)} had no role of ours; nothing was changed.`,
    )
  return said(
    outcome.kind === 'changed'
      ? `${who(userId)} from now on: ${GRANT_WORDS[role]}.`
      : `${who(userId)} had that role before; nothing was changed.`,
  )
}

async function saveProjectPeople(
  deps: ListenerDeps,
  { caller, viewer, values, metadata: projectId }: Saving,
): Promise<Answer> {
  const project = await seenProject(deps.postgres.tables, viewer.reach, projectId)
  if (!project) return said('This project no longer exists.')
  const visibility = VISIBILITIES.find((one) => one === fieldOf(values, FIELDS.visibility))
  if (visibility === undefined) return under(FIELDS.visibility, 'Choose who sees it.')
  const userIds = peopleOf(values, FIELDS.people)
  if (userIds.length > NAMED_MAX) return under(FIELDS.people, `Name at most ${NAMED_MAX} people.`)
  const { orgId } = caller
  const sight = { orgId, projectId, visibility, placeId: placeOf(caller), userIds }
  const outcome = await setVisibility(deps.postgres, { ...sight, by: viewer.id, origin: 'slack' }, deps.now())
  if (outcome === 'project_unknown') return said('This project no longer exists.')
  if (outcome === 'unchanged') return said('It was so before; nothing was changed.')
  deps.home.refresh(orgId)
  const whom = visibility === 'named' ? 'only admins and the people it names see' : 'every full member sees'
  return said(`From now on ${whom} *${name(project.name)}*.`)
}
