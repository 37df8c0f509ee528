/** "Spend this month", from anywhere in Slack. A modal is opened at once, as a trigger lives three seconds, and then filled. */
import type { App, GlobalShortcut } from '@slack/bolt'
import { NO_FILTER } from '../../../db/clickhouse/queries/scope.ts'
import { sayModal } from '../../blocks/override-modal.ts'
import { partialBlocks } from '../../blocks/partial.ts'
import { SPEND_TITLE, spendModal } from '../../blocks/spend-modal.ts'
import { SHORTCUTS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { rangeOf } from '../../spend/range.ts'
import { readSpend } from '../../spend/read-spend.ts'
import { answering, type Reply, say } from '../answer.ts'
import { mayAct } from '../commands/lens.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export function registerSpendThisMonth(app: App, deps: ListenerDeps): void {
  app.shortcut<GlobalShortcut>(
    { type: 'shortcut', callback_id: SHORTCUTS.spend },
    async ({ ack, shortcut, client, context }) => {
      await ack()
      const userId = shortcut.user.id
      let viewId: string | undefined
      const show = async (view: Parameters<typeof client.views.open>[0]['view']) => {
        if (viewId !== undefined) await client.views.update({ view_id: viewId, view })
        else viewId = (await client.views.open({ trigger_id: shortcut.trigger_id, view })).view?.id
      }
      const reply: Reply = ({ text }) => show(sayModal(SPEND_TITLE, text))
      await answering(deps, { what: SHORTCUTS.spend, reply }, async () => {
        await reply(say('One moment…'))
        const caller = callerOf(context)
        const viewer = await mayAct(deps, { caller, client, userId, reply }, 'look')
        if (!viewer) return
        const spanned = rangeOf({ kind: 'mtd' }, deps.now(), viewer.timeZone)
        if (spanned.kind === 'bad') return await reply(say(spanned.problem))
        const { reach } = viewer
        const { range } = spanned
        const modal = spendModal(await readSpend(deps, { reach, range, by: null, filter: NO_FILTER }))
        await show({ ...modal, blocks: [...modal.blocks, ...partialBlocks(reach)] })
      })
    },
  )
}
