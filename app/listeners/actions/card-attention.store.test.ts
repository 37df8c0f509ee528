import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../../core/money.ts'
import { auditLog, outbox } from '../../../db/postgres/schema.ts'
import { type OpenedApp, openApp } from '../../../test/opened-app.ts'
import { alex, sam } from '../../../test/opened-sandbox.ts'
import { type Message, peopleIn, textOf } from '../../../test/people-in-slack.ts'
import { eventually } from '../../../test/waiting.ts'
import { ACTIONS, type CardMore, FIELDS } from '../../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
  await people.setBudget('10')
})
afterEach(() => opened.close())

/** Chooses in the menu of a card what stands there under that deed. */
async function choose(does: CardMore, userId = alex, on?: Message) {
  const message = on ?? (await people.card())
  const value = new RegExp(`"value":"(${does}\\|[^"]+)"`).exec(JSON.stringify(message.blocks))?.[1]
  if (value === undefined) throw new Error(`the card has no ${does}`)
  const { channelId, ts: messageTs } = message
  const held = { selected_option: { value } }
  return await opened.sandbox.press({ userId, actionId: ACTIONS.cardMore, channelId, messageTs, held })
}

const deeds = async () =>
  (await opened.ground.postgres.tables.select().from(auditLog)).map(
    ({ actor, action }) => `${actor} ${action}`,
  )

/** Each press either is a deed or is answered to whoever pressed. */
const answered = async (action: string) => {
  const said = await Promise.all([alex, sam].map((one) => opened.sandbox.ephemerals(one)))
  const turnedAway = said.flat().filter((one) => textOf(one).includes('Nothing changed'))
  return turnedAway.length + (await deeds()).filter((one) => one.endsWith(action)).length
}

const threadText = async () => (await people.threadOf(await people.card())).map(({ text }) => text).join('\n')

describe('Acknowledge', () => {
  it('says on the card who is on it, and the last of two, each with an audit row', async () => {
    await opened.spend([{ cost: usd('8') }])
    await people.cardSays(/Past 75%/)
    await people.press(ACTIONS.acknowledge, alex)
    await people.cardSays(/<@U0ALEX0001> is on it since/)
    await people.press(ACTIONS.acknowledge, alex)
    await people.lastEphemeral(alex, /already. Nothing changed/)
    await people.press(ACTIONS.acknowledge, sam)
    await people.cardSays(/<@U0SAM00001> is on it since/)
    expect((await deeds()).filter((one) => one.endsWith('budget.acknowledged'))).toEqual([
      `${alex} budget.acknowledged`,
      `${sam} budget.acknowledged`,
    ])
  })

  it('is one deed for each change of who is on it, however many press at once', async () => {
    await opened.spend([{ cost: usd('8') }])
    const card = await people.copyOf(await people.cardSays(/Past 75%/))
    await Promise.all(
      [alex, sam, alex, sam, alex, sam].map((one) => people.press(ACTIONS.acknowledge, one, card)),
    )
    await eventually(async () => expect(await answered('budget.acknowledged')).toBe(6))
    const presses = (await deeds()).filter((one) => one.endsWith('budget.acknowledged'))
    expect(presses.length).toBeGreaterThan(1)
    for (const [at, deed] of presses.entries()) expect(deed).not.toBe(presses[at - 1])
    const last = presses.at(-1)?.startsWith(alex) ? alex : sam
    await people.cardSays(new RegExp(`<@${last}> is on it since`))
  })

  it('ends when the state changes, and does not come back with the state', async () => {
    await opened.spend([{ cost: usd('8') }])
    await people.cardSays(/Past 75%/)
    await people.press(ACTIONS.acknowledge, sam)
    await people.cardSays(/is on it since/)
    opened.moveOn(1_000)
    await people.press(ACTIONS.stop, alex)
    await people.cardSays(/Stopped\* by/)
    expect(textOf(await people.card())).not.toContain('is on it since')
    opened.moveOn(1_000)
    await people.press(ACTIONS.resume, alex)
    await people.cardSays(/Past 75%/)
    expect(textOf(await people.card())).not.toContain('is on it since')
  })
})

describe('Snooze', () => {
  it('keeps crossings from the thread and not from the card, tells them when it ends, and never a stop', async () => {
    await choose('1h', sam)
    await people.cardSays(/Quiet until .* by <@U0SAM00001>/)
    await opened.spend([{ cost: usd('8') }])
    await people.cardSays(/Past 75%/)
    await eventually(async () => {
      const rows = await opened.ground.postgres.tables.select().from(outbox)
      expect(rows.filter(({ quietedAt, deliveredAt }) => quietedAt && deliveredAt)).toHaveLength(1)
    })
    expect(await threadText()).not.toMatch(/past/)
    opened.moveOn(3_600_000)
    await eventually(async () => expect(await threadText()).toMatch(/while quiet: crossed .*75%/))
    expect(textOf(await people.card())).not.toContain('Quiet until')
    await choose('4h', sam)
    await people.cardSays(/Quiet until/)
    await opened.spend([{ cost: usd('3') }])
    await eventually(async () => expect(await threadText()).toMatch(/reached its limit/))
  })

  it('is one deed when two choose the same at once', async () => {
    const card = await people.copyOf(await people.card())
    await Promise.all([alex, sam, alex, sam].map((one) => choose('4h', one, card)))
    await eventually(async () => expect(await answered('budget.quieted')).toBe(4))
    await people.cardSays(/Quiet until/)
    expect((await deeds()).filter((one) => one.endsWith('budget.quieted'))).toHaveLength(1)
  })

  it('is ended by whoever chooses so, and a second choice of the same changes nothing', async () => {
    await choose('4h', sam)
    await people.cardSays(/Quiet until/)
    await choose('4h', alex)
    await people.lastEphemeral(alex, /already, by <@U0SAM00001>. Nothing changed/)
    const quiet = await people.card()
    await choose('loud', alex)
    await eventually(async () => expect(textOf(await people.card())).not.toContain('Quiet until'))
    await choose('loud', alex, quiet).catch(() => undefined)
    expect((await deeds()).slice(-2)).toEqual([`${sam} budget.quieted`, `${alex} budget.quiet_ended`])
  })
})

describe('Adjust', () => {
  it('opens the form of the budget, filled in', async () => {
    await choose('adjust', sam)
    await people.modalSays(sam, new RegExp(`${FIELDS.limit}.*"10(\\.00)?"`))
  })

  it('does nothing on the card of a month that is over, and neither does the rest', async () => {
    const old = await people.copyOf(await people.card())
    opened.moveOn(32 * 86_400_000)
    await choose('adjust', alex, old)
    await people.lastEphemeral(alex, /which is over/)
    await choose('1h', sam, old)
    await people.lastEphemeral(sam, /which is over/)
    expect(await deeds()).not.toContain(`${sam} budget.quieted`)
  })
})
