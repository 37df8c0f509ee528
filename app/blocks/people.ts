/** The answer to `/lens people`: what one is oneself, who was given which role, and which projects not everyone sees. */
import type { Visibility } from '../../core/people/reach.ts'
import type { Grant, Role } from '../../core/people/role.ts'
import type { GrantedRole, ProjectPeople } from '../../db/postgres/people.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { ACTIONS, COMMAND } from '../ids.ts'
import type { Message } from './card.ts'
import { type Block, button, clip, context, instant, name, plain, section, who } from './text.ts'

export interface PeopleFacts {
  readonly role: Role
  readonly mayChange: boolean
  /** Of every place of the organisation. */
  readonly grants: readonly GrantedRole[]
  /** Those that the person sees. */
  readonly projects: readonly Project[]
  readonly people: ReadonlyMap<string, ProjectPeople>
}

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  none: 'nobody here',
  guest: 'a guest',
  member: 'a member',
  approver: 'an approver',
  admin: 'an admin',
}

export const GRANT_WORDS: Readonly<Record<Grant, string>> = {
  admin: 'Admin: all of it, keys, settings and roles too',
  approver: 'Approver: stops, lifts and approves overrides',
  member: 'Member: looks, stops, sets budgets (for a guest)',
}

export const VISIBILITY_WORDS: Readonly<Record<Visibility, string>> = {
  everyone: 'Every full member of the organisation',
  named: 'Only the people named below, and admins',
}

const LINES_MAX = 40
const LINES_PER_SECTION = 10
const NAMES_MAX = 12
/** Of a menu. */
const PROJECTS_MAX = 100

export function peopleMessage(facts: PeopleFacts): Message {
  const { role, mayChange, grants, projects, people } = facts
  const own = `You are ${ROLE_NAMES[role]}. Workspace owners and admins are admins; what stands here comes on top.`
  const granted = grants.map(
    (one) => `${who(one.userId)}: ${one.role}, by ${who(one.grantedBy)}, ${instant(one.grantedAt)}`,
  )
  const hidden = projects.flatMap((project) => {
    const found = people.get(project.id)
    return found === undefined ? [] : [sightWords(project, found)]
  })
  const roles = granted.length === 0 ? ['Nobody was given a role.'] : granted
  const sights = hidden.length === 0 ? ['Every full member sees every project.'] : hidden
  return {
    text: [own, ...roles, ...sights].join('\n'),
    blocks: [
      section(own),
      ...listBlocks('*Roles*', roles),
      ...listBlocks('*Who sees which project*', sights),
      ...(mayChange ? [changeBlock(projects)] : []),
      context(
        mayChange
          ? `\`${COMMAND} people PROJECT\` opens one. Every change is told by \`${COMMAND} audit\`.`
          : 'Admins change this.',
      ),
    ],
  }
}

function sightWords(project: Project, { visibility, people }: ProjectPeople): string {
  const names = people.slice(0, NAMES_MAX).map(({ userId }) => who(userId))
  const more = people.length > names.length ? ` and ${people.length - names.length} more` : ''
  const named = names.length === 0 ? 'nobody is named' : `${names.join(', ')}${more}`
  return visibility === 'named'
    ? `*${name(project.name)}*: only admins and ${named}`
    : `*${name(project.name)}*: everyone; guests: ${named}`
}

/** A section holds 3,000 characters, and a line at most some 300. */
function listBlocks(title: string, lines: readonly string[]): Block[] {
  const shown = lines.slice(0, LINES_MAX).map((line) => clip(line, 290))
  const more = lines.length > shown.length ? [context(`and ${lines.length - shown.length} more`)] : []
  const sections = Array.from({ length: Math.ceil(shown.length / LINES_PER_SECTION) }, (_, index) => {
    const part = shown.slice(index * LINES_PER_SECTION, (index + 1) * LINES_PER_SECTION)
    return section([...(index === 0 ? [title] : []), ...part].join('\n'))
  })
  return [...sections, ...more]
}

function changeBlock(projects: readonly Project[]): Block {
  const options = projects
    .slice(0, PROJECTS_MAX)
    .map(({ id, name: text }) => ({ text: plain(text, 75), value: id }))
  return {
    type: 'actions',
    elements: [
      button('Give or take back a role', ACTIONS.giveRole, 'role'),
      ...(options.length === 0
        ? []
        : [
            {
              type: 'static_select' as const,
              action_id: ACTIONS.showProjectPeople,
              placeholder: plain('Who sees a project …', 150),
              options,
            },
          ]),
    ],
  }
}
