/** The `chat.*` methods. */
import {
  type Answer,
  channelToWrite,
  flagArg,
  jsonArg,
  type Method,
  type MethodCall,
  missing,
  objectsIn,
  refuse,
  refuseWithFaults,
  textArg,
} from './api-answer.ts'
import { inspectPayload } from './inspect-payload.ts'
import { addMessage, messageOnTheWire, removeMessage, replaceMessage } from './messages.ts'
import { breaks } from './validate-payload.ts'
import type { Fault } from './validate-shape.ts'
import { directChannel, findChannel, findMessage, findUser, type Json, type Message } from './workspace.ts'

export interface Content {
  text: string
  blocks: Json[]
  attachments: Json[]
}

/** What a message says, checked as Slack checks it; shared with response URLs. */
export function readContent(call: MethodCall): { refused: Answer } | { content: Content } {
  const { context, args } = call
  const blocks = jsonArg(args, 'blocks')
  const attachments = jsonArg(args, 'attachments')
  const text = textArg(args, 'text') ?? ''
  if (blocks === null || attachments === null) return { refused: refuse('invalid_blocks_format') }
  const faults = inspectPayload(context, { kind: 'message', text, blocks, attachments })
  const content = { text, blocks: objectsIn(blocks), attachments: objectsIn(attachments) }
  const refused = faults.length === 0 ? null : refusalOf(faults)
  if (refused) return { refused }
  const unknown = content.blocks.find(({ type }) => context.blocksRefused.has(String(type)))
  if (unknown)
    return { refused: refuse('invalid_blocks', { errors: [`unsupported type: ${String(unknown.type)}`] }) }
  if (text === '' && content.blocks.length === 0 && content.attachments.length === 0)
    return { refused: refuse('no_text') }
  return { content }
}

/** Under Slack's name for where the first fault lies. */
function refusalOf(faults: Fault[]): Answer {
  const under = (part: string) => faults.filter((fault) => fault.pointer.startsWith(part))
  if (under('/blocks').length > 0) return refuseWithFaults('invalid_blocks', under('/blocks'))
  if (breaks(faults, 'message.attachments')) return refuse('too_many_attachments')
  if (under('/attachments').length > 0) return refuseWithFaults('invalid_attachments', under('/attachments'))
  return refuse('msg_too_long')
}

/** An id, a `#name`, or a person: the app's direct conversation with them. */
function findPlace(call: MethodCall) {
  const { workspace, args } = call
  const wanted = textArg(args, 'channel') ?? ''
  const person = findUser(workspace, wanted)
  const channel = person
    ? directChannel(workspace, person.id)
    : (findChannel(workspace, wanted) ??
      workspace.channels.find((one) => one.name !== '' && `#${one.name}` === wanted))
  return channelToWrite(workspace, channel)
}

function postMessage(call: MethodCall): Answer {
  const { context, workspace, args } = call
  const lacking = missing(args, 'channel')
  if (lacking) return lacking
  const place = findPlace(call)
  if (place.kind === 'refused') return place.answer
  const read = readContent(call)
  if ('refused' in read) return read.refused
  const threadTs = textArg(args, 'thread_ts')
  const parent = threadTs ? findMessage(workspace, place.channel.id, threadTs) : undefined
  if (threadTs && parent === undefined) return refuse('thread_not_found')
  const message = addMessage(context, {
    ...read.content,
    channelId: place.channel.id,
    userId: workspace.botUserId,
    threadTs: parent ? (parent.threadTs ?? parent.ts) : null,
    broadcast: flagArg(args, 'reply_broadcast'),
  })
  return {
    ok: true,
    channel: place.channel.id,
    ts: message.ts,
    message: messageOnTheWire(workspace, message),
  }
}

/** A message of the app's own that all can see: ephemeral ones change only by response_url. */
function findOwn(call: MethodCall, refusal: string): { refused: Answer } | { message: Message } {
  const { workspace, args } = call
  const lacking = missing(args, 'channel', 'ts')
  if (lacking) return { refused: lacking }
  const channel = findChannel(workspace, textArg(args, 'channel') ?? '')
  if (channel === undefined) return { refused: refuse('channel_not_found') }
  const message = findMessage(workspace, channel.id, textArg(args, 'ts') ?? '')
  if (message === undefined || message.visibleTo !== null) return { refused: refuse('message_not_found') }
  if (message.userId !== workspace.botUserId) return { refused: refuse(refusal) }
  return { message }
}

function update(call: MethodCall): Answer {
  const { context, workspace } = call
  const own = findOwn(call, 'cant_update_message')
  if ('refused' in own) return own.refused
  const read = readContent(call)
  if ('refused' in read) return read.refused
  replaceMessage(context, own.message, read.content)
  const { channelId, ts, text } = own.message
  return { ok: true, channel: channelId, ts, text, message: messageOnTheWire(workspace, own.message) }
}

function remove(call: MethodCall): Answer {
  const own = findOwn(call, 'cant_delete_message')
  if ('refused' in own) return own.refused
  removeMessage(call.context, own.message)
  return { ok: true, channel: own.message.channelId, ts: own.message.ts }
}

function postEphemeral(call: MethodCall): Answer {
  const { context, workspace, args } = call
  const lacking = missing(args, 'channel', 'user')
  if (lacking) return lacking
  const place = findPlace(call)
  if (place.kind === 'refused') return place.answer
  const userId = textArg(args, 'user') ?? ''
  if (!place.channel.members.includes(userId)) return refuse('user_not_in_channel')
  const read = readContent(call)
  if ('refused' in read) return read.refused
  const message = addMessage(context, {
    ...read.content,
    channelId: place.channel.id,
    userId: workspace.botUserId,
    threadTs: textArg(args, 'thread_ts'),
    visibleTo: userId,
  })
  return { ok: true, message_ts: message.ts }
}

function getPermalink(call: MethodCall): Answer {
  const { context, workspace, args } = call
  const lacking = missing(args, 'channel', 'message_ts')
  if (lacking) return lacking
  const channel = findChannel(workspace, textArg(args, 'channel') ?? '')
  if (channel === undefined) return refuse('channel_not_found')
  const message = findMessage(workspace, channel.id, textArg(args, 'message_ts') ?? '')
  if (message === undefined || message.visibleTo !== null) return refuse('message_not_found')
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : ''
  const permalink = `${context.publicUrl()}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`
  return { ok: true, channel: channel.id, permalink }
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { scope: 'chat:write', run: postMessage },
  'chat.update': { scope: 'chat:write', run: update },
  'chat.delete': { scope: 'chat:write', run: remove },
  'chat.postEphemeral': { scope: 'chat:write', run: postEphemeral },
  'chat.getPermalink': { scope: null, run: getPermalink },
}
