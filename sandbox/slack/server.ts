/**
 * The local Slack workspace: Web API, deliveries to the app, and the page, in one Fastify server.
 * Invariant: it listens on loopback only, and answers nobody who reached it under another name.
 */
import { isIP } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import type { CommandHint } from '../page/document.tsx'
import { registerPage } from '../page/routes.tsx'
import { ackTimeoutMs } from './deliver.ts'
import { openEvents, retryDelaysMs } from './events.ts'
import { openFileStore } from './file-store.ts'
import { type OAuthOptions, openGrants } from './grants.ts'
import { registerOAuth } from './oauth-routes.ts'
import { type Inspected, openContext, type SandboxContext, type SandboxLog } from './sandbox-context.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import type { RegisteredShortcut } from './shortcuts.ts'
import { parseForm, registerSlack } from './slack-routes.ts'
import { openSocketMode, type SocketControl, type SocketModeOptions } from './socket-mode.ts'
import { openStateFile, readStateFile } from './state-file.ts'
import { registerVerbs } from './verb-routes.ts'
import { buildVerbs, type SandboxVerbs } from './verbs.ts'
import { seededWorkspace, type User, type WorkspaceSeed } from './workspace.ts'

const defaultScopes: readonly string[] = [
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'users:read',
  'im:write',
  'channels:read',
  'channels:join',
]

/** What the composer offers when a person types `/`. */
const defaultHints: readonly CommandHint[] = [
  { text: '/lens spend', about: 'What this month has cost so far' },
  { text: '/lens spend 7d by model', about: 'A chart of the last seven days' },
  { text: '/lens budget', about: 'Make a budget, with a card in a channel' },
  { text: '/lens help', about: 'What LensAI can do' },
  { text: '/invite @LensAI', about: 'Add LensAI to this channel' },
]

/** As the app's manifest registers them. */
const defaultShortcuts: readonly RegisteredShortcut[] = [
  { callbackId: 'shortcut_spend', type: 'global', name: 'Spend this month' },
  { callbackId: 'shortcut_budget', type: 'global', name: 'Set a budget' },
  { callbackId: 'shortcut_answer', type: 'message', name: 'Answer with LensAI' },
]

export interface SandboxOptions {
  host: string
  /** 0 takes any free port. */
  port: number
  publicUrl?: string
  signingSecret: string
  botToken: string
  /** The app's base URL; requests go to its `/slack/events`. */
  appUrl: string
  stateFile: string | null
  now: () => Date
  log: SandboxLog
  commands?: readonly string[]
  shortcuts?: readonly RegisteredShortcut[]
  hints?: readonly CommandHint[]
  scopes?: readonly string[]
  extraTokens?: readonly string[]
  extraUsers?: readonly User[]
  rateLimits?: boolean
  fileProcessingMs?: number
  ackTimeoutMs?: number
  /** Lets the app be installed by OAuth; null for the one token alone. */
  oauth?: OAuthOptions
  /** Further workspaces, without the app. */
  workspaces?: readonly WorkspaceSeed[]
  /** False: the first workspace is without the app too. */
  installed?: boolean
  eventRetryDelaysMs?: readonly number[]
  /** Turns Socket Mode on: deliveries go over connections that the app opens, and none over HTTP. */
  socketMode?: SocketModeOptions
}

export interface SandboxSlack extends SandboxVerbs {
  url: string
  /** What WebClient's `slackApiUrl` takes. */
  apiUrl: string
  /** The verbs of one workspace; the others are of the first. */
  in: (teamId: string) => SandboxVerbs
  /** From now on Slack refuses every refresh token that it has given. */
  spoilRefreshTokens: () => void
  /** The connections of Socket Mode; null where it is off. */
  sockets: SocketControl | null
  /** Every payload of the app, of all workspaces, that was held against the limits, and those that broke one. */
  inspected: Inspected
  /** From now on messages with such blocks are refused, as by a workspace that does not have them. */
  refuseBlocks: (...types: string[]) => void
  close: () => Promise<void>
}

const bodyBytesMax = 25_000_000
const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

export async function openSandboxSlack(options: SandboxOptions): Promise<SandboxSlack> {
  refuseOpenHost(options.host)
  const state = await readStateFile(options.stateFile)
  let url = ''
  const context = openContext({
    state,
    now: options.now,
    log: options.log,
    publicUrl: () => options.publicUrl ?? url,
    files: openFileStore(options.stateFile === null ? null : `${options.stateFile}.files`),
    fileProcessingMs: options.fileProcessingMs ?? 300,
    rateLimits: options.rateLimits ?? true,
  })
  addWorkspaces(context, options.workspaces ?? [])
  if (options.installed === false) context.workspace().installed = false
  addUsers(context, options.extraUsers ?? [])
  const stateFile = openStateFile(options.stateFile, state, (error) =>
    options.log.warn({ err: error }, 'the snapshot of the local Slack workspace could not be written'),
  )
  context.onChange(stateFile.changed)
  const socketMode = options.socketMode
    ? openSocketMode(options.socketMode, {
        ...{ now: options.now, log: options.log, publicUrl: context.publicUrl },
        appId: context.workspace().appId,
      })
    : null
  const deps = {
    context,
    socketMode,
    requestUrl: new URL('/slack/events', options.appUrl).href,
    signingSecret: options.signingSecret,
    ackTimeoutMs: options.ackTimeoutMs ?? ackTimeoutMs,
    commands: options.commands ?? ['/lens'],
    shortcuts: options.shortcuts ?? defaultShortcuts,
  }
  const grants = options.oauth
    ? openGrants({ state, now: options.now, rotation: options.oauth.rotation })
    : null
  const floors = state.workspaces.map((workspace) => {
    const seen = { ...deps, context: context.of(workspace) }
    const events = openEvents({ ...seen, retryDelaysMs: options.eventRetryDelaysMs ?? retryDelaysMs })
    return { workspace, events, verbs: buildVerbs(seen, events, grants) }
  })
  const floorOf = (teamId: string) => {
    const floor = floors.find(({ workspace }) => workspace.teamId === teamId)
    if (floor === undefined) throw new SandboxRefusal('team_not_found', `there is no workspace ${teamId}`)
    return floor
  }
  const { verbs } = floorOf(context.workspace().teamId)
  const knownScopes = options.scopes ?? defaultScopes
  const server = buildServer(options)
  registerSlack(server, {
    context,
    tokens: new Set([options.botToken, ...(options.extraTokens ?? [])]),
    scopes: knownScopes,
    oauth: options.oauth && grants ? { options: options.oauth, grants } : null,
    socketMode,
    tell: ({ teamId }, event) => void floorOf(teamId).events.send(event),
  })
  if (options.oauth && grants) registerOAuth(server, { context, grants, oauth: options.oauth, knownScopes })
  registerVerbs(server, (teamId) => (teamId === null ? verbs : floorOf(teamId).verbs))
  registerPage(server, {
    ...{ context, shortcuts: deps.shortcuts, hints: options.hints ?? defaultHints },
    installUrl: options.oauth ? new URL('/slack/install', options.appUrl).href : null,
  })
  if (socketMode) server.server.on('upgrade', (request, socket) => socketMode.upgrade(request, socket))
  url = (await server.listen({ host: options.host, port: options.port })).replace(/\/$/, '')
  return {
    ...verbs,
    url: context.publicUrl(),
    apiUrl: `${context.publicUrl()}/api/`,
    in: (teamId) => floorOf(teamId).verbs,
    sockets: socketMode,
    spoilRefreshTokens: () => grants?.spoilRefreshTokens(),
    inspected: context.inspected,
    refuseBlocks: (...types) => {
      // The same set: what sees another workspace holds a copy of the context.
      context.blocksRefused.clear()
      for (const type of types) context.blocksRefused.add(type)
    },
    async close() {
      for (const { events } of floors) events.close()
      socketMode?.close()
      await server.close()
      await stateFile.close()
    },
  }
}

function refuseOpenHost(host: string): void {
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  if (!loopback)
    throw new SandboxRefusal(
      'host_not_loopback',
      `the local Slack workspace has no sign-in, so it listens on loopback only: ${host} is not 127.0.0.1, ::1 or localhost`,
    )
}

/** Those of an earlier run are there already. */
function addWorkspaces({ state }: SandboxContext, seeds: readonly WorkspaceSeed[]): void {
  for (const seed of seeds) {
    if (!state.workspaces.some(({ teamId }) => teamId === seed.teamId))
      state.workspaces.push(seededWorkspace(seed))
  }
}

/** Everybody is in the public channels; people of an earlier run are not added twice. */
function addUsers(context: SandboxContext, users: readonly User[]): void {
  const workspace = context.workspace()
  for (const user of users) {
    if (workspace.users.some((one) => one.id === user.id)) continue
    workspace.users.push({ ...user })
    for (const channel of workspace.channels) if (channel.imUserId === null) channel.members.push(user.id)
  }
}

function buildServer(options: SandboxOptions): FastifyInstance {
  const server = Fastify({ bodyLimit: bodyBytesMax, forceCloseConnections: true })
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, body: string | Buffer) => parseForm(String(body)),
  )
  server.removeContentTypeParser('text/plain')
  server.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (_request: unknown, body: string | Buffer) => body,
  )
  const publicHost = options.publicUrl === undefined ? null : new URL(options.publicUrl).hostname
  server.addHook('onRequest', async (request, reply) => {
    const { hostname, headers } = request
    const known = loopbackNames.has(hostname) || hostname === publicHost || hostname === options.host
    const { origin } = headers
    const foreign = origin !== undefined && new URL(origin, 'http://nowhere.invalid').host !== request.host
    if (!known || foreign)
      return await reply
        .status(403)
        .send({ code: 'foreign_request', message: 'this server answers its own page only' })
  })
  server.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof SandboxRefusal)
      return await reply.status(409).send({ code: error.code, message: error.message })
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status >= 500) options.log.warn({ err: error }, 'a request to the local Slack workspace failed')
    const message = error instanceof Error ? error.message : 'failed'
    return await reply.status(status).send({ code: 'request_failed', message })
  })
  return server
}
