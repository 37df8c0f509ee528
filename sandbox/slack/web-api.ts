/**
 * One call of the Web API, from its headers and body to its answer: who calls, whether they may, what they get.
 * Invariant: every call is remembered with its answer, and no token with it.
 */
import { type Answer, type Method, refuse } from './api-answer.ts'
import { chatMethods } from './api-chat.ts'
import { fileMethods } from './api-files.ts'
import { accessToken, mayUninstall, uninstallFrom, workspacesAt } from './api-oauth.ts'
import { peopleMethods } from './api-people.ts'
import { viewMethods } from './api-views.ts'
import { refuseConnection } from './app-tokens.ts'
import type { Grants, OAuthOptions } from './grants.ts'
import { remembered, type SandboxContext } from './sandbox-context.ts'
import type { SocketMode } from './socket-mode.ts'
import { isObject, type Json } from './validate-shape.ts'
import type { Grant, Workspace } from './workspace.ts'

const methods: Record<string, Method> = {
  'api.test': { scope: null, run: ({ args }) => ({ ok: true, args }) },
  ...chatMethods,
  ...viewMethods,
  ...peopleMethods,
  ...fileMethods,
}

export interface ApiRequest {
  method: string
  httpMethod: string
  authorization: string | undefined
  body: unknown
}

export interface ApiResponse {
  status: number
  headers: Record<string, string>
  answer: Answer
}

export interface WebApiDeps {
  context: SandboxContext
  /** The tokens that are good here, and the scopes they carry. */
  tokens: ReadonlySet<string>
  scopes: readonly string[]
  oauth: { options: OAuthOptions; grants: Grants } | null
  socketMode: SocketMode | null
  /** Tells the app, from a workspace. */
  tell: (workspace: Workspace, event: Json) => void
}

export function answerCall(deps: WebApiDeps, request: ApiRequest): ApiResponse {
  const body = isObject(request.body) ? request.body : {}
  const { token: bodyToken, ...args } = body
  const token = /^Bearer (.+)$/i.exec(request.authorization ?? '')?.[1] ?? bodyToken
  const { method: name, httpMethod, authorization } = request
  const response = decide(deps, { name, httpMethod, token, args, authorization })
  remember(deps.context, request.method, withoutSecrets(args), {
    ...response,
    answer: withoutSecrets(response.answer),
  })
  return response
}

interface Called {
  name: string
  token: unknown
  args: Json
  httpMethod: string
  authorization: string | undefined
}

function decide(deps: WebApiDeps, called: Called): ApiResponse {
  const { name, args } = called
  const { context } = deps
  if (name === 'oauth.v2.access' && deps.oauth) {
    const { grants, options: oauth } = deps.oauth
    const waitSeconds = context.rateLimiter.take(name, null)
    if (waitSeconds !== null) return tooMany(waitSeconds, {})
    const { authorization } = called
    return { status: 200, headers: {}, answer: accessToken({ context, grants, oauth, args, authorization }) }
  }
  if (name === 'apps.connections.open') return openConnection(deps, called)
  const caller = callerOf(deps, called)
  if (caller.kind === 'refused') return { status: 200, headers: {}, answer: refuse(caller.error) }
  return act({ ...deps, context: caller.context, scopes: caller.scopes }, called, caller.grant)
}

function openConnection({ context, socketMode }: WebApiDeps, called: Called): ApiResponse {
  const waitSeconds = context.rateLimiter.take(called.name, null)
  if (waitSeconds !== null) return tooMany(waitSeconds, {})
  const answer = socketMode?.open(called) ?? refuseConnection([], called) ?? refuse('invalid_auth')
  return { status: 200, headers: {}, answer }
}

type Caller =
  | { kind: 'caller'; context: SandboxContext; scopes: readonly string[]; grant: Grant | null }
  | { kind: 'refused'; error: string }

/** Which workspace a token sees: its own. One of a whole organisation sees where what is asked for is. */
function callerOf({ context, tokens, scopes, oauth }: WebApiDeps, { token, args }: Called): Caller {
  const isKnown = typeof token === 'string' && !tokens.has(token)
  const use = isKnown && oauth ? oauth.grants.find(token) : null
  if (use === null || use.kind === 'invalid_auth') return { kind: 'caller', context, scopes, grant: null }
  if (use.kind !== 'good') return { kind: 'refused', error: use.kind }
  const { grant } = use
  const places = workspacesAt(context, grant.place).filter(
    (one) => one.installed && (grant.place.teamId !== null || one.installedForOrg),
  )
  const workspace = places.find((one) => holds(context, one, args)) ?? places[0]
  if (workspace === undefined) return { kind: 'refused', error: 'account_inactive' }
  return { kind: 'caller', context: context.of(workspace), scopes: grant.scopes, grant }
}

function holds(context: SandboxContext, workspace: Workspace, args: Json): boolean {
  const ids = [args.channel, args.channel_id, args.user, args.user_id, args.users, args.team_id, args.view_id]
  const owned = [
    workspace.teamId,
    ...[workspace.channels, workspace.users, workspace.views].flat().map(({ id }) => id),
  ]
  return (
    ids.some((id) => typeof id === 'string' && owned.includes(id)) ||
    context.triggers.teamOf(args.trigger_id) === workspace.teamId
  )
}

const tooMany = (waitSeconds: number, headers: Record<string, string>): ApiResponse => ({
  status: 429,
  headers: { ...headers, 'retry-after': String(waitSeconds) },
  answer: refuse('ratelimited'),
})

const SECRETS = ['client_secret', 'code', 'refresh_token', 'access_token']
function withoutSecrets<Kind extends Json>(args: Kind): Kind {
  return {
    ...args,
    ...Object.fromEntries(SECRETS.filter((name) => name in args).map((name) => [name, '(secret)'])),
  }
}

function act(deps: WebApiDeps, called: Called, grant: Grant | null): ApiResponse {
  const { name, token, args } = called
  const { context, scopes } = deps
  const headers = { 'x-oauth-scopes': scopes.join(',') }
  const plain = (answer: Answer): ApiResponse => ({ status: 200, headers, answer })
  const ending = grant && deps.oauth ? endToken(deps, deps.oauth, called, grant) : null
  if (ending) return plain(ending)
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return plain(refuse('unknown_method', { req_method: name }))
  const workspace = context.workspace()
  if (name !== 'api.test') {
    if (typeof token !== 'string' || token === '') return plain(refuse('not_authed'))
    if (deps.socketMode?.isAppToken(token)) return plain(refuse('not_allowed_token_type'))
    if (grant === null && !deps.tokens.has(token)) return plain(refuse('invalid_auth'))
    if (!workspace.installed) return plain(refuse('account_inactive'))
  }
  if (method.scope !== null && !scopes.includes(method.scope))
    return plain(refuse('missing_scope', { needed: method.scope, provided: scopes.join(',') }))
  const waitSeconds = context.rateLimiter.take(name, typeof args.channel === 'string' ? args.channel : null)
  if (waitSeconds !== null) return tooMany(waitSeconds, headers)
  return plain(method.run({ context, workspace, args }))
}

/** `auth.revoke` and `apps.uninstall`: the app gives its own token up. Null for any other method. */
function endToken(
  { context, tell }: WebApiDeps,
  { grants, options: oauth }: { options: OAuthOptions; grants: Grants },
  { name, args, authorization }: Called,
  grant: Grant,
): Answer | null {
  const workspace = context.workspace()
  const revoked: Json = { type: 'tokens_revoked', tokens: { oauth: [], bot: [workspace.botUserId] } }
  if (name === 'auth.revoke') {
    if (args.test === true || args.test === 'true' || args.test === '1') return { ok: true, revoked: false }
    grants.revoke(grant)
    tell(workspace, { ...revoked, event_ts: context.nextTs() })
    return { ok: true, revoked: true }
  }
  if (name !== 'apps.uninstall') return null
  const asForm = /^Basic /i.test(authorization ?? '') ? authorization : undefined
  const refused = mayUninstall({ context, grants, oauth, args, authorization: asForm })
  if (refused) return refused
  uninstallFrom(context, grants, workspace)
  tell(workspace, { ...revoked, event_ts: context.nextTs() })
  tell(workspace, { type: 'app_uninstalled', event_ts: context.nextTs() })
  return { ok: true }
}

function remember(context: SandboxContext, method: string, args: Json, response: ApiResponse): void {
  context.calls.push({
    atMs: context.now().getTime(),
    method,
    args,
    answer: response.answer,
    httpStatus: response.status,
  })
  if (context.calls.length > remembered.callsMax) context.calls.shift()
  if (!response.answer.ok)
    context.log.warn(
      { method, error: response.answer.error, response_metadata: response.answer.response_metadata },
      'the Web API refused a call',
    )
}
