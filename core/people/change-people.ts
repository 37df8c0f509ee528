/**
 * Who may change whose role, and who sees a project.
 * Invariant: only an admin does; and nobody raises their own role, so that an admin for a time does not stay one by their
 * own hand.
 */
import { rightOf } from './rights.ts'
import { type Grant, isAtLeast, type Role } from './role.ts'

export interface Changer {
  readonly id: string
  readonly role: Role
}

export type RoleRefusal = 'not_allowed' | 'own_role'

export type RoleChange =
  | { readonly kind: 'changed' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusal: RoleRefusal }

export interface RoleWish {
  readonly by: Changer
  /** A Slack user's id. */
  readonly personId: string
  readonly before: Grant | null
  readonly after: Grant | null
}

export function changeRole({ by, personId, before, after }: RoleWish): RoleChange {
  if (rightOf(by.role, 'manage_people') !== 'yes') return { kind: 'refused', refusal: 'not_allowed' }
  if (before === after) return { kind: 'unchanged' }
  const raises = after !== null && (before === null || !isAtLeast(before, after))
  if (personId === by.id && raises) return { kind: 'refused', refusal: 'own_role' }
  return { kind: 'changed' }
}

/** Whom a project may name; far above what a team enters by hand. */
export const NAMED_MAX = 100
