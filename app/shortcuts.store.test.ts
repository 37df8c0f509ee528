/** Shortcuts, through the local Slack: global ones, and the one of a message. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usd } from '../core/money.ts'
import { listWideStops } from '../db/postgres/list-wide-stops.ts'
import { type OpenedApp, openApp } from '../test/opened-app.ts'
import { alex, general, random, sam } from '../test/opened-sandbox.ts'
import { eventually } from '../test/waiting.ts'
import { ACTIONS, SHORTCUTS, VIEWS } from './ids.ts'

const guest = 'U0GUEST001'

let opened: OpenedApp
beforeAll(async () => {
  opened = await openApp({
    sandbox: {
      extraUsers: [
        { id: guest, name: 'guest', realName: 'A Guest', isAdmin: false, isGuest: true, isBot: false },
      ],
    },
  })
  await opened.spend([{ cost: usd('8.25'), model: 'gpt-4o', ts: opened.now() }])
})
afterAll(() => opened.close())

const modalOf = async (userId: string) => {
  const view = await opened.sandbox.modal(userId)
  if (!view) throw new Error('no modal yet')
  return view
}

describe('a global shortcut', () => {
  it('shows what this month has cost, and not to guests', async () => {
    await opened.sandbox.shortcut({ userId: sam, callbackId: SHORTCUTS.spend })
    await eventually(async () =>
      expect(JSON.stringify((await modalOf(sam)).payload)).toContain('*$8.25* this month'),
    )
    await opened.sandbox.shortcut({ userId: guest, callbackId: SHORTCUTS.spend })
    await eventually(async () => {
      const shown = JSON.stringify((await modalOf(guest)).payload)
      expect(shown).toContain('Guests cannot do this')
      expect(shown).not.toContain('$8.25')
    })
  })

  it('sets a budget by the same form as the command, and says who may not', async () => {
    await opened.sandbox.shortcut({ userId: alex, callbackId: SHORTCUTS.budget })
    await eventually(async () => expect((await modalOf(alex)).payload.callback_id).toBe(VIEWS.budget))
    await opened.sandbox.shortcut({ userId: guest, callbackId: SHORTCUTS.budget })
    await eventually(async () => {
      const { callback_id: id, blocks } = (await modalOf(guest)).payload
      expect(id).not.toBe(VIEWS.budget)
      expect(JSON.stringify(blocks)).toContain('Guests cannot do this')
    })
  })
})

describe('a shortcut of a message', () => {
  const post = async (channelId: string, text: string) => {
    const posted = await opened.sandbox.command({ userId: alex, channelId, text })
    return posted.kind === 'posted' ? posted.ts : ''
  }
  const answered = async (channelId: string, text: string) => {
    const before = (await opened.sandbox.ephemerals(sam)).length
    const messageTs = await post(channelId, text)
    await opened.sandbox.shortcut({ userId: sam, callbackId: SHORTCUTS.answer, channelId, messageTs })
    return await eventually(async () => {
      const [said] = (await opened.sandbox.ephemerals(sam)).slice(before)
      if (!said) throw new Error('nothing was said yet')
      return { said, messageTs }
    })
  }

  it('answers what it asks in its thread, to the one who picked it, where the app is no member too', async () => {
    const { said, messageTs } = await answered(random, '`/lens spend today model:gpt-4o`')
    expect(said).toMatchObject({ threadTs: messageTs, visibleTo: sam })
    expect(said.text).toContain('$8.25 today, 1 call.')
  })

  it('shares the answer in that thread', async () => {
    const { said, messageTs } = await answered(general, 'errors today')
    const ts = said.ts
    await opened.sandbox.press({
      userId: sam,
      actionId: ACTIONS.shareAnswer,
      channelId: general,
      messageTs: ts,
    })
    await eventually(async () => {
      const thread = await opened.sandbox.thread(general, messageTs)
      expect(thread.at(-1)?.text).toContain('None of 1 call failed today')
    })
  })

  it('never does what somebody else wrote: it answers with what is spent', async () => {
    const { said } = await answered(general, 'stop everything')
    expect(said.text).toContain('$8.25 this month')
    const { said: other } = await answered(general, 'is the bot slow for anyone?')
    expect(other.text).toContain('$8.25 this month')
    const { tables } = opened.ground.postgres
    expect(await listWideStops(tables, opened.ground.orgId)).toEqual([])
  })
})
