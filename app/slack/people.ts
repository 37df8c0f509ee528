/**
 * Who may do what and who sees what, asked of Slack and of what was granted at every press: a button in a channel can be
 * pressed by anyone who sees it.
 * Invariant: bots and people of other workspaces may do nothing, and guests nothing that no admin granted.
 */
import type { UsersInfoResponse, WebClient } from '@slack/web-api'
import type { Approver, Approvers } from '../../core/budget/override-policy.ts'
import { type Reach, reachOf, type Sight, sightOf } from '../../core/people/reach.ts'
import { type Act, rightOf } from '../../core/people/rights.ts'
import { type Role, roleOf, type Standing } from '../../core/people/role.ts'
import { parseTimeZone } from '../../core/period/time-zone.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { readPersonFacts } from '../../db/postgres/people.ts'
import type { Caller } from './authorize.ts'

/** Who asks, as Slack signed it. */
export interface Asker {
  readonly client: WebClient
  readonly userId: string
  readonly caller: Caller
}

export interface Person {
  readonly id: string
  readonly standing: Standing
  readonly role: Role
}

/** A person, and what they see of their organisation: what anything is read with that they are shown. */
export interface Viewer extends Person {
  readonly reach: Reach
  readonly sight: Sight
  /** Where their id is unique. */
  readonly places: readonly string[]
  /** Of their profile, as our periods name it; UTC where Slack or Node does not know it. */
  readonly timeZone: string
}

/** What Slack says of somebody, asked once for all of it. */
export interface Profile {
  readonly standing: Standing
  readonly timeZone: string
}

/** As the policy of overrides knows them: `admins` there are all whose role lets them lift. Guests and bots never come so far. */
export const approverOf = ({ id, role }: Person): Approver => ({
  id,
  isAdmin: rightOf(role, 'lift') === 'yes',
})

/** Read anew at every press: what somebody was when a modal opened is not what they are when they submit it. */
export async function readViewer(deps: PeopleDeps, asker: Asker): Promise<Viewer> {
  const { client, userId, caller } = asker
  return await viewerOf(deps, asker, readProfile(client, userId, caller))
}

interface PeopleDeps {
  readonly postgres: Postgres
}

/** What was granted is read anew, whatever is known of the profile. */
export async function viewerOf(
  { postgres }: PeopleDeps,
  { userId, caller }: Pick<Asker, 'userId' | 'caller'>,
  asked: Profile | Promise<Profile>,
): Promise<Viewer> {
  const { orgId } = caller
  const places = placesOf(caller)
  const [{ standing, timeZone }, facts] = await Promise.all([
    asked,
    readPersonFacts(postgres.tables, { orgId, userId, placeIds: places }),
  ])
  const role = roleOf(standing, facts.granted)
  const held = { role, standing }
  const sight = sightOf(held, facts.sights)
  return { id: userId, ...held, reach: reachOf(orgId, held, facts.sights), sight, places, timeZone }
}

/** Where an id of this caller's people is unique: their enterprise, else their workspace. New grants are kept there. */
export const placeOf = ({ enterpriseId, teamId }: Caller): string => enterpriseId ?? teamId ?? ''

/** A workspace may have become part of an enterprise since something was granted there. */
const placesOf = ({ enterpriseId, teamId }: Caller): string[] =>
  [enterpriseId, teamId].filter((id): id is string => id !== null)

export async function readProfile(client: WebClient, userId: string, caller: Caller): Promise<Profile> {
  const { user } = await client.users.info({ user: userId })
  return { standing: standingOf(user, caller), timeZone: timeZoneOf(user?.tz) }
}

function timeZoneOf(name = ''): string {
  const zone = parseTimeZone(name)
  return zone === null || /^Etc\//.test(zone) ? 'UTC' : zone
}

function standingOf(user: UsersInfoResponse['user'], caller: Caller): Standing {
  if (!user || user.deleted) return 'stranger'
  if (user.is_bot || user.is_app_user) return 'bot'
  if (user.is_stranger || !belongs(user, caller)) return 'stranger'
  if (user.is_restricted || user.is_ultra_restricted) return 'guest'
  return user.is_admin || user.is_owner ? 'admin' : 'member'
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
export function refusalOf(viewer: Viewer, act: Act, policy: LiftPolicy): string | null {
  const { standing, role, reach } = viewer
  if (standing === 'bot') return 'Apps cannot do this; a person of this workspace can.'
  if (standing === 'stranger')
    return 'This is for people of the workspace that installed LensAI. Ask one of them.'
  if (standing === 'guest' && role !== 'admin' && reach.projectIds?.length === 0)
    return 'Guests cannot do this: they see only projects that name them, and none does. An admin names them with `/lens people`.'
  if (role === 'guest' && act !== 'look') return 'Guests cannot do this. Ask a full member of this workspace.'
  // Whoever is named may, and nobody else, whatever their role.
  if (act === 'lift' && typeof policy.lifters !== 'string')
    return policy.lifters.includes(viewer.id)
      ? null
      : 'The policy of this budget names the people who may let calls pass again. Ask one of them.'
  switch (rightOf(role, act)) {
    case 'yes':
      return null
    case 'by_policy':
      return policy.lifters === 'members' ? null : WHO_MAY[act]
    case 'no':
      return WHO_MAY[act]
  }
}

const WHO_MAY: Readonly<Record<Act, string>> = {
  look: 'Only people of this workspace may see this. Ask one of them.',
  attend: 'Only full members may do this. Ask one of them.',
  ask: 'Only full members may ask for this. Ask one of them.',
  stop: 'Only full members may stop calls. Ask one of them.',
  set_budget: 'Only full members may set a budget. Ask one of them.',
  lift: 'Only workspace admins and approvers may let calls pass again. Ask one of them to press it, or an admin to change that with `/lens settings` or `/lens people`.',
  stop_widely:
    'Only workspace admins and approvers may stop or resume a project or everything. Ask one of them, or press *Stop now* on the card of a budget.',
  configure: 'Only workspace admins may change the settings. Ask an admin to run `/lens settings`.',
  make_keys:
    'Only workspace admins, and whoever installed LensAI, may name projects, and make and revoke API keys. Ask one of them.',
  manage_people: 'Only admins may change roles and who sees a project. Ask an admin to run `/lens people`.',
}
