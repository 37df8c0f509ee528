/**
 * OAuth as a person goes through it: /slack/install sends them to Slack, /slack/oauth_redirect is where they come back.
 * Invariant: a state opens one way back, in the browser that began, for ten minutes; tokens are on no page and in no log.
 */
import { readInstallLink } from '../../core/install-link.ts'
import type { Installation } from '../../db/postgres/installations.ts'
import { isFirstSight } from '../../db/postgres/slack-events.ts'
import type { AppDeps, SlackOAuth } from '../deps.ts'
import { BOT_SCOPES } from '../ids.ts'
import { askForTokens, type Granted } from '../slack/ask-for-tokens.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import { openSlack } from '../slack/web-client.ts'
import { beginState, type Joining, readState } from './install-state.ts'
import type { Failure } from './pages.ts'
import { type Bot, saveGrant } from './save-grant.ts'

export const REDIRECT_PATH = '/slack/oauth_redirect'

export type InstallDeps = AppDeps & { readonly oauth: SlackOAuth }

export type Begun =
  | { readonly kind: 'go'; readonly url: string; readonly cookie: string }
  | { readonly kind: 'failed'; readonly why: Failure }

export function beginInstall(deps: InstallDeps, join: string | null): Begun {
  const at = { keyring: deps.keyring, now: deps.now() }
  let joining: Joining | null = null
  if (join !== null) {
    const link = readInstallLink(join, at)
    if (link.kind !== 'read') return { kind: 'failed', why: 'link_bad' }
    joining = { orgId: link.note.says, linkId: link.note.id }
  }
  const { cookie, state } = beginState(joining, at)
  const url = new URL(deps.oauth.authorizeUrl)
  url.search = new URLSearchParams({
    client_id: deps.oauth.clientId,
    scope: BOT_SCOPES.join(','),
    redirect_uri: redirectUri(deps),
    state,
  }).toString()
  return { kind: 'go', url: url.href, cookie }
}

export interface Return {
  readonly code: string | null
  readonly state: string | null
  readonly error: string | null
  readonly cookie: string | null
}

export type Finished =
  | { readonly kind: 'installed'; readonly installation: Installation; readonly appId: string | null }
  | { readonly kind: 'failed'; readonly why: Failure }

export async function finishInstall(
  deps: InstallDeps,
  { code, state, error, cookie }: Return,
): Promise<Finished> {
  const failed = (why: Failure): Finished => ({ kind: 'failed', why })
  if (state === null) return failed(error === 'access_denied' ? 'denied' : 'no_state')
  const read = readState(state, cookie, { keyring: deps.keyring, now: deps.now() })
  if (read.kind === 'bad') return failed(read.why)
  if (!(await isFirstSight(deps.postgres.tables, `install-state/${read.state.id}`, deps.now())))
    return failed('used')
  if (error !== null) return failed(error === 'access_denied' ? 'denied' : 'refused')
  if (code === null) return failed('refused')
  try {
    const granted = await askForTokens(deps, { kind: 'code', code, redirectUri: redirectUri(deps) })
    const bot = await askWhoTheBotIs(deps, granted)
    const saved = await saveGrant(deps, { granted, bot, joining: read.state.joining }, deps.now())
    if (saved.kind === 'refused') {
      // What is not ours to keep is not left behind in their workspace; one that was there before stays.
      if (saved.why !== 'of_other_organisation') await giveBack(deps, granted)
      return failed(saved.why)
    }
    const { installation } = saved
    const { id: installationId, orgId, teamName: team } = installation
    deps.log.info(
      { installationId, orgId, team, newOrganisation: saved.isNewOrganisation },
      'the app was installed',
    )
    return { kind: 'installed', installation, appId: granted.answer.app_id ?? null }
  } catch (thrown) {
    const failure = slackFailureOf(thrown)
    if (!failure) throw thrown
    deps.log.warn({ reason: describeFailure(failure) }, 'an installation was not completed by Slack')
    return failed(failure.kind === 'refused' ? 'refused' : 'unreachable')
  }
}

async function giveBack(deps: InstallDeps, { tokens }: Granted): Promise<void> {
  const { clientId: client_id, clientSecret: client_secret } = deps.oauth
  await openSlack(tokens.token, deps).apps.uninstall({ client_id, client_secret })
}

/** Slack's answer names the bot's user; its own id, which its messages bear, is asked for. */
async function askWhoTheBotIs(deps: InstallDeps, { tokens, answer }: Granted): Promise<Bot> {
  const asked = await openSlack(tokens.token, deps).auth.test()
  return { botId: asked.bot_id ?? '', botUserId: answer.bot_user_id ?? asked.user_id ?? '' }
}

const redirectUri = ({ oauth }: InstallDeps): string => `${oauth.publicUrl}${REDIRECT_PATH}`
