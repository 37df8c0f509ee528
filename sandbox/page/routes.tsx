/**
 * The page: the whole document, its panes as fragments, its own assets, and a stream that says what changed.
 * Invariant: nothing on it comes from another host, and no script but our own files runs.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { SandboxContext } from '../slack/sandbox-context.ts'
import type { RegisteredShortcut } from '../slack/shortcuts.ts'
import { isObject } from '../slack/validate-shape.ts'
import { findUser, type Workspace } from '../slack/workspace.ts'
import { ChannelHead, ChannelPane, Messages, ThreadPane } from './channel-pane.tsx'
import { type CommandHint, Document } from './document.tsx'
import type { PaneProps } from './pane-props.ts'
import { Sidebar } from './sidebar.tsx'
import { registerTypefaces } from './typefaces.ts'
import { HomePane, ModalPane } from './view-panes.tsx'

export interface PageDeps {
  context: SandboxContext
  hints: readonly CommandHint[]
  shortcuts: readonly RegisteredShortcut[]
  /** Where the app is added to a workspace; null where it is there by a token. */
  installUrl: string | null
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https: http://127.0.0.1:* http://localhost:*",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const scripts = [
  ...['main.js', 'panes.js', 'acts.js', 'fields.js', 'composer.js', 'patch.js', 'confirm.js', 'menus.js'],
]
const styles = ['page.css', 'menus.css', 'consent.css']

export function registerPage(server: FastifyInstance, deps: PageDeps): void {
  const { context, hints } = deps
  server.get('/', async (request, reply) => {
    const props = readProps(deps, request)
    const document = <Document {...props} threadTs={query(request, 'thread')} hints={hints} />
    return await sendMarkup(reply, document, '<!doctype html>')
  })
  server.get('/page/fragment/:pane', async (request, reply) => {
    const pane = isObject(request.params) ? String(request.params.pane) : ''
    const fragment = fragmentNamed(pane, readProps(deps, request), query(request, 'thread') ?? '')
    return fragment === undefined ? await reply.status(404).send() : await sendMarkup(reply, fragment, '')
  })
  server.get('/page/changes', (request, reply) => streamChanges(context, request, reply))
  server.get('/archives/:channel/:message', async (request, reply) => {
    const channel = isObject(request.params) ? String(request.params.channel) : ''
    const thread = query(request, 'thread_ts')
    return await reply.redirect(
      `/?place=${encodeURIComponent(channel)}${thread ? `&thread=${encodeURIComponent(thread)}` : ''}`,
    )
  })
  // Slack's own way to an app: where an installation sends people.
  server.get('/app_redirect', async (request, reply) => {
    const asked = query(request, 'team') ?? ''
    const { workspaces } = context.state
    const found = workspaces.find(({ teamId, enterprise }) => teamId === asked || enterprise?.id === asked)
    return await reply.redirect(
      `/?${new URLSearchParams({ ...(found ? { team: found.teamId } : {}), place: 'home' })}`,
    )
  })
  registerAssets(server)
  registerTypefaces(server)
}

function fragmentNamed(pane: string, props: PaneProps, threadTs: string): ReactNode | undefined {
  switch (pane) {
    case 'sidebar':
      return <Sidebar {...props} />
    case 'main':
      return props.place === 'home' ? <HomePane {...props} /> : <ChannelPane {...props} />
    case 'head':
      return <ChannelHead {...props} />
    case 'messages':
      return <Messages {...props} />
    case 'thread':
      return <ThreadPane {...props} threadTs={threadTs} />
    case 'modal':
      return <ModalPane {...props} />
    default:
      return undefined
  }
}

function query(request: FastifyRequest, name: string): string | null {
  const value = isObject(request.query) ? request.query[name] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

/** Whoever is named, else the first person; where asked, else the first channel of theirs. */
function readProps({ context, shortcuts, installUrl }: PageDeps, request: FastifyRequest): PaneProps {
  const { workspaces } = context.state
  const workspace = workspaceOf(context, request)
  const named = findUser(workspace, query(request, 'user') ?? '')
  const user = named && !named.isBot ? named : workspace.users.find((one) => !one.isBot)
  const place =
    query(request, 'place') ??
    (workspace.channels.find((one) => one.name === 'llm-costs') ?? workspace.channels[0])?.id ??
    'home'
  return { workspace, workspaces, userId: user?.id ?? '', place, shortcuts, installUrl }
}

/** The one that is named, else the one of the channel, else the first. */
function workspaceOf(context: SandboxContext, request: FastifyRequest): Workspace {
  const { workspaces } = context.state
  const [team, place] = [query(request, 'team'), query(request, 'place')]
  return (
    workspaces.find(({ teamId }) => teamId === team) ??
    workspaces.find(({ channels }) => channels.some(({ id }) => id === place)) ??
    context.workspace()
  )
}

async function sendMarkup(reply: FastifyReply, node: ReactNode, prefix: string): Promise<FastifyReply> {
  return await reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(`${prefix}${renderToStaticMarkup(node)}`)
}

function streamChanges(context: SandboxContext, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  reply.raw.write(': open\n\n')
  const stop = context.onChange((change) => reply.raw.write(`data: ${JSON.stringify(change)}\n\n`))
  request.raw.once('close', stop)
}

function registerAssets(server: FastifyInstance): void {
  const serve = (path: string, type: string, read: () => Promise<string>): void => {
    server.get(
      path,
      async (_request, reply) =>
        await reply
          .type(type)
          .header('cache-control', 'no-cache')
          .send(await read()),
    )
  }
  const own = (name: string) => () => readFile(new URL(`./client/${name}`, import.meta.url), 'utf8')
  for (const name of scripts) serve(`/page/${name}`, 'text/javascript; charset=utf-8', own(name))
  for (const name of styles) serve(`/page/${name}`, 'text/css; charset=utf-8', own(name))
  serve('/page/blocks.css', 'text/css; charset=utf-8', rendererStyles)
}

/** The renderer's styles hang on an id (see `renderKnownBlock`), which is also what lifts them above its reset. */
async function rendererStyles(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css')
  const css = await readFile(path, 'utf8')
  return (
    css
      .replaceAll('.slack_blocks_to_jsx.styles_enabled', ':where(.slack_blocks_to_jsx.styles_enabled)')
      .replaceAll('#slack_blocks_to_jsx', '.slack_blocks_to_jsx')
      // Its own list of typefaces has no emoji and insists; the page's is inherited in its place.
      .replace(/font-family:-apple-system[^;}]*!important/g, 'font-family:inherit')
  )
}
