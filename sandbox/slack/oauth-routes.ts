/** Slack's page that asks a person whether an app may be installed, and where it sends them afterwards. Works without scripts. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Grants, OAuthOptions } from './grants.ts'
import type { SandboxContext } from './sandbox-context.ts'
import { isObject, type Json } from './validate-shape.ts'
import { findUser, type GrantPlace, type User, type Workspace } from './workspace.ts'

export interface OAuthDeps {
  context: SandboxContext
  grants: Grants
  oauth: OAuthOptions
  knownScopes: readonly string[]
}

const PATH = '/oauth/v2/authorize'

export function registerOAuth(server: FastifyInstance, deps: OAuthDeps): void {
  server.get(PATH, async (request, reply) => {
    const asked = readAsked(deps, isObject(request.query) ? request.query : {})
    return 'problem' in asked ? await refusePage(reply, asked.problem) : await askPage(reply, deps, asked)
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

async function refusePage(reply: FastifyReply, problem: string): Promise<FastifyReply> {
  return await sendPage(reply.status(400), 'Something went wrong', `<p>${escaped(problem)}</p>`)
}

async function askPage(reply: FastifyReply, { context }: OAuthDeps, asked: Asked): Promise<FastifyReply> {
  const { workspaces } = context.state
  const team = asked.original.team
  const places = workspaces
    .filter((one) => !team || one.teamId === team)
    .map(({ teamId, teamName }) => [teamId, teamName])
  const orgs = new Map(
    workspaces.flatMap(({ enterprise: org }) => (org ? [[org.id, `all of ${org.name}`]] : [])),
  )
  const people = new Map(
    workspaces.flatMap(({ users }) => users.filter((one) => !one.isBot).map((one) => [one.id, one.realName])),
  )
  const hidden = Object.entries(asked.original)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('')
  const body = `<form method="post" action="${PATH}">${hidden}
<p><label>Where <select name="where">${options([...places, ...orgs])}</select></label>
<label>As <select name="user">${options([...people])}</select></label></p>
<p>It may:</p><ul>${asked.scopes.map((scope) => `<li><code>${escaped(scope)}</code></li>`).join('')}</ul>
<p><button name="decision" value="deny">Cancel</button> <button name="decision" value="allow">Allow</button></p></form>`
  return await sendPage(reply, `${nameOf(workspaces)} asks for access`, body)
}

const nameOf = (workspaces: readonly Workspace[]): string => workspaces[0]?.appName ?? 'An app'

const options = (choices: readonly (readonly (string | undefined)[])[]): string =>
  choices.map(([id = '', name = '']) => `<option value="${escaped(id)}">${escaped(name)}</option>`).join('')

/** No policy on where a form may lead: after it, the browser follows the way back to the app. */
async function sendPage(reply: FastifyReply, title: string, body: string): Promise<FastifyReply> {
  return await reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    })
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>` +
        `<style>body{font:16px/1.5 sans-serif;max-width:36rem;margin:10vh auto}</style><h1>${escaped(title)}</h1>${body}</html>`,
    )
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
