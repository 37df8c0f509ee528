/** `auth.*`, `users.*` and `conversations.*`. */
import { type Answer, type Method, type MethodCall, missing, refuse, textArg } from './api-answer.ts'
import {
  type Channel,
  directChannel,
  findChannel,
  findUser,
  type Json,
  type User,
  type Workspace,
} from './workspace.ts'

function authTest({ context, workspace }: MethodCall): Answer {
  return {
    ok: true,
    url: `${context.publicUrl()}/`,
    team: workspace.teamName,
    user: findUser(workspace, workspace.botUserId)?.name ?? '',
    team_id: workspace.teamId,
    user_id: workspace.botUserId,
    bot_id: workspace.botId,
    ...(workspace.enterprise ? { enterprise_id: workspace.enterprise.id } : {}),
    is_enterprise_install: workspace.installedForOrg ?? false,
  }
}

function userOnTheWire(workspace: Workspace, user: User): Json {
  return {
    id: user.id,
    team_id: workspace.teamId,
    name: user.name,
    deleted: user.isDeleted === true,
    real_name: user.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: workspace.teamId,
    },
    is_admin: user.isAdmin,
    is_owner: user.isAdmin,
    is_primary_owner: user.isAdmin,
    is_restricted: user.isGuest === true,
    is_ultra_restricted: false,
    ...(workspace.enterprise
      ? { enterprise_user: { id: user.id, enterprise_id: workspace.enterprise.id, is_admin: user.isAdmin } }
      : {}),
    is_bot: user.isBot,
    is_app_user: false,
  }
}

function usersInfo({ workspace, args }: MethodCall): Answer {
  const lacking = missing(args, 'user')
  if (lacking) return lacking
  const user = findUser(workspace, textArg(args, 'user') ?? '')
  return user ? { ok: true, user: userOnTheWire(workspace, user) } : refuse('user_not_found')
}

function usersList({ workspace }: MethodCall): Answer {
  const members = workspace.users.map((user) => userOnTheWire(workspace, user))
  return { ok: true, members, response_metadata: { next_cursor: '' } }
}

function channelOnTheWire(workspace: Workspace, channel: Channel): Json {
  if (channel.imUserId !== null)
    return { id: channel.id, is_im: true, is_channel: false, user: channel.imUserId, is_open: true }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_archived: false,
    is_general: channel.name === 'general',
    is_member: channel.members.includes(workspace.botUserId),
    num_members: channel.members.length,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  }
}

function conversationsInfo({ workspace, args }: MethodCall): Answer {
  const lacking = missing(args, 'channel')
  if (lacking) return lacking
  const channel = findChannel(workspace, textArg(args, 'channel') ?? '')
  return channel ? { ok: true, channel: channelOnTheWire(workspace, channel) } : refuse('channel_not_found')
}

function conversationsList({ workspace, args }: MethodCall): Answer {
  const types = (textArg(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim())
  const channels = workspace.channels
    .filter((channel) => types.includes(channel.imUserId === null ? 'public_channel' : 'im'))
    .map((channel) => channelOnTheWire(workspace, channel))
  return { ok: true, channels, response_metadata: { next_cursor: '' } }
}

function conversationsOpen({ context, workspace, args }: MethodCall): Answer {
  const wanted = textArg(args, 'channel')
  if (wanted !== null) {
    const channel = findChannel(workspace, wanted)
    return channel ? { ok: true, channel: { id: channel.id } } : refuse('channel_not_found')
  }
  const lacking = missing(args, 'users')
  if (lacking) return lacking
  const [userId, ...others] = (textArg(args, 'users') ?? '').split(',')
  if (others.length > 0) return refuse('not_enough_scopes')
  const user = findUser(workspace, userId ?? '')
  if (user === undefined) return refuse('user_not_found')
  if (user.isBot) return refuse('cannot_dm_bot')
  const channel = directChannel(workspace, user.id)
  context.changed({ kind: 'workspace' })
  return { ok: true, channel: { id: channel.id } }
}

function conversationsJoin({ context, workspace, args }: MethodCall): Answer {
  const lacking = missing(args, 'channel')
  if (lacking) return lacking
  const channel = findChannel(workspace, textArg(args, 'channel') ?? '')
  if (channel === undefined) return refuse('channel_not_found')
  if (channel.imUserId !== null) return refuse('method_not_supported_for_channel_type')
  if (!channel.members.includes(workspace.botUserId)) channel.members.push(workspace.botUserId)
  context.changed({ kind: 'workspace' })
  return { ok: true, channel: channelOnTheWire(workspace, channel) }
}

export const peopleMethods: Record<string, Method> = {
  'auth.test': { scope: null, run: authTest },
  'users.info': { scope: 'users:read', run: usersInfo },
  'users.list': { scope: 'users:read', run: usersList },
  'conversations.info': { scope: 'channels:read', run: conversationsInfo },
  'conversations.list': { scope: 'channels:read', run: conversationsList },
  'conversations.open': { scope: 'im:write', run: conversationsOpen },
  'conversations.join': { scope: 'channels:join', run: conversationsJoin },
}
