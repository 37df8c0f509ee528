/** `/lens people`: one's own role, and who has which; for admins the way to change them. `/lens people PROJECT` opens it. */
import { rightOf } from '../../../core/people/rights.ts'
import { listProjectPeople, listRoleGrants } from '../../../db/postgres/people.ts'
import { unknownMessage } from '../../blocks/help.ts'
import { withPartial } from '../../blocks/partial.ts'
import { peopleMessage } from '../../blocks/people.ts'
import { projectPeopleModal } from '../../blocks/people-modals.ts'
import { COMMAND } from '../../ids.ts'
import { seenProjects } from '../../seen/seen.ts'
import { placeOf, type Viewer } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Asked, mayAct } from './lens.ts'
import { nearest } from './nearest.ts'
import { cut, unquoted } from './words.ts'

export async function answerPeople(
  deps: ListenerDeps,
  asked: Asked,
  { rest, viewer }: { readonly rest: string; readonly viewer: Viewer },
): Promise<void> {
  const { tables } = deps.postgres
  const { reach, role } = viewer
  const [projects, people] = await Promise.all([
    seenProjects(tables, reach),
    listProjectPeople(tables, reach.orgId),
  ])
  const wanted = unquoted(rest).trim().toLowerCase()
  if (wanted !== '') {
    const project = projects.find(({ name }) => name.toLowerCase() === wanted)
    if (!project) {
      const near = nearest(
        wanted,
        projects.map(({ name }) => name.toLowerCase()),
      )
      const said = `There is no project \`${cut(rest)}\`.`
      return await asked.reply(unknownMessage(said, near && `${COMMAND} people ${near}`, deps.ingestUrl))
    }
    if (!(await mayAct(deps, asked, 'manage_people'))) return
    const found = people.get(project.id) ?? { visibility: 'everyone', people: [] }
    const view = projectPeopleModal(project, found, placeOf(asked.caller))
    await asked.client.views.open({ trigger_id: asked.triggerId, view })
    return
  }
  // Who has which role is everybody's to know who sees the organisation: whom else would they ask?
  const grants = role === 'guest' ? [] : await listRoleGrants(tables, reach.orgId)
  const mayChange = rightOf(role, 'manage_people') === 'yes'
  await asked.reply(withPartial(peopleMessage({ role, mayChange, grants, projects, people }), reach))
}
