/**
 * What the stand-in remembers: workspaces with their people, channels, messages, views and files.
 * Invariant: everything here is plain JSON, so that a snapshot is the whole truth; bytes of files lie beside it.
 */
export type Json = Record<string, unknown>

export interface User {
  id: string
  name: string
  realName: string
  isAdmin: boolean
  /** In some channels only. */
  isGuest?: boolean
  isBot: boolean
  /** Their account was deactivated: the id stays, and they can do nothing any more. */
  isDeleted?: boolean
}

export interface Channel {
  id: string
  name: string
  topic: string
  /** Set when this is the direct conversation of the app with one person. */
  imUserId: string | null
  members: string[]
}

export interface Message {
  ts: string
  channelId: string
  userId: string
  botId: string | null
  text: string
  blocks: Json[]
  attachments: Json[]
  fileIds: string[]
  threadTs: string | null
  /** A reply that is shown in the channel too. */
  broadcast: boolean
  editedTs: string | null
  /** Set on an ephemeral message: the only person who sees it. */
  visibleTo: string | null
}

export interface View {
  id: string
  type: 'modal' | 'home'
  userId: string
  /** As the app sent it, with block ids filled in. */
  payload: Json
  hash: string
  rootViewId: string
  previousViewId: string | null
  externalId: string
  values: ViewValues
  /** What the app objected to on submission, by block id. */
  errors: Record<string, string>
}

export type ViewValues = Record<string, Record<string, Json>>

export interface FileRecord {
  id: string
  name: string
  title: string
  altText: string
  mimetype: string
  bytesExpected: number
  bytesStored: number
  state: 'expected' | 'uploaded' | 'completed'
  completedAtMs: number | null
  channelIds: string[]
  createdAtMs: number
}

export interface ResponseUrl {
  id: string
  channelId: string
  userId: string
  messageTs: string | null
  threadTs: string | null
  uses: number
  expiresAtMs: number
}

/** Where a token is good: one workspace, or, without a team, all of an organisation. */
export interface GrantPlace {
  teamId: string | null
  enterpriseId: string | null
}

export interface Grant {
  token: string
  refreshToken: string | null
  refreshUsed: boolean
  expiresAtMs: number | null
  place: GrantPlace
  userId: string
  scopes: string[]
  ended: 'token_revoked' | 'account_inactive' | null
}

export interface Workspace {
  teamId: string
  teamName: string
  domain: string
  appId: string
  appName: string
  botUserId: string
  botId: string
  installed: boolean
  /** The organisation it is part of, as Enterprise Grid has them. */
  enterprise?: { id: string; name: string }
  /** The app is here by an installation for all of the organisation. */
  installedForOrg?: boolean
  users: User[]
  channels: Channel[]
  messages: Message[]
  views: View[]
  /** Open modals by person, the last one on top. */
  modalStacks: Record<string, string[]>
  homeViewIds: Record<string, string>
  files: FileRecord[]
  responseUrls: ResponseUrl[]
}

export interface SandboxState {
  version: 1
  lastTsMicros: number
  workspaces: Workspace[]
  grants?: Grant[]
}

export const modalsMax = 3

export function startingState(): SandboxState {
  return { version: 1, lastTsMicros: 0, workspaces: [startingWorkspace()] }
}

/** A further workspace, in which the app is not installed yet. */
export interface WorkspaceSeed {
  teamId: string
  teamName: string
  enterprise?: { id: string; name: string }
  users: readonly User[]
  /** By name; their ids are made of the team's. Everybody is in them, and the app. */
  channels: readonly string[]
  /** In an organisation, the app is the same user everywhere. */
  botUserId: string
}

export function seededWorkspace(seed: WorkspaceSeed): Workspace {
  const { teamId, teamName, enterprise, botUserId } = seed
  const plain = startingWorkspace()
  return {
    ...plain,
    teamId,
    teamName,
    domain: teamName.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    botUserId,
    botId: `B${botUserId.slice(1)}`,
    installed: false,
    ...(enterprise ? { enterprise } : {}),
    users: [
      ...seed.users.map((user) => ({ ...user })),
      { id: botUserId, name: 'lensai', realName: 'LensAI', isAdmin: false, isBot: true },
    ],
    channels: seed.channels.map((name) => ({
      id: `C${teamId.slice(1)}${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`,
      name,
      topic: '',
      imUserId: null,
      members: [...seed.users.map(({ id }) => id), botUserId],
    })),
  }
}

function startingWorkspace(): Workspace {
  const people = ['U0ALEX0001', 'U0SAM00001']
  const bot = 'U0LENSAI01'
  const channel = (id: string, name: string, topic: string, members: string[]): Channel => ({
    id,
    name,
    topic,
    imUserId: null,
    members,
  })
  return {
    teamId: 'T0SANDBOX1',
    teamName: 'Local workspace',
    domain: 'local-workspace',
    appId: 'A0LENSAI01',
    appName: 'LensAI',
    botUserId: bot,
    botId: 'B0LENSAI01',
    installed: true,
    users: [
      { id: 'U0ALEX0001', name: 'alex', realName: 'Alex', isAdmin: true, isBot: false },
      { id: 'U0SAM00001', name: 'sam', realName: 'Sam', isAdmin: false, isBot: false },
      { id: bot, name: 'lensai', realName: 'LensAI', isAdmin: false, isBot: true },
    ],
    channels: [
      channel('C0GENERAL1', 'general', 'Company-wide talk', [...people, bot]),
      channel('C0LLMCOSTS', 'llm-costs', 'What the models cost us', [...people, bot]),
      channel('C0RANDOM01', 'random', 'Anything else', people),
    ],
    messages: [],
    views: [],
    modalStacks: {},
    homeViewIds: {},
    files: [],
    responseUrls: [],
  }
}

export function findUser(workspace: Workspace, userId: string): User | undefined {
  return workspace.users.find((user) => user.id === userId)
}

export function findChannel(workspace: Workspace, channelId: string): Channel | undefined {
  return workspace.channels.find((channel) => channel.id === channelId)
}

export function findMessage(workspace: Workspace, channelId: string, ts: string): Message | undefined {
  return workspace.messages.find((message) => message.channelId === channelId && message.ts === ts)
}

export function findView(workspace: Workspace, viewId: string): View | undefined {
  return workspace.views.find((view) => view.id === viewId)
}

export function topModal(workspace: Workspace, userId: string): View | undefined {
  const top = workspace.modalStacks[userId]?.at(-1)
  return top === undefined ? undefined : findView(workspace, top)
}

export function homeView(workspace: Workspace, userId: string): View | undefined {
  const id = workspace.homeViewIds[userId]
  return id === undefined ? undefined : findView(workspace, id)
}

/** The app's direct conversation with a person, made at first need, as Slack does. */
export function directChannel(workspace: Workspace, userId: string): Channel {
  const existing = workspace.channels.find((channel) => channel.imUserId === userId)
  if (existing) return existing
  const opened: Channel = {
    id: `D${userId.slice(1)}`,
    name: '',
    topic: '',
    imUserId: userId,
    members: [userId, workspace.botUserId],
  }
  workspace.channels.push(opened)
  return opened
}

/** Closed modals are forgotten, so that the snapshot does not grow with every dialog. */
export function setModalStack(workspace: Workspace, userId: string, stack: string[]): void {
  const before = workspace.modalStacks[userId] ?? []
  workspace.modalStacks[userId] = stack
  const gone = new Set(before.filter((id) => !stack.includes(id)))
  workspace.views = workspace.views.filter((view) => !gone.has(view.id))
}
