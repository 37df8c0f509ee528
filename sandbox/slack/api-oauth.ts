/** The methods of the Web API about tokens: they take the app's own name and password, not a token to act with. */
import { type Answer, refuse, textArg } from './api-answer.ts'
import { type Grants, type OAuthOptions, placeOf, TOKEN_LIFE_S } from './grants.ts'
import type { SandboxContext } from './sandbox-context.ts'
import type { Grant, GrantPlace, Json, Workspace } from './workspace.ts'

export interface TokenCall {
  context: SandboxContext
  grants: Grants
  oauth: OAuthOptions
  args: Json
  authorization: string | undefined
}

/** The two ways to say who the app is: in the form, or as Basic. */
function refusalOfClient({ oauth, args, authorization }: TokenCall): Answer | null {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
  const [id, password] = basic
    ? Buffer.from(basic, 'base64').toString('utf8').split(':')
    : [textArg(args, 'client_id'), textArg(args, 'client_secret')]
  if (id !== oauth.clientId) return refuse('invalid_client_id')
  return password === oauth.clientSecret ? null : refuse('bad_client_secret')
}

export function accessToken(call: TokenCall): Answer {
  const { context, grants, args } = call
  const refused = refusalOfClient(call)
  if (refused) return refused
  const kind = textArg(args, 'grant_type') ?? 'authorization_code'
  if (kind === 'refresh_token') {
    const grant = grants.redeemRefreshToken(textArg(args, 'refresh_token') ?? '')
    return grant ? grantOnTheWire(context, grant) : refuse('invalid_refresh_token')
  }
  if (kind !== 'authorization_code') return refuse('invalid_grant_type')
  const grant = grants.redeemCode(textArg(args, 'code') ?? '', textArg(args, 'redirect_uri'))
  if (typeof grant === 'string') return refuse(grant)
  for (const workspace of workspacesAt(context, grant.place)) {
    // A workspace's own installation goes on when its organisation installs the app too.
    if (grant.place.teamId === null && workspace.installed && !workspace.installedForOrg) continue
    workspace.installed = true
    workspace.installedForOrg = grant.place.teamId === null
  }
  context.changed({ kind: 'workspace' })
  return { ...grantOnTheWire(context, grant), authed_user: { id: grant.userId } }
}

export function workspacesAt({ state }: SandboxContext, { teamId, enterpriseId }: GrantPlace): Workspace[] {
  return state.workspaces.filter((one) =>
    teamId === null ? one.enterprise?.id === enterpriseId : one.teamId === teamId,
  )
}

function grantOnTheWire(context: SandboxContext, grant: Grant): Answer {
  const [workspace] = workspacesAt(context, grant.place)
  const isWhole = grant.place.teamId === null
  return {
    ok: true,
    app_id: workspace?.appId ?? '',
    access_token: grant.token,
    token_type: 'bot',
    scope: grant.scopes.join(','),
    bot_user_id: workspace?.botUserId ?? '',
    ...(grant.refreshToken === null ? {} : { refresh_token: grant.refreshToken, expires_in: TOKEN_LIFE_S }),
    team: isWhole || !workspace ? null : { id: workspace.teamId, name: workspace.teamName },
    enterprise: workspace?.enterprise ?? null,
    is_enterprise_install: isWhole,
  }
}

/** Ends every token of the place where the workspace has the app, and the app's stay there. */
export function uninstallFrom(context: SandboxContext, grants: Grants | null, workspace: Workspace): Grant[] {
  const place = placeOf(workspace)
  const gone = grants?.withdraw(place) ?? []
  for (const one of workspacesAt(context, place)) {
    if (one === workspace || one.installedForOrg) one.installed = false
  }
  context.changed({ kind: 'workspace' })
  return gone
}

export const mayUninstall = refusalOfClient
