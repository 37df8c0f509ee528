/** Two workspaces and an organisation of two, an app that is installed by OAuth, and a browser that installs it. */
import type { AppDeps } from '../app/deps.ts'
import type { OAuthOptions } from '../sandbox/slack/grants.ts'
import type { SandboxOptions, SandboxSlack } from '../sandbox/slack/server.ts'
import type { User, WorkspaceSeed } from '../sandbox/slack/workspace.ts'
import { type OpenedApp, type OpenOptions, openApp } from './opened-app.ts'

const person = (id: string, name: string, isAdmin: boolean): User => ({
  id,
  name,
  realName: name,
  isAdmin,
  isBot: false,
})

export const ACME = { teamId: 'T0ACME0001', costs: 'C0ACME0001COSTS', kim: 'U0KIM00001' }
export const GLOBEX = { teamId: 'T0GLOBEX01', costs: 'C0GLOBEX01COSTS', lee: 'U0LEE00001' }
export const GRID = {
  id: 'E0GRID0001',
  north: 'T0NORTH001',
  south: 'T0SOUTH001',
  root: 'U0ROOT0001',
  ann: 'U0ANN00001',
}

const grid = { id: GRID.id, name: 'Grid' }
export const workspaces: WorkspaceSeed[] = [
  // The same name on purpose: a name joins nothing.
  {
    teamId: ACME.teamId,
    teamName: 'Acme',
    users: [person(ACME.kim, 'Kim', true)],
    channels: ['costs'],
    botUserId: 'U0LENSACME',
  },
  {
    teamId: GLOBEX.teamId,
    teamName: 'Acme',
    users: [person(GLOBEX.lee, 'Lee', true)],
    channels: ['costs'],
    botUserId: 'U0LENSGLOB',
  },
  {
    teamId: GRID.north,
    teamName: 'North',
    enterprise: grid,
    users: [person(GRID.root, 'Root', true)],
    channels: ['costs'],
    botUserId: 'W0LENSGRID',
  },
  {
    teamId: GRID.south,
    teamName: 'South',
    enterprise: grid,
    users: [person(GRID.ann, 'Ann', false)],
    channels: ['costs'],
    botUserId: 'W0LENSGRID',
  },
]

export const client = { clientId: '123.456', clientSecret: 'the-client-secret' }

export async function openForInstalls(
  options: {
    readonly rotation?: boolean
    readonly sandbox?: Partial<SandboxOptions>
    readonly app?: OpenOptions['app']
  } = {},
): Promise<OpenedApp> {
  const oauth = (url: string): OAuthOptions => ({
    ...client,
    redirectUrls: [`${url}/slack/oauth_redirect`],
    rotation: options.rotation ?? true,
    orgDeploy: true,
  })
  return await openApp({
    sandbox: (url) => ({ installed: false, workspaces, oauth: oauth(url), ...options.sandbox }),
    app: (sandbox, url) => ({ ...oauthDeps(sandbox, url), ...options.app?.(sandbox, url) }),
  })
}

const oauthDeps = (sandbox: SandboxSlack, url: string): Partial<AppDeps> => ({
  oauth: { ...client, publicUrl: url, authorizeUrl: `${sandbox.url}/oauth/v2/authorize` },
})

export interface Page {
  readonly status: number
  readonly text: string
}

/** What a browser does: it follows, keeps the cookie, and presses a button of Slack's page. */
export async function install(
  opened: Pick<OpenedApp, 'url'>,
  choice: {
    readonly where: string
    readonly user: string
    readonly join?: string
    readonly decision?: string
  },
): Promise<Page> {
  const { way, cookie } = await begin(opened, choice.join)
  return await visit(await decide(way, choice), cookie)
}

export async function begin({ url }: Pick<OpenedApp, 'url'>, join?: string) {
  const first = await fetch(join ?? `${url}/slack/install`, { redirect: 'manual' })
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { way: first.headers.get('location') ?? '', cookie, page: first }
}

/** The address to which Slack sends the browser back. */
export async function decide(
  way: string,
  {
    where,
    user,
    decision = 'allow',
  }: { readonly where: string; readonly user: string; readonly decision?: string },
): Promise<string> {
  const asked = new URL(way)
  const form = new URLSearchParams(asked.search)
  for (const [name, value] of Object.entries({ where, user, decision })) form.set(name, value)
  const answer = await fetch(`${asked.origin}${asked.pathname}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const back = answer.headers.get('location')
  if (back === null) throw new Error(`Slack's page refused: ${await answer.text()}`)
  return back
}

export async function visit(back: string, cookie: string): Promise<Page> {
  const answer = await fetch(back, { headers: { cookie }, redirect: 'manual' })
  return { status: answer.status, text: await answer.text() }
}
