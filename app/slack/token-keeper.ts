/**
 * The token with which to call Slack now, renewed in time where Slack rotates tokens.
 * Invariant: one renewal of an installation at a time, over all processes: a refresh token works once, and whoever comes
 * second with it is refused. It is asked for and saved under the lock of the installation's row.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Keyring } from '../../core/envelope.ts'
import {
  type Installation,
  lockInstallation,
  markLapsed,
  saveTokens,
  type Tokens,
} from '../../db/postgres/installations.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { askForTokens, type SlackClientSecret } from './ask-for-tokens.ts'
import { openRefreshToken, openToken, sealTokens } from './installation-token.ts'
import { describeFailure, type SlackFailure, slackFailureOf } from './slack-failure.ts'
import type { SlackClientDeps } from './web-client.ts'

/** Of twelve hours: Slack may be away for all of this before anything is missed. */
const RENEW_BEFORE_MS = 2 * 3_600_000
/** A renewal that could not be asked for is left alone this long while the old token still works. */
const ASK_AGAIN_MS = 30_000
const SAVE_TRIES_MAX = 5
const SAVE_AGAIN_MS = 200

export interface TokenKeeperDeps extends SlackClientDeps {
  readonly postgres: Postgres
  readonly keyring: Keyring
  readonly oauth: SlackClientSecret | null
  readonly now: () => Date
}

/** Throws only where the envelope does not open; a token that could not be renewed is given as it is, and Slack judges it. */
export type TokenOf = (installation: Installation) => Promise<string>

export function openTokenKeeper(deps: TokenKeeperDeps): TokenOf {
  const renewing = new Map<string, Promise<Tokens>>()
  const leftAloneUntilMs = new Map<string, number>()
  /** What Slack gave and Postgres did not take; the only copy there is. */
  const unsaved = new Map<string, Unsaved>()
  return async (installation) => {
    const { id } = installation
    const held = unsaved.get(id)
    if (!held && !isDue(installation, deps)) return openToken(installation, deps.keyring)
    if ((leftAloneUntilMs.get(id) ?? 0) > deps.now().getTime()) return openToken(installation, deps.keyring)
    let renewal = renewing.get(id)
    if (!renewal) {
      renewal = (held ? saveLate(deps, unsaved, held) : renew(deps, unsaved, installation)).finally(() =>
        renewing.delete(id),
      )
      renewing.set(id, renewal)
    }
    try {
      return openToken({ ...installation, ...(await renewal) }, deps.keyring)
    } catch (error) {
      const failure = slackFailureOf(error)
      if (!failure) throw error
      leftAloneUntilMs.set(id, deps.now().getTime() + waitOf(failure))
      deps.log.warn(
        { installationId: id, reason: describeFailure(failure) },
        'a Slack token is renewed later',
      )
      return openToken(installation, deps.keyring)
    }
  }
}

interface Unsaved {
  readonly installation: Installation
  readonly tokens: Tokens
}

const isDue = (
  { refreshToken, tokenExpiresAt, lapsedAt }: Installation,
  { now, oauth }: TokenKeeperDeps,
): boolean =>
  oauth !== null &&
  refreshToken !== null &&
  tokenExpiresAt !== null &&
  lapsedAt === null &&
  tokenExpiresAt.getTime() - now().getTime() < RENEW_BEFORE_MS

const waitOf = (failure: SlackFailure): number =>
  failure.kind === 'rate_limited' ? failure.retryAfterMs : ASK_AGAIN_MS

async function renew(
  deps: TokenKeeperDeps,
  unsaved: Map<string, Unsaved>,
  { id }: Installation,
): Promise<Tokens> {
  let given: Unsaved | null = null
  try {
    return await deps.postgres.tables.transaction(async (tx) => {
      const installation = await lockInstallation(tx, id)
      if (!installation) throw new Error('the app was uninstalled while its token was to be renewed')
      // Whoever held the lock before may have renewed it.
      if (!isDue(installation, deps)) return installation
      const asked = await ask(deps, installation)
      if (asked.kind === 'refused') {
        if (await markLapsed(tx, { id, why: asked.error }, deps.now())) {
          deps.log.error(
            { installationId: id, team: installation.teamName, reason: asked.error },
            'Slack does not renew the token of this installation: install the app there again; what it has to say waits',
          )
        }
        return installation
      }
      given = { installation, tokens: asked.tokens }
      await saveTokens(tx, id, asked.tokens)
      return asked.tokens
    })
  } catch (error) {
    // Refused by Slack, or never asked: nothing is spent. But what Slack gave is given once.
    if (given === null) throw error
    unsaved.set(id, given)
    return await saveLate(deps, unsaved, given)
  }
}

type Asked =
  | { readonly kind: 'given'; readonly tokens: Tokens }
  | { readonly kind: 'refused'; readonly error: string }

async function ask(deps: TokenKeeperDeps, installation: Installation): Promise<Asked> {
  const { oauth, keyring } = deps
  if (oauth === null || installation.refreshToken === null) throw new Error('there is nothing to renew with')
  const refreshToken = openRefreshToken(installation, installation.refreshToken, keyring)
  try {
    const { tokens } = await askForTokens({ ...deps, oauth }, { kind: 'refresh', refreshToken })
    return { kind: 'given', tokens: sealTokens(tokens, installation, keyring) }
  } catch (error) {
    const failure = slackFailureOf(error)
    if (failure?.kind === 'refused' && LOST.includes(failure.error)) {
      return { kind: 'refused', error: failure.error }
    }
    throw error
  }
}

/** The refresh token is spent or withdrawn, and only a new installation brings another. */
const LOST = ['invalid_refresh_token', 'token_revoked', 'account_inactive', 'token_expired']

/** Until it is saved, this process goes on with what it holds; another one meanwhile has the old token, for its last hours. */
async function saveLate(
  deps: TokenKeeperDeps,
  unsaved: Map<string, Unsaved>,
  { installation, tokens }: Unsaved,
): Promise<Tokens> {
  const { id } = installation
  for (let attempt = 1; attempt <= SAVE_TRIES_MAX; attempt += 1) {
    try {
      const saved = await deps.postgres.tables.transaction(async (tx) => {
        const now = await lockInstallation(tx, id)
        // Installed again or uninstalled meanwhile: what is there is newer than what we hold.
        if (now?.refreshToken?.nonce !== installation.refreshToken?.nonce) return now
        await saveTokens(tx, id, tokens)
        return { ...installation, ...tokens }
      })
      unsaved.delete(id)
      return saved ?? tokens
    } catch (error) {
      deps.log.error({ err: error, installationId: id, attempt }, 'a renewed Slack token is not saved yet')
      if (attempt < SAVE_TRIES_MAX) await sleep(SAVE_AGAIN_MS * 2 ** attempt)
    }
  }
  return tokens
}
