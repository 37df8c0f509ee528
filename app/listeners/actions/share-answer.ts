/** "Share to channel" below an answer: authorised anew, read anew for the same time, and posted once. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { isFirstSight } from '../../../db/postgres/slack-events.ts'
import { readShareRef, sharedMessage } from '../../blocks/share.ts'
import { ACTIONS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { slackFailureOf } from '../../slack/slack-failure.ts'
import { answering, replyVia, say } from '../answer.ts'
import { compose } from '../commands/compose.ts'
import { isShareable } from '../commands/composed.ts'
import { mayAct } from '../commands/lens.ts'
import { parseLens } from '../commands/parse-lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

const NOT_THERE = ['not_in_channel', 'channel_not_found']

export function registerShareAnswer(app: App, deps: ListenerDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: ACTIONS.shareAnswer },
    async ({ ack, action, body, client, context, respond }) => {
      await ack()
      const reply = replyVia(respond)
      await answering(deps, { what: ACTIONS.shareAnswer, reply }, async () => {
        const caller = callerOf(context)
        const userId = body.user.id
        const viewer = await mayAct(deps, { caller, client, userId, reply }, 'look')
        if (!viewer) return
        const ref = readShareRef(action.value)
        const command = ref && parseLens(ref.text)
        const channel = body.channel?.id
        if (!ref || !command || !isShareable(command) || !channel)
          return await reply(
            say('This button is of another version of LensAI and no longer works. Ask again.'),
          )
        const asking = { reach: viewer.reach, timeZone: viewer.timeZone, at: ref.at }
        const composed = await compose(deps, asking, command, { isShared: true })
        const message =
          composed.kind === 'answer' ? sharedMessage(composed.message, userId, ref.text) : composed.message
        // What was answered in a thread is shown there.
        const threadTs: unknown = body.container.thread_ts
        const inThread = typeof threadTs === 'string' ? { thread_ts: threadTs } : {}
        const shown = [channel, body.container.message_ts ?? '', userId].join(':')
        try {
          // Marked and posted together: a press that fails leaves no mark, and of two at once the second waits.
          await deps.postgres.tables.transaction(async (tx) => {
            if (!(await isFirstSight(tx, `share:${shown}`, deps.now()))) return
            await client.chat.postMessage({ channel, ...message, ...inThread })
          })
        } catch (error) {
          const failure = slackFailureOf(error)
          if (failure?.kind !== 'refused' || !NOT_THERE.includes(failure.error)) throw error
          await reply(
            say(
              'LensAI is not in this channel, so it cannot post here. Type `/invite @LensAI`, then press *Share to channel* again.',
            ),
          )
        }
      })
    },
  )
}
