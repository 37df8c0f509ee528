/**
 * What a person types into the composer: a slash command, delivered to the app; `/invite`, Slack's own;
 * or plain talk, which stays in the channel.
 */
import type { Answer } from './api-answer.ts'
import { readContent } from './api-chat.ts'
import { type DeliverDeps, type Delivery, deliver, failureName } from './deliver.ts'
import { addMessage } from './messages.ts'
import { verificationToken } from './payloads.ts'
import { issueResponseUrl } from './response-urls.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { isObject } from './validate-shape.ts'
import { type Channel, findChannel, findUser, type User } from './workspace.ts'

export interface Typed {
  userId: string
  channelId: string
  text: string
}

export type CommandResult =
  | { kind: 'delivered'; delivery: Delivery }
  | { kind: 'handled_by_slack' }
  | { kind: 'posted'; ts: string }

export interface CommandDeps extends DeliverDeps {
  /** The commands the app has registered, such as `/lens`. */
  commands: readonly string[]
}

export async function runTyped(deps: CommandDeps, typed: Typed): Promise<CommandResult> {
  const { context } = deps
  const workspace = context.workspace()
  const user = findUser(workspace, typed.userId)
  if (user === undefined) throw new SandboxRefusal('user_not_found', `there is no user ${typed.userId}`)
  const channel = findChannel(workspace, typed.channelId)
  if (channel === undefined)
    throw new SandboxRefusal('channel_not_found', `there is no channel ${typed.channelId}`)
  const text = typed.text.trim()
  const [name = '', ...rest] = text.split(/\s+/)
  if (!text.startsWith('/')) {
    const posted = addMessage(context, { channelId: channel.id, userId: user.id, text })
    return { kind: 'posted', ts: posted.ts }
  }
  if (name === '/invite') return invite(deps, channel, user)
  if (!workspace.installed || !deps.commands.includes(name)) {
    slackbotSays(
      deps,
      { channel, user },
      `${name} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`,
    )
    return { kind: 'handled_by_slack' }
  }
  const delivery = await deliverCommand(deps, {
    channel,
    user,
    name,
    text: rest.length > 0 ? text.slice(name.length).trim() : '',
  })
  return { kind: 'delivered', delivery }
}

async function deliverCommand(
  deps: CommandDeps,
  command: { channel: Channel; user: User; name: string; text: string },
): Promise<Delivery> {
  const { context } = deps
  const workspace = context.workspace()
  const { channel, user } = command
  const form = new URLSearchParams({
    token: verificationToken,
    team_id: workspace.teamId,
    team_domain: workspace.domain,
    channel_id: channel.id,
    channel_name: channel.imUserId === null ? channel.name : 'directmessage',
    user_id: user.id,
    user_name: user.name,
    command: command.name,
    text: command.text,
    api_app_id: workspace.appId,
    is_enterprise_install: String(workspace.installedForOrg ?? false),
    ...(workspace.enterprise
      ? { enterprise_id: workspace.enterprise.id, enterprise_name: workspace.enterprise.name }
      : {}),
    response_url: issueResponseUrl(context, {
      channelId: channel.id,
      userId: user.id,
      messageTs: null,
      threadTs: null,
    }),
    trigger_id: context.triggers.issue({
      teamId: workspace.teamId,
      userId: user.id,
      viewId: null,
      channelId: channel.id,
    }),
  })
  const delivery = await deliver(deps, {
    kind: `command:${command.name}`,
    contentType: 'application/x-www-form-urlencoded',
    body: form.toString(),
  })
  const answered = delivery.outcome === 'acknowledged' ? showAnswer(deps, command, delivery.body) : null
  if (delivery.outcome !== 'acknowledged' || answered?.ok === false)
    slackbotSays(
      deps,
      command,
      `${command.name} failed with the error "${answered ? String(answered.error) : failureName(delivery)}"`,
    )
  return delivery
}

/** The body of the acknowledgement is a message: seen by the person alone unless it says `in_channel`. */
function showAnswer(
  deps: CommandDeps,
  command: { channel: Channel; user: User },
  body: unknown,
): Answer | null {
  const { context } = deps
  const args = typeof body === 'string' ? { text: body } : body
  if (
    !isObject(args) ||
    (args.text === undefined && args.blocks === undefined && args.attachments === undefined)
  )
    return null
  const read = readContent({ context, workspace: context.workspace(), args })
  if ('refused' in read) return read.refused
  addMessage(context, {
    ...read.content,
    channelId: command.channel.id,
    userId: context.workspace().botUserId,
    visibleTo: args.response_type === 'in_channel' ? null : command.user.id,
  })
  return { ok: true }
}

function invite(deps: CommandDeps, channel: Channel, user: User): CommandResult {
  const { context } = deps
  const workspace = context.workspace()
  const already = channel.members.includes(workspace.botUserId)
  if (!already && channel.imUserId === null) channel.members.push(workspace.botUserId)
  slackbotSays(
    deps,
    { channel, user },
    already
      ? `${workspace.appName} is already in this channel.`
      : `${workspace.appName} was added to #${channel.name}.`,
  )
  context.changed({ kind: 'workspace' })
  return { kind: 'handled_by_slack' }
}

export function slackbotSays(deps: DeliverDeps, to: { channel: Channel; user: User }, text: string): void {
  addMessage(deps.context, {
    channelId: to.channel.id,
    userId: 'USLACKBOT',
    text,
    visibleTo: to.user.id,
  })
}
