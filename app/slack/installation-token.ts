/** The tokens of an installation, each sealed for its use and the place that it belongs to. */
import { type Envelope, type Keyring, open, seal } from '../../core/envelope.ts'
import type { Installation, Place, Tokens } from '../../db/postgres/installations.ts'

/** As Slack gives them, readable. */
export interface PlainTokens {
  readonly token: string
  /** Null where Slack does not rotate. */
  readonly rotation: { readonly refreshToken: string; readonly expiresAt: Date } | null
}

type Use = 'slack_bot_token' | 'slack_refresh_token'

const purposeOf = (use: Use, { teamId, enterpriseId }: Place): string =>
  `${use}:${enterpriseId ?? '-'}/${teamId ?? '-'}`

export function sealTokens({ token, rotation }: PlainTokens, place: Place, keyring: Keyring): Tokens {
  const sealed = (use: Use, plaintext: string): Envelope =>
    seal({ plaintext, purpose: purposeOf(use, place) }, keyring)
  return {
    botToken: sealed('slack_bot_token', token),
    refreshToken: rotation && sealed('slack_refresh_token', rotation.refreshToken),
    tokenExpiresAt: rotation?.expiresAt ?? null,
  }
}

export const openToken = (installation: Place & Pick<Installation, 'botToken'>, keyring: Keyring): string =>
  open(installation.botToken, keyring, purposeOf('slack_bot_token', installation))

export const openRefreshToken = (place: Place, sealed: Envelope, keyring: Keyring): string =>
  open(sealed, keyring, purposeOf('slack_refresh_token', place))
