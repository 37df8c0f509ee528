import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../core/money.ts'
import { type OpenedApp, openApp } from '../test/opened-app.ts'
import { alex, botToken, general, llmCosts, sam } from '../test/opened-sandbox.ts'
import { peopleIn } from '../test/people-in-slack.ts'
import { eventually } from '../test/waiting.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from './ids.ts'
import { buildApp, type SlackApp } from './server.ts'

const appToken = 'xapp-1-A0LOCAL001-of-the-tests'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
let second: SlackApp | null = null
beforeEach(async () => {
  opened = await openApp({
    sandbox: {
      socketMode: {
        appTokens: [{ token: appToken, scopes: ['connections:write'] }],
        ...{ warningMs: 300, graceMs: 2_500 },
      },
      eventRetryDelaysMs: [0, 200, 200],
    },
    app: () => ({ incoming: { kind: 'socket', appToken }, publicAppUrl: null }),
  })
  people = peopleIn(opened)
})
afterEach(async () => {
  await second?.close()
  second = null
  await opened.close()
})

const connections = () => opened.sandbox.sockets?.count()
const ask = (userId = sam) => opened.sandbox.command({ userId, channelId: general, text: '/lens help' })
const outcomes = async () => (await opened.sandbox.deliveries()).map(({ outcome }) => outcome)

/** A save that is under way: the app asks Slack something before it answers, and Slack keeps it waiting. */
async function saveUnderWay() {
  const reached = opened.line.hold('chat.postEphemeral', 'call')
  const saved = people.setBudget('10')
  await reached
  return { saved }
}

/** What a person does with a form that came back with an error under the limit. */
async function correctLimit(value: string) {
  const viewId = (await opened.sandbox.modal(alex))?.id ?? ''
  const field = `${FIELDS.limit}:${opened.ground.project.id}`
  const values = { [field]: { [FIELD_VALUE]: { type: 'plain_text_input', value } } }
  return await opened.sandbox.submitView({ userId: alex, viewId, values })
}

describe('Socket Mode', () => {
  it('answers a command without a signature and without an address', async () => {
    expect(await ask()).toMatchObject({ delivery: { outcome: 'acknowledged' } })
    await people.lastEphemeral(sam, '/lens spend')
    const posted = await fetch(`${opened.url}/slack/events`, { method: 'POST', body: 'command=%2Flens' })
    expect(posted.status).toBe(404)
  })

  it('takes a modal with an error in it, then a good one, and the buttons of the card that comes of it', async () => {
    expect(await people.setBudget('ten')).toMatchObject({ outcome: 'errors' })
    expect(await correctLimit('10')).toMatchObject({ outcome: 'closed' })
    await people.card()
    await opened.spend([{ cost: usd('2') }])
    expect(await people.press(ACTIONS.drivers)).toMatchObject({ outcome: 'acknowledged' })
    expect(await people.override(alex, '5')).toMatchObject({ outcome: 'closed' })
    await people.cardSays(/\$15\.00/)
  })

  it('shows Home when it is opened', async () => {
    await opened.sandbox.openHome({ userId: alex })
    await eventually(async () => expect(await opened.sandbox.home(alex)).not.toBeNull())
  })

  it('is sent an event again that came while it was away', async () => {
    await opened.stopApp()
    expect(await opened.sandbox.openHome({ userId: alex })).toMatchObject({ outcome: 'unreachable' })
    await opened.startApp()
    await eventually(async () => expect((await outcomes()).at(-1)).toBe('acknowledged'))
    expect((await opened.sandbox.deliveries()).at(-1)?.retryNum).toBeGreaterThan(0)
    await eventually(async () => expect(await opened.sandbox.home(alex)).not.toBeNull())
  })

  it('has the next connection before Slack ends this one, and loses nothing meanwhile', async () => {
    let isOver = false
    const renewed = opened.sandbox.sockets?.refresh().then(() => {
      isOver = true
    })
    while (!isOver) await ask()
    await renewed
    await ask()
    expect(new Set(await outcomes())).toEqual(new Set(['acknowledged']))
    expect(connections()).toBe(1)
  })

  it('answers what it was at when Slack told it to go, by the connection that asked', async () => {
    const { saved } = await saveUnderWay()
    await opened.sandbox.sockets?.refresh()
    opened.line.release()
    expect(await saved).toMatchObject({ delivery: { outcome: 'acknowledged' } })
    expect(await ask()).toMatchObject({ delivery: { outcome: 'acknowledged' } })
  })

  it('is back by itself after the cable was pulled', async () => {
    opened.sandbox.sockets?.cut()
    await eventually(async () => expect(connections()).toBe(1))
    expect(await ask()).toMatchObject({ delivery: { outcome: 'acknowledged' } })
  })

  it('leaves Slack alone for a while once Socket Mode is turned off', async () => {
    const asked = async () =>
      (await opened.sandbox.calls()).filter(({ method }) => method === 'apps.connections.open').length
    const before = await asked()
    opened.sandbox.sockets?.disable()
    expect(await ask()).toMatchObject({ delivery: { outcome: 'unreachable' } })
    // Long enough for the word to arrive and for a hasty app to ask again.
    await sleep(500)
    expect(await asked()).toBe(before)
  })

  it('shares the work with a second process, and neither takes what the other was sent', async () => {
    second = buildApp(opened.deps)
    await second.listenOnSocket()
    expect(connections()).toBe(2)
    for (let time = 0; time < 6; time += 1) await ask()
    expect(await outcomes()).toEqual(Array(6).fill('acknowledged'))
    await eventually(async () => expect(await opened.sandbox.ephemerals(sam)).toHaveLength(6))
    await opened.stopApp()
    await eventually(async () => expect(connections()).toBe(1))
    expect(await ask()).toMatchObject({ delivery: { outcome: 'acknowledged' } })
  })

  it('answers what it was at before it ends', async () => {
    const { saved } = await saveUnderWay()
    const stopped = opened.stopApp()
    opened.line.release()
    expect(await saved).toMatchObject({ delivery: { outcome: 'acknowledged' } })
    await stopped
    expect(connections()).toBe(0)
  })

  it.each([
    ['xapp-1-unknown', /Slack does not know SLACK_APP_TOKEN .*connections:write under Basic Information/],
    [botToken, /is a token of another kind: take one that begins with xapp-/],
  ])('says what is wrong with a token such as %s, and the way out', async (token, said) => {
    second = buildApp({ ...opened.deps, incoming: { kind: 'socket', appToken: token } })
    await expect(second.listenOnSocket()).rejects.toThrow(said)
  })

  it('sends the chart of a card as a file, for there is no address to link to', async () => {
    await people.setBudget('10')
    await people.card()
    await opened.spend([{ cost: usd('2') }])
    await people.cardSays('slack_file')
    expect(await opened.sandbox.messages(llmCosts)).toHaveLength(1)
  })
})
