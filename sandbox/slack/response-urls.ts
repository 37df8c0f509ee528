/**
 * Response URLs: five uses in thirty minutes, good for the channel and person they were given for,
 * also where the app is no member.
 */
import { type Answer, flagArg, refuse, textArg } from './api-answer.ts'
import { readContent } from './api-chat.ts'
import { addMessage, removeMessage, replaceMessage } from './messages.ts'
import type { SandboxContext } from './sandbox-context.ts'
import { isObject } from './validate-shape.ts'
import { findMessage, type Json, type ResponseUrl } from './workspace.ts'

const responseUrlUsesMax = 5
const responseUrlLifeMs = 30 * 60_000

export function issueResponseUrl(
  context: SandboxContext,
  origin: Pick<ResponseUrl, 'channelId' | 'userId' | 'messageTs' | 'threadTs'>,
): string {
  const workspace = context.workspace()
  const nowMs = context.now().getTime()
  const id = context.secret()
  workspace.responseUrls = workspace.responseUrls.filter((one) => one.expiresAtMs + responseUrlLifeMs > nowMs)
  workspace.responseUrls.push({ ...origin, id, uses: 0, expiresAtMs: nowMs + responseUrlLifeMs })
  return `${context.publicUrl()}/response/${workspace.teamId}/${id}`
}

export function useResponseUrl(context: SandboxContext, id: string, body: unknown): Answer {
  const workspace = context.workspace()
  const url = workspace.responseUrls.find((one) => one.id === id)
  if (url === undefined) return refuse('invalid_url')
  if (context.now().getTime() > url.expiresAtMs) return refuse('expired_url')
  if (url.uses >= responseUrlUsesMax) return refuse('used_url')
  if (!isObject(body)) return refuse('invalid_payload')
  const answer = respond(context, url, body)
  if (answer.ok) url.uses += 1
  return answer
}

function respond(context: SandboxContext, url: ResponseUrl, args: Json): Answer {
  const workspace = context.workspace()
  const original = url.messageTs ? findMessage(workspace, url.channelId, url.messageTs) : undefined
  if (flagArg(args, 'delete_original')) {
    if (original) removeMessage(context, original)
    return { ok: true }
  }
  const read = readContent({ context, workspace, args })
  if ('refused' in read) return read.refused
  if (flagArg(args, 'replace_original') && original) {
    replaceMessage(context, original, read.content)
    return { ok: true }
  }
  addMessage(context, {
    ...read.content,
    channelId: url.channelId,
    userId: workspace.botUserId,
    threadTs: textArg(args, 'thread_ts'),
    visibleTo: args.response_type === 'in_channel' ? null : url.userId,
  })
  return { ok: true }
}
