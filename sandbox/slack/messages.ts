/**
 * Writing messages into the workspace, and how they look on the wire.
 * Invariant: every stored block has a block_id and every element an action_id, as Slack fills them in.
 */
import type { SandboxContext } from './sandbox-context.ts'
import { isObject } from './validate-shape.ts'
import type { Json, Message, Workspace } from './workspace.ts'

export interface NewMessage {
  channelId: string
  userId: string
  text: string
  blocks?: Json[]
  attachments?: Json[]
  fileIds?: string[]
  threadTs?: string | null
  broadcast?: boolean
  visibleTo?: string | null
}

const messagesMax = 5000

export function addMessage(context: SandboxContext, draft: NewMessage): Message {
  const workspace = context.workspace()
  const message: Message = {
    ts: context.nextTs(),
    channelId: draft.channelId,
    userId: draft.userId,
    botId: draft.userId === workspace.botUserId ? workspace.botId : null,
    text: draft.text,
    blocks: withIds(draft.blocks ?? [], context),
    attachments: draft.attachments ?? [],
    fileIds: draft.fileIds ?? [],
    threadTs: draft.threadTs ?? null,
    broadcast: draft.broadcast ?? false,
    editedTs: null,
    visibleTo: draft.visibleTo ?? null,
  }
  workspace.messages.push(message)
  if (workspace.messages.length > messagesMax) workspace.messages.shift()
  context.changed({ kind: 'channel', channelId: message.channelId })
  return message
}

export function replaceMessage(
  context: SandboxContext,
  message: Message,
  content: { text: string; blocks: Json[]; attachments: Json[] },
): void {
  message.text = content.text
  message.blocks = withIds(content.blocks, context)
  message.attachments = content.attachments
  message.editedTs = message.visibleTo === null ? context.nextTs() : null
  context.changed({ kind: 'channel', channelId: message.channelId })
}

export function removeMessage(context: SandboxContext, message: Message): void {
  const workspace = context.workspace()
  workspace.messages = workspace.messages.filter((other) => other !== message)
  context.changed({ kind: 'channel', channelId: message.channelId })
}

export function withIds(blocks: Json[], context: Pick<SandboxContext, 'secret'>): Json[] {
  const short = () => context.secret().slice(0, 5)
  const named = (element: unknown): unknown =>
    isObject(element) && element.type !== 'image' && element.action_id === undefined && 'type' in element
      ? { ...element, action_id: short() }
      : element
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? short(),
    ...(block.type === 'actions' && Array.isArray(block.elements)
      ? { elements: block.elements.map(named) }
      : {}),
    ...(block.accessory === undefined ? {} : { accessory: named(block.accessory) }),
    ...(block.element === undefined ? {} : { element: named(block.element) }),
  }))
}

export function messageOnTheWire(workspace: Workspace, message: Message): Json {
  return {
    type: 'message',
    user: message.userId,
    ts: message.ts,
    ...(message.botId ? { bot_id: message.botId, app_id: workspace.appId } : {}),
    text: message.text,
    team: workspace.teamId,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.editedTs ? { edited: { user: message.userId, ts: message.editedTs } } : {}),
  }
}
