/** `oauth.v2.access`: a code, or a refresh token, for tokens. Either is good for one answer only. */
import { type OauthV2AccessResponse, WebClient } from '@slack/web-api'
import type { PlainTokens } from './installation-token.ts'
import { type SlackClientDeps, slackClientOptions } from './web-client.ts'

/** The app's own name and password at Slack. */
export interface SlackClientSecret {
  readonly clientId: string
  readonly clientSecret: string
}

export type Grant =
  | { readonly kind: 'code'; readonly code: string; readonly redirectUri: string }
  | { readonly kind: 'refresh'; readonly refreshToken: string }

export interface Granted {
  readonly tokens: PlainTokens
  readonly answer: OauthV2AccessResponse
}

/** Throws Slack's errors as `slackFailureOf` reads them. */
export async function askForTokens(
  deps: SlackClientDeps & { readonly oauth: SlackClientSecret; readonly now: () => Date },
  grant: Grant,
): Promise<Granted> {
  const { clientId: client_id, clientSecret: client_secret } = deps.oauth
  // Reckoned from before the question, so that we never think a token alive which is not.
  const askedAtMs = deps.now().getTime()
  const answer = await new WebClient(undefined, slackClientOptions(deps)).oauth.v2.access({
    client_id,
    client_secret,
    ...(grant.kind === 'code'
      ? { code: grant.code, redirect_uri: grant.redirectUri }
      : { grant_type: 'refresh_token', refresh_token: grant.refreshToken }),
  })
  const { access_token: token, refresh_token: refreshToken, expires_in: expiresInS } = answer
  if (!token) throw new Error('Slack granted an installation without a token of a bot')
  const rotation =
    refreshToken && expiresInS !== undefined
      ? { refreshToken, expiresAt: new Date(askedAtMs + expiresInS * 1000) }
      : null
  return { tokens: { token, rotation }, answer }
}
