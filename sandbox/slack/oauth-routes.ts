/** Slack's page that asks a person whether an app may be installed, and where it sends them afterwards. Works without scripts. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { consentPage, offeredPlaces, refusalPage } from '../page/consent.tsx'
import type { Grants, OAuthOptions } from './grants.ts'
import type { SandboxContext } from './sandbox-context.ts'
import { isObject, type Json } from './validate-shape.ts'
import { findUser, type GrantPlace, type User } from './workspace.ts'

export interface OAuthDeps {
  context: SandboxContext
  grants: Grants
  oauth: OAuthOptions
  knownScopes: readonly string[]
}

const PATH = '/oauth/v2/authorize'

export function registerOAuth(server: FastifyInstance, deps: OAuthDeps): void {
  server.get(PATH, async (request, reply) => {
    const query = isObject(request.query) ? request.query : {}
    const asked = readAsked(deps, query)
    return 'problem' in asked
      ? await refusePage(reply, asked.problem)
      : await askPage(reply, deps, asked, word(query, 'where'))
  })
  server.post(PATH, async (request, reply) => {
    const body = isObject(request.body) ? request.body : {}
    const asked = readAsked(deps, body)
    if ('problem' in asked) return await refusePage(reply, asked.problem)
    const back = new URL(asked.redirectUri ?? deps.oauth.redirectUrls[0] ?? '')
    if (asked.state !== '') back.searchParams.set('state', asked.state)
    if (word(body, 'decision') !== 'allow') {
      back.searchParams.set('error', 'access_denied')
      return await reply.redirect(back.href, 302)
    }
    const chosen = choose(deps, body)
    if ('problem' in chosen) return await refusePage(reply, chosen.problem)
    const { place, user } = chosen
    const { scopes, redirectUri } = asked
    back.searchParams.set('code', deps.grants.issueCode({ place, userId: user.id, scopes, redirectUri }))
    return await reply.redirect(back.href, 302)
  })
}

interface Asked {
  scopes: string[]
  state: string
  redirectUri: string | null
  original: Record<string, string>
}

function readAsked({ oauth, knownScopes }: OAuthDeps, from: Json): Asked | { problem: string } {
  if (word(from, 'client_id') !== oauth.clientId) return { problem: 'Invalid client_id parameter' }
  const scopes = word(from, 'scope').split(',').filter(Boolean)
  if (scopes.length === 0) return { problem: 'No scopes requested' }
  const unknown = scopes.find((scope) => !knownScopes.includes(scope))
  if (unknown !== undefined) return { problem: `Invalid permissions requested: ${unknown}` }
  const redirectUri = word(from, 'redirect_uri') || null
  if (redirectUri === null && oauth.redirectUrls.length !== 1) return { problem: 'redirect_uri is missing' }
  if (redirectUri !== null && !oauth.redirectUrls.some((url) => isAtOrBelow(redirectUri, url))) {
    return { problem: 'redirect_uri did not match any configured URIs' }
  }
  const original = Object.fromEntries(
    ['client_id', 'scope', 'state', 'redirect_uri', 'team'].map((name) => [name, word(from, name)]),
  )
  return { scopes, state: word(from, 'state'), redirectUri, original }
}

function isAtOrBelow(uri: string, configured: string): boolean {
  if (!URL.canParse(uri)) return false
  const [asked, known] = [new URL(uri), new URL(configured)]
  return (
    asked.origin === known.origin && `${asked.pathname}/`.startsWith(`${known.pathname.replace(/\/$/, '')}/`)
  )
}

function choose(
  { context, oauth }: OAuthDeps,
  body: Json,
): { place: GrantPlace; user: User } | { problem: string } {
  const { workspaces } = context.state
  const where = word(body, 'where')
  const workspace = workspaces.find((one) => one.teamId === where || one.enterprise?.id === where)
  if (workspace === undefined) return { problem: 'Choose where to install it' }
  const user = workspaces
    .filter((one) => one === workspace || one.enterprise?.id === where)
    .map((one) => findUser(one, word(body, 'user')))
    .find((one) => one !== undefined)
  if (user === undefined || user.isBot) return { problem: 'You are not signed in there' }
  const enterpriseId = workspace.enterprise?.id ?? null
  if (where === workspace.teamId) return { place: { teamId: where, enterpriseId }, user }
  if (!oauth.orgDeploy) return { problem: 'This app cannot be installed for a whole organisation' }
  if (!user.isAdmin) return { problem: 'Only an admin of the organisation may install it for all' }
  return { place: { teamId: null, enterpriseId }, user }
}

const word = (from: Json, name: string): string => (typeof from[name] === 'string' ? from[name] : '')

const refusePage = async (reply: FastifyReply, problem: string): Promise<FastifyReply> =>
  await sendPage(reply.status(400), refusalPage(problem))

/** The workspace that the app named, or the person chose; else the first. */
async function askPage(
  reply: FastifyReply,
  { context, oauth }: OAuthDeps,
  asked: Asked,
  where: string,
): Promise<FastifyReply> {
  const { workspaces } = context.state
  const { team } = asked.original
  const offered = offeredPlaces(workspaces, oauth.orgDeploy).filter((one) => !team || one.where === team)
  const chosen = offered.find((one) => one.where === where) ?? offered[0]
  if (chosen === undefined) return await refusePage(reply, 'You are not signed in to that workspace')
  const appName = workspaces[0]?.appName ?? 'An app'
  const { original, scopes } = asked
  return await sendPage(reply, consentPage({ appName, path: PATH, original, scopes, offered, chosen }))
}

/** No policy on where a form may lead: after it, the browser follows the way back to the app. */
async function sendPage(reply: FastifyReply, page: string): Promise<FastifyReply> {
  return await reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    })
    .send(page)
}
