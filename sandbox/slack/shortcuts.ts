/**
 * Shortcuts that a person picks: global ones from the composer, and those of a message. Only what the app has registered
 * is there to pick, as with Slack's own menus.
 */
import type { CommandDeps } from './commands.ts'
import type { Delivery } from './deliver.ts'
import { deliverInteraction, userNamed } from './interactions.ts'
import { messageOnTheWire } from './messages.ts'
import { interactionHead } from './payloads.ts'
import { issueResponseUrl } from './response-urls.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { findChannel, findMessage, type Json, type User } from './workspace.ts'

export interface RegisteredShortcut {
  callbackId: string
  type: 'global' | 'message'
  /** As the menus show it. */
  name: string
}

export interface PickRequest {
  userId: string
  callbackId: string
  /** The message, of a shortcut for messages. */
  channelId?: string
  messageTs?: string
}

export interface ShortcutDeps extends CommandDeps {
  shortcuts: readonly RegisteredShortcut[]
}

export async function pickShortcut(deps: ShortcutDeps, request: PickRequest): Promise<Delivery> {
  const { callbackId, channelId, messageTs } = request
  const user = userNamed(deps, request.userId)
  const type = channelId === undefined ? 'global' : 'message'
  if (!deps.shortcuts.some((one) => one.callbackId === callbackId && one.type === type))
    throw new SandboxRefusal('shortcut_not_found', `the app has no ${type} shortcut ${callbackId}`)
  const payload =
    channelId === undefined
      ? globalPayload(deps, user, callbackId)
      : messagePayload(deps, user, { callbackId, channelId, messageTs: messageTs ?? '' })
  return await deliverInteraction(deps, `shortcut:${callbackId}`, payload)
}

function globalPayload({ context }: ShortcutDeps, user: User, callbackId: string): Json {
  const workspace = context.workspace()
  return {
    ...interactionHead(workspace, user, 'shortcut'),
    callback_id: callbackId,
    action_ts: context.nextTs(),
    trigger_id: context.triggers.issue({
      ...{ teamId: workspace.teamId, userId: user.id, viewId: null, channelId: null },
    }),
  }
}

function messagePayload(
  { context }: ShortcutDeps,
  user: User,
  { callbackId, channelId, messageTs }: { callbackId: string; channelId: string; messageTs: string },
): Json {
  const workspace = context.workspace()
  const channel = findChannel(workspace, channelId)
  const message = findMessage(workspace, channelId, messageTs)
  // What only one person sees has no menu of shortcuts.
  if (channel === undefined || message === undefined || message.visibleTo !== null)
    throw new SandboxRefusal('message_not_found', `${user.name} sees no message ${messageTs} there`)
  return {
    ...interactionHead(workspace, user, 'message_action'),
    callback_id: callbackId,
    action_ts: context.nextTs(),
    trigger_id: context.triggers.issue({
      ...{ teamId: workspace.teamId, userId: user.id, viewId: null, channelId },
    }),
    response_url: issueResponseUrl(context, {
      ...{ channelId, userId: user.id, messageTs: null, threadTs: message.threadTs },
    }),
    message_ts: message.ts,
    channel: { id: channel.id, name: channel.imUserId === null ? channel.name : 'directmessage' },
    message: messageOnTheWire(workspace, message),
  }
}
