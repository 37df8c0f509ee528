/** The forms behind `/lens people`: somebody's role, and who sees a project. */
import { NAMED_MAX } from '../../core/people/change-people.ts'
import { VISIBILITIES } from '../../core/people/reach.ts'
import { GRANTS } from '../../core/people/role.ts'
import type { ProjectPeople } from '../../db/postgres/people.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { choiceField } from './inputs.ts'
import { GRANT_WORDS, VISIBILITY_WORDS } from './people.ts'
import { context, type ModalView, name, plain, section } from './text.ts'

/** In place of a role, where what was granted is taken back. */
export const NO_ROLE = 'none'

const frame = { type: 'modal', submit: plain('Save', 24), close: plain('Cancel', 24) } as const

export function roleModal(): ModalView {
  const grants = [...GRANTS].reverse().map((value) => ({ value, text: GRANT_WORDS[value] }))
  return {
    ...frame,
    callback_id: VIEWS.role,
    title: plain('A role', 24),
    blocks: [
      {
        type: 'input',
        block_id: FIELDS.person,
        label: plain('Who'),
        element: { type: 'users_select', action_id: FIELD_VALUE },
      },
      choiceField({
        id: FIELDS.role,
        label: 'Role',
        choices: [...grants, { value: NO_ROLE, text: 'None: what the workspace gives' }],
        initial: null,
      }),
      context(
        'A role only adds: workspace owners and admins stay admins. It ends when the person leaves the workspace. What the policy of a budget says of overrides holds all the same.',
      ),
    ],
  }
}

/** The project is carried by the view, and asked for again when it is saved. */
export function projectPeopleModal(project: Project, found: ProjectPeople, placeId: string): ModalView {
  const option = (value: (typeof VISIBILITIES)[number]) => ({
    text: plain(VISIBILITY_WORDS[value], 75),
    value,
  })
  const here = found.people.filter((one) => one.placeId === placeId).map(({ userId }) => userId)
  const others = found.people.length - here.length
  return {
    ...frame,
    callback_id: VIEWS.projectPeople,
    private_metadata: project.id,
    title: plain('Who sees a project', 24),
    blocks: [
      section(`*${name(project.name)}*`),
      {
        type: 'input',
        block_id: FIELDS.visibility,
        label: plain('Who sees it'),
        element: {
          type: 'radio_buttons',
          action_id: FIELD_VALUE,
          options: VISIBILITIES.map(option),
          initial_option: option(found.visibility),
        },
      },
      {
        type: 'input',
        block_id: FIELDS.people,
        optional: true,
        label: plain('Named people'),
        hint: plain('Guests see a project only where they are named.'),
        element: {
          type: 'multi_users_select',
          action_id: FIELD_VALUE,
          max_selected_items: NAMED_MAX,
          ...(here.length === 0 ? {} : { initial_users: here }),
        },
      },
      context(
        `${others === 0 ? '' : `${others} more are named in other workspaces of the organisation; they stay. `}Cards are shown where their budget says, and a digest in its channel: to whoever is there.`,
      ),
    ],
  }
}
