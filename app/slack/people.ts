/**
 * Who may do what, asked of Slack at every press: a button in a channel can be pressed by anyone who sees it.
 * Invariant: bots, guests and people of other workspaces may do nothing.
 */
import type { WebClient } from '@slack/web-api'
import type { Approver, Approvers } from '../../core/budget/override-policy.ts'
import { parseTimeZone } from '../../core/period/time-zone.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { Caller } from './authorize.ts'

export interface Person {
  readonly id: string
  readonly standing: 'admin' | 'member' | 'guest' | 'bot' | 'stranger'
}

/** The time zone of their profile, as our periods name it; UTC where Slack or Node does not know it. */
export async function readTimeZone(client: WebClient, userId: string): Promise<string> {
  const { user } = await client.users.info({ user: userId })
  const zone = parseTimeZone(user?.tz ?? '')
  return zone === null || /^Etc\//.test(zone) ? 'UTC' : zone
}

/** As the policy of overrides knows them. Guests and bots never come so far. */
export const approverOf = ({ id, standing }: Person): Approver => ({ id, isAdmin: standing === 'admin' })

/** `attend` is to say who is on it and to quiet crossings; `ask` is to ask for an override and to decide on one, as far as its policy lets them; `lift` is resume and to let calls pass; `stop_widely` is to stop a project or everything, and to end that; `configure` is the settings; `make_keys` is projects and their API keys. */
export type Act =
  | 'look'
  | 'attend'
  | 'ask'
  | 'stop'
  | 'set_budget'
  | 'lift'
  | 'stop_widely'
  | 'configure'
  | 'make_keys'

export async function readPerson(client: WebClient, userId: string, caller: Caller): Promise<Person> {
  const { user } = await client.users.info({ user: userId })
  if (!user || user.deleted) return { id: userId, standing: 'stranger' }
  if (user.is_bot || user.is_app_user) return { id: userId, standing: 'bot' }
  if (user.is_stranger || !belongs(user, caller)) return { id: userId, standing: 'stranger' }
  if (user.is_restricted || user.is_ultra_restricted) return { id: userId, standing: 'guest' }
  return { id: userId, standing: user.is_admin || user.is_owner ? 'admin' : 'member' }
}

interface Origin {
  readonly team_id?: string
  readonly enterprise_user?: { readonly enterprise_id?: string }
}

const belongs = (user: Origin, { teamId, enterpriseId }: Caller): boolean =>
  (teamId !== null && user.team_id === teamId) ||
  (enterpriseId !== null && user.enterprise_user?.enterprise_id === enterpriseId)

interface LiftPolicy {
  readonly lifters: Approvers
}

/** Null when the person may; otherwise one sentence that says why not, and who can. */
export function refusalOf(person: Person, act: Act, policy: LiftPolicy): string | null {
  switch (person.standing) {
    case 'bot':
      return 'Apps cannot do this; a person of this workspace can.'
    case 'stranger':
      return 'This is for people of the workspace that installed LensAI. Ask one of them.'
    case 'guest':
      return 'Guests cannot do this. Ask a full member of this workspace.'
    case 'admin':
    case 'member':
      return act === 'lift' && typeof policy.lifters !== 'string'
        ? refusalByName(person.id, policy.lifters)
        : refusalByStanding(person.standing, act, policy)
    default:
      return unreachable(person.standing)
  }
}

/** Whoever is named may, and nobody else, whatever they are in the workspace. */
const refusalByName = (id: string, names: readonly string[]): string | null =>
  names.includes(id)
    ? null
    : 'The policy of this budget names the people who may let calls pass again. Ask one of them.'

function refusalByStanding(standing: 'admin' | 'member', act: Act, policy: LiftPolicy): string | null {
  if (standing === 'admin') return null
  switch (act) {
    case 'look':
    case 'attend':
    case 'ask':
    case 'stop':
    case 'set_budget':
      return null
    case 'lift':
      return policy.lifters === 'members'
        ? null
        : 'Only workspace admins may let calls pass again. Ask an admin to press it, or to change that with `/lens settings`.'
    case 'stop_widely':
      return 'Only workspace admins may stop or resume a project or everything. Ask an admin, or press *Stop now* on the card of a budget.'
    case 'configure':
      return 'Only workspace admins may change the settings. Ask an admin to run `/lens settings`.'
    case 'make_keys':
      return 'Only workspace admins, and whoever installed LensAI, may name projects, and make and revoke API keys. Ask one of them.'
    default:
      return unreachable(act)
  }
}
