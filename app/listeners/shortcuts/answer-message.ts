/**
 * "Answer with LensAI" on a message: what somebody asked, answered to whoever picked it, in the thread.
 * Invariant: another person's words only ever ask; they never stop, resume or change anything.
 */
import type { App, MessageShortcut } from '@slack/bolt'
import { COMMAND, SHORTCUTS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { answering, replyVia } from '../answer.ts'
import { isShareable } from '../commands/composed.ts'
import { mayAct } from '../commands/lens.ts'
import { parseLens } from '../commands/parse-lens.ts'
import { answerQuestion } from '../commands/spend.ts'
import type { ListenerDeps } from '../listener-deps.ts'

const USUAL = 'spend mtd'

export function registerAnswerMessage(app: App, deps: ListenerDeps): void {
  app.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: SHORTCUTS.answer },
    async ({ ack, shortcut, client, context, respond }) => {
      await ack()
      const { message, message_ts: messageTs, trigger_id: triggerId, user } = shortcut
      const threadTs: unknown = message.thread_ts
      const reply = replyVia(respond, typeof threadTs === 'string' ? threadTs : messageTs)
      await answering(deps, { what: SHORTCUTS.answer, reply }, async () => {
        const asked = { caller: callerOf(context), client, userId: user.id, triggerId, reply, respond }
        const viewer = await mayAct(deps, asked, 'look')
        if (viewer) await answerQuestion(deps, asked, { ...questionIn(message.text ?? ''), viewer })
      })
    },
  )
}

/** Also where it is said to somebody, or marked as code. A message that is no question of ours is about what is spent. */
function questionIn(text: string) {
  const words = text
    .replace(/^\s*<@[^>]*>/, '')
    .replaceAll('`', '')
    .trim()
  const said = words.startsWith(COMMAND) ? words.slice(COMMAND.length) : words
  for (const asked of [said, USUAL]) {
    const command = parseLens(asked)
    if (isShareable(command)) return { command, text: asked }
  }
  throw new Error(`${USUAL} is no question`)
}
