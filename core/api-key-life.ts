/**
 * How long an API key is one: until it expires, or at once when it is revoked. A rotated key is one with a successor,
 * that expires when the overlap ends.
 * Invariant: what is revoked or expired never works again.
 */

export interface ApiKeyLife {
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** The id of the key that follows this one. */
  readonly replacedBy: string | null
}

export type ApiKeyState =
  | { readonly kind: 'live'; readonly until: Date | null }
  /** Works still, beside the key that follows it. */
  | { readonly kind: 'replaced'; readonly until: Date | null }
  | { readonly kind: 'expired'; readonly at: Date }
  | { readonly kind: 'revoked'; readonly at: Date }

type Ends = Pick<ApiKeyLife, 'expiresAt' | 'revokedAt'> & Partial<Pick<ApiKeyLife, 'replacedBy'>>

export function apiKeyState({ expiresAt, revokedAt, replacedBy = null }: Ends, now: Date): ApiKeyState {
  if (revokedAt !== null) return { kind: 'revoked', at: revokedAt }
  if (expiresAt !== null && expiresAt <= now) return { kind: 'expired', at: expiresAt }
  return { kind: replacedBy === null ? 'live' : 'replaced', until: expiresAt }
}

export const doesApiKeyWork = (key: Ends, now: Date): boolean => {
  const { kind } = apiKeyState(key, now)
  return kind === 'live' || kind === 'replaced'
}

/** Both keys work for so long at most: a rotation that never ends is none. */
export const OVERLAP_MS_MAX = 30 * 24 * 60 * 60 * 1000

export type Rotation =
  | {
      readonly kind: 'rotated'
      /** When the old key ends: never later than it would have. */
      readonly oldExpiresAt: Date
      /** A key that was made for so many days is followed by one for as many. */
      readonly newExpiresAt: Date | null
    }
  | { readonly kind: 'refused'; readonly why: 'replaced' | 'expired' | 'revoked' }

export function rotateApiKey(
  key: ApiKeyLife,
  { now, overlapMs }: { readonly now: Date; readonly overlapMs: number },
): Rotation {
  const { kind } = apiKeyState(key, now)
  if (kind !== 'live') return { kind: 'refused', why: kind }
  const { createdAt, expiresAt } = key
  const overlapEndsAt = new Date(now.getTime() + overlapMs)
  if (expiresAt === null) return { kind: 'rotated', oldExpiresAt: overlapEndsAt, newExpiresAt: null }
  return {
    kind: 'rotated',
    oldExpiresAt: expiresAt < overlapEndsAt ? expiresAt : overlapEndsAt,
    newExpiresAt: new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime()),
  }
}
