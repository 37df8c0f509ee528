/**
 * What a person is to an organisation: the stronger of what their workspace makes them and what an admin granted here.
 * Invariant: a grant only ever raises, so that whoever Slack says is an owner or an admin stays one, and nobody can lock
 * an organisation out; and it counts for nothing once Slack says that the person is gone.
 */
import { unreachable } from '../unreachable.ts'

/** What Slack says somebody is in the workspace they ask from; `admin` is its owners too. */
export type Standing = 'admin' | 'member' | 'guest' | 'bot' | 'stranger'

/** What can be granted, the weakest first. */
export const GRANTS = ['member', 'approver', 'admin'] as const
export type Grant = (typeof GRANTS)[number]

/** `guest` looks at what they are named for; `none` may nothing. */
export type Role = Grant | 'guest' | 'none'

const STRENGTHS: Readonly<Record<Role, number>> = { none: 0, guest: 1, member: 2, approver: 3, admin: 4 }

export const isAtLeast = (role: Role, floor: Role): boolean => STRENGTHS[role] >= STRENGTHS[floor]

export function roleOf(standing: Standing, granted: Grant | null): Role {
  switch (standing) {
    case 'bot':
    case 'stranger':
      return 'none'
    case 'admin':
    case 'member':
    case 'guest':
      return granted !== null && isAtLeast(granted, standing) ? granted : standing
    default:
      return unreachable(standing)
  }
}

export const asGrant = (value: unknown): Grant | null => GRANTS.find((one) => one === value) ?? null
