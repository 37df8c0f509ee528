/** Slack answering 429, over the local Slack: what the app has to say waits as long as it was told to, and is said once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex } from '../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS } from '../ids.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
  await people.setBudget('10')
  await people.card()
})
afterEach(() => opened.close())

const RETRY_AFTER_S = 30
const POSTS = ['chat.postMessage', 'chat.update']
const storm = (methods: readonly string[], times: number, retryAfterS = RETRY_AFTER_S) =>
  opened.sandbox.storm({ methods, times, retryAfterS })

const refused = async () =>
  (await opened.sandbox.calls()).filter(({ answer }) => answer.error === 'ratelimited')
const threadText = async () => (await people.threadOf(await people.card())).map(({ text }) => text).join('\n')
/** Long enough for the outbox to look, and for the cards to follow the spend. */
const lookTwice = () => sleep(2_500)

describe('a storm of 429', () => {
  it('holds up what is to be told until Slack may be asked again, asks no sooner, and tells it once', async () => {
    await storm(POSTS, 2)
    await opened.spend([{ cost: usd('8') }])
    await eventually(async () => expect(await refused()).not.toHaveLength(0))
    await lookTwice()
    const methods = (await refused()).map(({ method }) => method)
    expect(methods).toHaveLength(new Set(methods).size)
    expect(await threadText()).not.toMatch(/past/)
    await eventually(async () => {
      opened.moveOn(RETRY_AFTER_S * 1000)
      await lookTwice()
      expect(textOf(await people.card())).toMatch(/Past 75%/)
      expect(await threadText()).toMatch(/past 50% and 75%/)
    })
    await lookTwice()
    expect((await threadText()).match(/past 50% and 75%/g)).toHaveLength(1)
  })

  it('of somebody who presses tells them when to try again, and then works', async () => {
    await storm(['views.open'], 1)
    await people.press(ACTIONS.override, alex)
    await people.lastEphemeral(alex, /slow down for 30 seconds. Please try again/)
    opened.moveOn(RETRY_AFTER_S * 1000)
    await people.press(ACTIONS.override, alex)
    await people.modalSays(alex, /Override/)
  })

  it('delays Home, which then comes by itself', async () => {
    await storm(['users.info', 'views.publish'], 1, 1)
    await opened.sandbox.openHome({ userId: alex })
    await eventually(async () => expect(await refused()).not.toHaveLength(0))
    await eventually(async () => {
      opened.moveOn(1_000)
      expect(JSON.stringify((await opened.sandbox.home(alex))?.payload)).toMatch(/support-bot/)
    })
  })
})
