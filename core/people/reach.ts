/**
 * Which projects of an organisation somebody sees. Whatever is shown to a person is read through one of these, and only
 * here can one be made.
 * Invariant: a project that is for named people is seen by them and by admins; a guest sees nothing but what names them.
 */
import type { Role, Standing } from './role.ts'

declare const decided: unique symbol

export interface Reach {
  readonly orgId: string
  /** Null is every project there is or was, and what is of none alone. */
  readonly projectIds: readonly string[] | null
  readonly [decided]: true
}

export const VISIBILITIES = ['everyone', 'named'] as const
export type Visibility = (typeof VISIBILITIES)[number]

export interface ProjectSight {
  readonly projectId: string
  readonly visibility: Visibility
  /** Whether the person is one of those that it names. */
  readonly namesPerson: boolean
}

export function reachOf(
  orgId: string,
  { role, standing }: { readonly role: Role; readonly standing: Standing },
  projects: readonly ProjectSight[],
): Reach {
  if (role === 'none') return made(orgId, [])
  if (role === 'admin') return made(orgId, null)
  const seen = projects.filter(
    ({ visibility, namesPerson }) => namesPerson || (standing !== 'guest' && visibility === 'everyone'),
  )
  const seesAll = standing !== 'guest' && seen.length === projects.length
  return made(orgId, seesAll ? null : seen.map(({ projectId }) => projectId))
}

/** How much of it one sees: all of it for good, what every full member sees, or what is decided for oneself alone. */
export type Sight = 'all' | 'common' | 'own'

export function sightOf(
  { role, standing }: { readonly role: Role; readonly standing: Standing },
  projects: readonly ProjectSight[],
): Sight {
  const isAnyHidden = projects.some(({ visibility }) => visibility === 'named')
  if (standing !== 'guest' && !isAnyHidden) return 'common'
  if (standing === 'admin') return 'all'
  const isNamedForHidden = projects.some((one) => one.visibility === 'named' && one.namesPerson)
  return standing === 'member' && role !== 'admin' && !isNamedForHidden ? 'common' : 'own'
}

/** Of what an organisation is told as a whole, such as its digest; never of what one person asked. */
export const wholeReach = (orgId: string): Reach => made(orgId, null)

/** Narrowed to one project, which is of the same organisation. */
export const narrowedTo = (reach: Reach, projectId: string | null): Reach =>
  projectId === null ? reach : made(reach.orgId, sees(reach, projectId) ? [projectId] : [])

/** Null is what is of the whole organisation: it tells of every project, so it takes seeing them all. */
export const sees = ({ projectIds }: Reach, projectId: string | null): boolean =>
  projectIds === null || (projectId !== null && projectIds.includes(projectId))

export const seesAll = ({ projectIds }: Reach): boolean => projectIds === null

const made = (orgId: string, projectIds: readonly string[] | null): Reach => {
  const reach: Omit<Reach, typeof decided> = { orgId, projectIds }
  return reach as Reach
}
