/** Roles that were granted, and who sees a project. */
import { GRANTS } from '../../core/people/role.ts'
import { idOf, manages, reads } from './manage-words.ts'
import * as say from './schema.ts'

const name: say.Schema = { type: 'string' }
const TEAM: say.Schema = {
  ...say.orNull(say.text(64)),
  description:
    'The workspace, or in an Enterprise Grid the enterprise, that the ids are of; needed where the organisation has several.',
}
const ROLE = say.oneOf(...GRANTS)
const VISIBILITY = say.oneOf('everyone', 'named')
const PLACED = { user_id: name, team_id: name }
const SIGHT = { project_id: name, visibility: VISIBILITY, people: say.list(say.object(PLACED)) }

export const PEOPLE_SCHEMAS: Readonly<Record<string, say.Schema>> = {
  GrantedRole: say.object({ ...PLACED, role: ROLE, granted_by: name, granted_at: say.INSTANT }),
  GrantedRoles: say.object({ items: say.list(say.named('GrantedRole')) }),
  NewRole: say.body({ user_id: say.text(128), team_id: TEAM, role: say.oneOf(...GRANTS, 'none') }, [
    'user_id',
    'role',
  ]),
  RoleSet: say.object({ ...PLACED, role: say.oneOf(...GRANTS, 'none'), changed: say.FLAG }),
  ProjectPeople: say.object(SIGHT),
  ProjectPeopleSet: say.object({ ...SIGHT, changed: say.FLAG }),
  NewProjectPeople: say.body({ visibility: VISIBILITY, user_ids: say.list(say.text(128)), team_id: TEAM }, [
    'visibility',
  ]),
}

export const PEOPLE: say.Paths = {
  '/v1/roles': {
    get: {
      ...reads,
      operationId: 'listRoles',
      summary: 'The roles that were granted beside what the workspace gives',
      responses: { '200': say.answers('All of them.', say.named('GrantedRoles')), ...say.refusals() },
    },
    post: {
      ...manages,
      operationId: 'setRole',
      summary: 'Grants a role to a person, or takes it back with `none`; nobody raises their own',
      requestBody: say.takes(say.named('NewRole')),
      responses: { '200': say.answers('As it stands now.', say.named('RoleSet')), ...say.refusals() },
    },
  },
  '/v1/projects/{id}/people': {
    get: {
      ...reads,
      operationId: 'getProjectPeople',
      summary: 'Who sees a project in Slack',
      parameters: [idOf('project')],
      responses: {
        '200': say.answers('Who does.', say.named('ProjectPeople')),
        ...say.refusals(404),
      },
    },
    post: {
      ...manages,
      operationId: 'setProjectPeople',
      summary:
        'Sets who sees a project in Slack; the people of the workspace that are left out are no longer named',
      parameters: [idOf('project')],
      requestBody: say.takes(say.named('NewProjectPeople')),
      responses: {
        '200': say.answers('As it stands now.', say.named('ProjectPeopleSet')),
        ...say.refusals(404),
      },
    },
  },
}
