/**
 * What each role may do. What a budget's own policy says of overrides (who by name, a second person, no approval of one's
 * own) comes on top and is never loosened by a role.
 */
import type { Role } from './role.ts'

/**
 * `attend` is to say who is on it and to quiet crossings; `ask` is to ask for an override and to decide on one, as far as its
 * policy lets them; `lift` is resume and to let calls pass; `stop_widely` is to stop a project or everything, and to end that;
 * `configure` is the settings; `make_keys` is projects and their API keys; `manage_people` is roles and who sees a project.
 */
export const ACTS = [
  'look',
  'attend',
  'ask',
  'stop',
  'set_budget',
  'lift',
  'stop_widely',
  'configure',
  'make_keys',
  'manage_people',
] as const
export type Act = (typeof ACTS)[number]

/** `by_policy`: where the policy of overrides lets every member lift. */
export type Right = 'yes' | 'by_policy' | 'no'

const MEMBERS = {
  ...{ look: 'yes', attend: 'yes', ask: 'yes', stop: 'yes', set_budget: 'yes', lift: 'by_policy' },
  ...{ stop_widely: 'no', configure: 'no', make_keys: 'no', manage_people: 'no' },
} as const satisfies Record<Act, Right>

const RIGHTS: Readonly<Record<Role, Readonly<Record<Act, Right>>>> = {
  none: noneBut([]),
  guest: noneBut(['look']),
  member: MEMBERS,
  approver: { ...MEMBERS, lift: 'yes', stop_widely: 'yes' },
  admin: noneBut(ACTS),
}

export const rightOf = (role: Role, act: Act): Right => RIGHTS[role][act]

function noneBut(acts: readonly Act[]): Readonly<Record<Act, Right>> {
  const right = (act: Act): Right => (acts.includes(act) ? 'yes' : 'no')
  return {
    ...{ look: right('look'), attend: right('attend'), ask: right('ask'), stop: right('stop') },
    ...{ set_budget: right('set_budget'), lift: right('lift'), stop_widely: right('stop_widely') },
    ...{ configure: right('configure'), make_keys: right('make_keys') },
    manage_people: right('manage_people'),
  }
}
