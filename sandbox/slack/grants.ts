/**
 * Tokens as Slack gives them: a code for tokens once, a refresh token for the next ones once.
 * Invariant: what was used, withdrawn or has run out is refused by its own name, and using it again harms nothing else.
 */
import { randomBytes } from 'node:crypto'
import type { Grant, GrantPlace, SandboxState, Workspace } from './workspace.ts'

export interface OAuthOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** As the manifest has them: the way back must be one of these, or lie below it. */
  readonly redirectUrls: readonly string[]
  readonly rotation: boolean
  readonly orgDeploy: boolean
}

export interface Allowed {
  readonly place: GrantPlace
  readonly userId: string
  readonly scopes: readonly string[]
  readonly redirectUri: string | null
}

export type TokenUse =
  | { kind: 'good'; grant: Grant }
  | { kind: 'invalid_auth' | 'token_expired' | 'token_revoked' | 'account_inactive' }

export interface Grants {
  issueCode: (allowed: Allowed) => string
  /** Null when it is no code of ours, was used, is older than ten minutes, or is for another way back. */
  redeemCode: (code: string, redirectUri: string | null) => Grant | 'invalid_code' | 'bad_redirect_uri'
  redeemRefreshToken: (refreshToken: string) => Grant | null
  find: (token: string) => TokenUse
  revoke: (grant: Grant) => void
  /** Everything given to that place is dead, refresh tokens too. */
  withdraw: (place: GrantPlace) => Grant[]
  /** Slack's side of a lost way to renew: the refresh tokens of a place are refused from now on. */
  spoilRefreshTokens: () => void
}

const CODE_LIFE_MS = 600_000
export const TOKEN_LIFE_S = 43_200
/** Of one installation; the oldest ends when there is one more. */
const LIVE_TOKENS_MAX = 2

export function openGrants(deps: { state: SandboxState; now: () => Date; rotation: boolean }): Grants {
  const { state, now } = deps
  state.grants ??= []
  const grants = state.grants
  const codes = new Map<string, Allowed & { issuedAtMs: number }>()
  const secret = () => randomBytes(24).toString('hex')

  function make({ place, userId, scopes }: Pick<Allowed, 'place' | 'userId' | 'scopes'>): Grant {
    const grant: Grant = {
      token: deps.rotation ? `xoxe.xoxb-1-${secret()}` : `xoxb-${secret()}`,
      refreshToken: deps.rotation ? `xoxe-1-${secret()}` : null,
      refreshUsed: false,
      expiresAtMs: deps.rotation ? now().getTime() + TOKEN_LIFE_S * 1000 : null,
      place,
      userId,
      scopes: [...scopes],
      ended: null,
    }
    grants.push(grant)
    const live = grants.filter((one) => isAt(one, place) && one.ended === null && !isPast(one, now()))
    if (deps.rotation) for (const oldest of live.slice(0, -LIVE_TOKENS_MAX)) oldest.ended = 'token_revoked'
    return grant
  }

  return {
    issueCode(allowed) {
      const code = secret()
      codes.set(code, { ...allowed, issuedAtMs: now().getTime() })
      return code
    },
    redeemCode(code, redirectUri) {
      const allowed = codes.get(code)
      // Spent by the first who shows it, whatever the answer is.
      codes.delete(code)
      if (!allowed || now().getTime() - allowed.issuedAtMs > CODE_LIFE_MS) return 'invalid_code'
      return allowed.redirectUri === redirectUri ? make(allowed) : 'bad_redirect_uri'
    },
    redeemRefreshToken(refreshToken) {
      const grant = grants.find((one) => one.refreshToken === refreshToken)
      if (!grant || grant.refreshUsed || grant.ended === 'account_inactive') return null
      grant.refreshUsed = true
      return make(grant)
    },
    find(token) {
      const grant = grants.find((one) => one.token === token)
      if (!grant) return { kind: 'invalid_auth' }
      if (grant.ended !== null) return { kind: grant.ended }
      return isPast(grant, now()) ? { kind: 'token_expired' } : { kind: 'good', grant }
    },
    revoke(grant) {
      grant.ended = 'token_revoked'
      grant.refreshUsed = true
    },
    withdraw(place) {
      const gone = grants.filter((one) => isAt(one, place) && one.ended !== 'account_inactive')
      for (const grant of gone) grant.ended = 'account_inactive'
      return gone
    },
    spoilRefreshTokens() {
      for (const grant of grants) grant.refreshUsed = true
    },
  }
}

const isPast = ({ expiresAtMs }: Grant, now: Date): boolean =>
  expiresAtMs !== null && expiresAtMs <= now.getTime()

const isAt = ({ place }: Grant, other: GrantPlace): boolean =>
  place.teamId === other.teamId && place.enterpriseId === other.enterpriseId

/** Where a workspace's token comes from, when it has one. */
export const placeOf = (workspace: Workspace): GrantPlace =>
  workspace.installedForOrg
    ? { teamId: null, enterpriseId: workspace.enterprise?.id ?? null }
    : { teamId: workspace.teamId, enterpriseId: workspace.enterprise?.id ?? null }
