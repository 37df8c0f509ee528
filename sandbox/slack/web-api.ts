/**
 * One call of the Web API, from its headers and body to its answer: who calls, whether they may, what they get.
 * Invariant: every call is remembered with its answer, and no token with it.
 */
import { type Answer, type Method, refuse } from './api-answer.ts'
import { chatMethods } from './api-chat.ts'
import { fileMethods } from './api-files.ts'
import { peopleMethods } from './api-people.ts'
import { viewMethods } from './api-views.ts'
import { remembered, type SandboxContext } from './sandbox-context.ts'
import { isObject, type Json } from './validate-shape.ts'

const methods: Record<string, Method> = {
  'api.test': { scope: null, run: ({ args }) => ({ ok: true, args }) },
  ...chatMethods,
  ...viewMethods,
  ...peopleMethods,
  ...fileMethods,
}

export interface ApiRequest {
  method: string
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
}

export function answerCall(deps: WebApiDeps, request: ApiRequest): ApiResponse {
  const body = isObject(request.body) ? request.body : {}
  const { token: bodyToken, ...args } = body
  const token = /^Bearer (.+)$/i.exec(request.authorization ?? '')?.[1] ?? bodyToken
  const response = decide(deps, request.method, token, args)
  remember(deps.context, request.method, args, response)
  return response
}

function decide(deps: WebApiDeps, name: string, token: unknown, args: Json): ApiResponse {
  const { context, scopes } = deps
  const headers = { 'x-oauth-scopes': scopes.join(',') }
  const plain = (answer: Answer): ApiResponse => ({ status: 200, headers, answer })
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) return plain(refuse('unknown_method', { req_method: name }))
  const workspace = context.workspace()
  if (name !== 'api.test') {
    if (typeof token !== 'string' || token === '') return plain(refuse('not_authed'))
    if (!deps.tokens.has(token)) return plain(refuse('invalid_auth'))
    if (!workspace.installed) return plain(refuse('account_inactive'))
  }
  if (method.scope !== null && !scopes.includes(method.scope))
    return plain(refuse('missing_scope', { needed: method.scope, provided: scopes.join(',') }))
  const waitSeconds = context.rateLimiter.take(name, typeof args.channel === 'string' ? args.channel : null)
  if (waitSeconds !== null)
    return {
      status: 429,
      headers: { ...headers, 'retry-after': String(waitSeconds) },
      answer: refuse('ratelimited'),
    }
  return plain(method.run({ context, workspace, args }))
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
