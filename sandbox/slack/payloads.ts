/** What an app receives: the payloads of interactions, as Slack builds them. */
import { messageOnTheWire } from './messages.ts'
import type { PlacedElement } from './view-values.ts'
import { viewOnTheWire } from './views.ts'
import type { Channel, Json, Message, User, View, ViewValues, Workspace } from './workspace.ts'

/** The deprecated verification token: still in every payload, and good for nothing. */
export const verificationToken = 'local-verification-token'

export function interactionHead(workspace: Workspace, user: User, type: string): Json {
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: workspace.teamId },
    team: {
      id: workspace.teamId,
      domain: workspace.domain,
      ...(workspace.enterprise
        ? { enterprise_id: workspace.enterprise.id, enterprise_name: workspace.enterprise.name }
        : {}),
    },
    api_app_id: workspace.appId,
    token: verificationToken,
    enterprise: workspace.enterprise ?? null,
    is_enterprise_install: workspace.installedForOrg ?? false,
  }
}

export interface Press {
  placed: PlacedElement
  /** What the element now holds: `{ selected_option }`, `{ value }` and so on. */
  held: Json
  actionTs: string
}

function actionOnTheWire(press: Press): Json {
  const { placed, held, actionTs } = press
  const { element } = placed
  return {
    action_id: placed.actionId,
    block_id: placed.blockId,
    ...(element.text === undefined ? {} : { text: element.text }),
    ...(element.value === undefined ? {} : { value: element.value }),
    ...(element.style === undefined ? {} : { style: element.style }),
    ...held,
    type: element.type,
    action_ts: actionTs,
  }
}

export interface MessagePress extends Press {
  message: Message
  channel: Channel
  values: ViewValues
  responseUrl: string
  triggerId: string
}

export function messageActionPayload(workspace: Workspace, user: User, press: MessagePress): Json {
  const { message, channel } = press
  const ephemeral = message.visibleTo !== null
  return {
    ...interactionHead(workspace, user, 'block_actions'),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    trigger_id: press.triggerId,
    channel: { id: channel.id, name: channel.imUserId === null ? channel.name : 'directmessage' },
    ...(ephemeral ? {} : { message: messageOnTheWire(workspace, message) }),
    state: { values: press.values },
    response_url: press.responseUrl,
    actions: [actionOnTheWire(press)],
  }
}

export function viewActionPayload(
  workspace: Workspace,
  user: User,
  press: Press & { view: View; triggerId: string },
): Json {
  return {
    ...interactionHead(workspace, user, 'block_actions'),
    container: { type: 'view', view_id: press.view.id },
    trigger_id: press.triggerId,
    view: viewOnTheWire(workspace, press.view),
    actions: [actionOnTheWire(press)],
  }
}

export function eventEnvelope(
  workspace: Workspace,
  event: Json,
  ids: { eventId: string; eventTime: number },
): Json {
  return {
    token: verificationToken,
    team_id: workspace.teamId,
    ...(workspace.enterprise ? { enterprise_id: workspace.enterprise.id } : {}),
    api_app_id: workspace.appId,
    event,
    type: 'event_callback',
    event_id: ids.eventId,
    event_time: ids.eventTime,
    authorizations: [
      {
        enterprise_id: workspace.enterprise?.id ?? null,
        team_id: workspace.installedForOrg ? null : workspace.teamId,
        user_id: workspace.botUserId,
        is_bot: true,
        is_enterprise_install: workspace.installedForOrg ?? false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${ids.eventId}`,
  }
}
