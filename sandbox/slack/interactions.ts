/** What a person does with what the app shows: press, choose, open Home. Each act carries a fresh trigger. */

import { uninstallFrom } from './api-oauth.ts'
import { slackbotSays } from './commands.ts'
import { type DeliverDeps, type Delivery, deliver, failureName } from './deliver.ts'
import type { Events } from './events.ts'
import type { Grants } from './grants.ts'
import { messageActionPayload, viewActionPayload } from './payloads.ts'
import { issueResponseUrl } from './response-urls.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { isObject } from './validate-shape.ts'
import { optionsOf } from './validate-text.ts'
import { elementsOf, enterValues, initialValues, type PlacedElement } from './view-values.ts'
import { viewOnTheWire } from './views.ts'
import {
  type Channel,
  directChannel,
  findChannel,
  findMessage,
  findUser,
  findView,
  homeView,
  type Json,
  type User,
} from './workspace.ts'

export interface PressRequest {
  userId: string
  actionId: string
  blockId?: string
  /** Where it stands: a message, or a view (a modal or Home). */
  channelId?: string
  messageTs?: string
  viewId?: string
  /** What an element other than a button now holds, e.g. `{ selected_option: { value: '7d' } }`. */
  held?: Json
  /** What else is filled in around it, as `state.values`. */
  values?: Json
}

export function userNamed(deps: DeliverDeps, userId: string): User {
  const user = findUser(deps.context.workspace(), userId)
  if (user === undefined) throw new SandboxRefusal('user_not_found', `there is no user ${userId}`)
  return user
}

export async function deliverInteraction(deps: DeliverDeps, kind: string, payload: Json): Promise<Delivery> {
  return await deliver(deps, {
    kind,
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
  })
}

export async function press(deps: DeliverDeps, request: PressRequest): Promise<Delivery> {
  const user = userNamed(deps, request.userId)
  return request.viewId === undefined
    ? await pressInMessage(deps, user, request)
    : await pressInView(deps, user, request)
}

async function pressInMessage(deps: DeliverDeps, user: User, request: PressRequest): Promise<Delivery> {
  const { context } = deps
  const workspace = context.workspace()
  const message = findMessage(workspace, request.channelId ?? '', request.messageTs ?? '')
  const channel = findChannel(workspace, request.channelId ?? '')
  const seen = message && (message.visibleTo === null || message.visibleTo === user.id)
  if (channel === undefined || message === undefined || !seen)
    throw new SandboxRefusal(
      'message_not_found',
      `${user.name} sees no message ${request.messageTs ?? ''} there`,
    )
  const blocks = [
    ...message.blocks,
    ...message.attachments.flatMap((one) => (Array.isArray(one.blocks) ? one.blocks : [])),
  ]
  const placed = findElement(blocks, request)
  const values = enterValues({ blocks }, initialValues({ blocks }), withHeld(request, placed))
  const payload = messageActionPayload(workspace, user, {
    placed,
    held: heldBy(placed, values, request),
    actionTs: context.nextTs(),
    message,
    channel,
    values,
    responseUrl: issueResponseUrl(context, {
      channelId: channel.id,
      userId: user.id,
      messageTs: message.ts,
      threadTs: message.threadTs,
    }),
    triggerId: context.triggers.issue({
      teamId: workspace.teamId,
      userId: user.id,
      viewId: null,
      channelId: channel.id,
    }),
  })
  const delivery = await deliverInteraction(deps, `block_actions:${placed.actionId}`, payload)
  if (delivery.outcome !== 'acknowledged') sayItFailed(deps, { channel, user }, delivery)
  return delivery
}

async function pressInView(deps: DeliverDeps, user: User, request: PressRequest): Promise<Delivery> {
  const { context } = deps
  const workspace = context.workspace()
  const view = findView(workspace, request.viewId ?? '')
  if (view === undefined || view.userId !== user.id)
    throw new SandboxRefusal('view_not_found', `${user.name} sees no view ${request.viewId ?? ''}`)
  const placed = findElement(view.payload.blocks, request)
  refuseSilent(placed)
  view.values = enterValues(view.payload, view.values, withHeld(request, placed))
  const payload = viewActionPayload(workspace, user, {
    placed,
    held: heldBy(placed, view.values, request),
    actionTs: context.nextTs(),
    view,
    triggerId: context.triggers.issue({
      teamId: workspace.teamId,
      userId: user.id,
      viewId: view.type === 'modal' ? view.id : null,
      channelId: null,
    }),
  })
  const delivery = await deliverInteraction(deps, `block_actions:${placed.actionId}`, payload)
  if (delivery.outcome !== 'acknowledged')
    sayItFailed(deps, { channel: directChannel(workspace, user.id), user }, delivery)
  return delivery
}

function sayItFailed(deps: DeliverDeps, to: { channel: Channel; user: User }, delivery: Delivery): void {
  slackbotSays(
    deps,
    to,
    `Hmm, something went wrong with ${deps.context.workspace().appName}: "${failureName(delivery)}". Please try again.`,
  )
}

function findElement(blocks: unknown, request: PressRequest): PlacedElement {
  const found = elementsOf(blocks).filter(
    (one) =>
      one.actionId === request.actionId && (request.blockId === undefined || one.blockId === request.blockId),
  )
  const [first, second] = found
  if (first === undefined)
    throw new SandboxRefusal(
      'action_not_found',
      `there is nothing with the action id ${request.actionId} to press`,
    )
  if (second !== undefined)
    throw new SandboxRefusal('action_ambiguous', `${request.actionId} stands there twice: name its block id`)
  return first
}

/** An input tells the app of a change only where its block asks for that; otherwise the app hears of it on submission. */
function refuseSilent({ block, blockId, element }: PlacedElement): void {
  if (block.type !== 'input' || block.dispatch_action === true) return
  throw new SandboxRefusal(
    'input_is_silent',
    `the ${String(element.type)} in ${blockId} tells the app nothing before the modal is submitted`,
  )
}

function withHeld(request: PressRequest, placed: PlacedElement): Json {
  if (request.held === undefined) return request.values ?? {}
  const inBlock = request.values?.[placed.blockId]
  const others = typeof inBlock === 'object' && inBlock !== null ? inBlock : {}
  return { ...request.values, [placed.blockId]: { ...others, [placed.actionId]: request.held } }
}

/** Overflow menus act with a choice but hold none; buttons hold nothing. */
function heldBy(
  placed: PlacedElement,
  values: Record<string, Record<string, Json>>,
  request: PressRequest,
): Json {
  if (placed.element.type === 'overflow') return chosenOf(placed.element, request)
  const held = values[placed.blockId]?.[placed.actionId] ?? request.held ?? {}
  const { type: _type, ...rest } = held
  return rest
}

/** The whole option, as Slack sends it; nothing can be chosen that does not stand there. */
function chosenOf(element: Json, { actionId, held }: PressRequest): Json {
  const wanted = isObject(held?.selected_option) ? held.selected_option.value : undefined
  const option = optionsOf(element).find(({ value }) => value === wanted)
  if (option === undefined)
    throw new SandboxRefusal('option_not_found', `the menu ${actionId} has no choice ${String(wanted)}`)
  return { selected_option: option }
}

export async function openHome(deps: DeliverDeps, events: Events, userId: string): Promise<Delivery> {
  const { context } = deps
  const workspace = context.workspace()
  const user = userNamed(deps, userId)
  const view = homeView(workspace, user.id)
  return await events.send({
    type: 'app_home_opened',
    user: user.id,
    channel: directChannel(workspace, user.id).id,
    tab: 'home',
    ...(view ? { view: viewOnTheWire(workspace, view) } : {}),
    event_ts: context.nextTs(),
  })
}

/** The event alone: what Slack tells when somebody's tokens are withdrawn. */
export async function revokeTokens(
  { context }: DeliverDeps,
  events: Events,
  tokens: { bot: readonly string[]; oauth: readonly string[] },
): Promise<Delivery> {
  return await events.send({ type: 'tokens_revoked', tokens, event_ts: context.nextTs() })
}

export async function uninstall(deps: DeliverDeps, events: Events, grants: Grants | null): Promise<Delivery> {
  const { context } = deps
  const workspace = context.workspace()
  const gone = uninstallFrom(context, grants, workspace)
  if (gone.length > 0) await revokeTokens(deps, events, { bot: [workspace.botUserId], oauth: [] })
  return await events.send({ type: 'app_uninstalled', event_ts: deps.context.nextTs() })
}
