/** The bot token of an installation, sealed for the workspace that it belongs to. */
import { type Envelope, type Keyring, open, seal } from '../../core/envelope.ts'
import type { Installation } from '../../db/postgres/installations.ts'

type Place = Pick<Installation, 'teamId' | 'enterpriseId'>

const purposeOf = ({ teamId, enterpriseId }: Place): string =>
  `slack_bot_token:${enterpriseId ?? '-'}/${teamId ?? '-'}`

export const sealToken = (token: string, place: Place, keyring: Keyring): Envelope =>
  seal({ plaintext: token, purpose: purposeOf(place) }, keyring)

export const openToken = (installation: Place & Pick<Installation, 'botToken'>, keyring: Keyring): string =>
  open(installation.botToken, keyring, purposeOf(installation))
