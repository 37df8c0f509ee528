import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DigestRule } from '../../core/digest/digest-slot.ts'
import { usd } from '../../core/money.ts'
import { leaseNext } from '../../db/postgres/digest-posts.ts'
import { setDigest } from '../../db/postgres/digests.ts'
import { listInstallations } from '../../db/postgres/installations.ts'
import { type OpenedApp, openApp } from '../../test/opened-app.ts'
import { alex, general, llmCosts, random } from '../../test/opened-sandbox.ts'
import { peopleIn, textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { openChannelPacer } from '../cards/channel-pacer.ts'
import { FIELD_VALUE, FIELDS } from '../ids.ts'
import { slackClients } from '../slack/slack-of.ts'
import { deliverNextDigest, openDigests } from './deliver-digests.ts'

let opened: OpenedApp
let people: ReturnType<typeof peopleIn>
beforeEach(async () => {
  opened = await openApp()
  people = peopleIn(opened)
})
afterEach(() => opened.close())

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Due at the next full hour. */
const soon = (): DigestRule => ({
  cadence: { kind: 'daily' },
  hour: new Date(opened.now().getTime() + HOUR_MS).getUTCHours(),
  timeZone: 'UTC',
})
const toNextHour = () => opened.moveOn(HOUR_MS - (opened.now().getTime() % HOUR_MS) + 1_000)
const spentYesterday = () =>
  opened.spend([{ cost: usd('8.12'), ts: new Date(opened.now().getTime() - DAY_MS) }])
const digestsIn = async (channelId = llmCosts) =>
  (await opened.sandbox.messages(channelId)).filter((message) => textOf(message).includes('/lens digest'))
const settled = () => new Promise((resolve) => setTimeout(resolve, 2_500))

async function set(channelId = llmCosts) {
  const { postgres, orgId } = opened.ground
  const [installation] = await listInstallations(postgres.tables)
  const place = { orgId, installationId: installation?.id ?? '', channelId }
  return await setDigest(postgres, { place, rule: soon(), by: alex }, opened.now())
}

function loop() {
  const slackOf = slackClients({ ...opened.deps, tokenOf: async () => 'xoxb-of-the-tests' })
  return { ...opened.deps, slackOf, pacer: openChannelPacer(opened.now) }
}

describe('a digest', () => {
  it('is set in Slack, arrives at its hour and once, and ends when it is turned off', async () => {
    await spentYesterday()
    const rule = soon()
    const save = async (often: string) => {
      await opened.sandbox.command({ userId: alex, channelId: general, text: '/lens digest' })
      const view = await people.modalSays(alex, /How often/)
      const input = (held: Record<string, unknown>) => ({ [FIELD_VALUE]: held })
      return await opened.sandbox.submitView({
        userId: alex,
        viewId: view.id,
        values: {
          [FIELDS.channel]: input({ type: 'conversations_select', selected_conversation: llmCosts }),
          [FIELDS.often]: input({ type: 'static_select', selected_option: { value: often } }),
          [FIELDS.hour]: input({ type: 'static_select', selected_option: { value: String(rule.hour) } }),
          [FIELDS.timeZone]: input({ type: 'plain_text_input', value: 'utc' }),
        },
      })
    }
    await save('daily')
    await people.modalSays(alex, /gets its next digest/)
    await settled()
    expect(await digestsIn()).toEqual([])
    toNextHour()
    await eventually(async () => expect(await digestsIn()).toHaveLength(1))
    await opened.restart()
    await settled()
    expect(textOf((await digestsIn())[0])).toMatch(/\$8\.12 yesterday/)
    expect(await digestsIn()).toHaveLength(1)
    await save('off')
    await people.modalSays(alex, /no more digests/)
    opened.moveOn(DAY_MS)
    await settled()
    expect(await digestsIn()).toHaveLength(1)
  })

  it('has a chart of the seven days in a channel, which opens to a picture of those days also later', async () => {
    await spentYesterday()
    await set()
    toNextHour()
    const [posted] = await eventually(async () => {
      const found = await digestsIn()
      expect(found).toHaveLength(1)
      return found
    })
    const image = posted?.blocks.find((block) => block.type === 'image')
    expect(image?.alt_text).toMatch(/^gpt-4o is all of \$8\.12 from \d+ \w+ to \d+ \w+ \d{4}\./)
    const pictureNow = async () => {
      const answer = await fetch(String(image?.image_url))
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
      return Buffer.from(await answer.arrayBuffer()).toString('base64')
    }
    const first = await pictureNow()
    await opened.spend([{ cost: usd('50'), ts: opened.now() }])
    opened.moveOn(2 * DAY_MS)
    expect(await pictureNow()).toBe(first)
  })

  it('has none where the app has no address', async () => {
    await opened.close()
    opened = await openApp({ app: () => ({ publicAppUrl: null }) })
    people = peopleIn(opened)
    await spentYesterday()
    await set()
    toNextHour()
    const found = await eventually(async () => {
      const all = await digestsIn()
      expect(all).toHaveLength(1)
      return all
    })
    expect(found[0]?.blocks.filter((block) => block.type === 'image')).toEqual([])
  })

  it('is sent once by two loops that are at it together', async () => {
    await spentYesterday()
    await opened.stopApp()
    await set()
    toNextHour()
    const loops = Array.from({ length: 6 }, () => openDigests(loop()))
    await Promise.all(loops.map((tell) => tell()))
    await Promise.all(loops.map((tell) => tell()))
    expect(await digestsIn()).toHaveLength(1)
  })

  it('catches up once after a late start, and is not sent at night', async () => {
    await spentYesterday()
    await set()
    await opened.stopApp()
    toNextHour()
    opened.moveOn(2 * HOUR_MS)
    await opened.startApp()
    await eventually(async () => expect(await digestsIn()).toHaveLength(1))
    await opened.stopApp()
    opened.moveOn(DAY_MS + 2 * HOUR_MS)
    await opened.startApp()
    await settled()
    expect(await digestsIn()).toHaveLength(1)
  })

  it('is told by another when a process dies at it, and by nobody after the third such death', async () => {
    await spentYesterday()
    await opened.stopApp()
    await set()
    await set(general)
    toNextHour()
    // Dies with its slot leased, before Slack was asked.
    const tell = openDigests(loop())
    const { postgres } = opened.ground
    const { leased } = await addAndLease(tell)
    expect(await digestsIn(leased)).toEqual([])
    opened.moveOn(121_000)
    await deliverNextDigest(loop())
    expect(await digestsIn(leased)).toHaveLength(1)
    const other = await set(random)
    opened.moveOn(DAY_MS)
    await opened.spend([{ cost: usd('1') }])
    expect(other.channelId).toBe(random)
    await openDigests(loop())()
    for (let death = 0; death < 4; death += 1) {
      while ((await leaseNext(postgres, opened.now())) !== null) {
        // Each lease is a process that dies at it.
      }
      opened.moveOn(121_000)
    }
    const told = (await opened.sandbox.calls()).filter(({ method }) => method === 'chat.postMessage').length
    while ((await deliverNextDigest(loop())) !== 'none') {
      // All are left alone now.
    }
    expect((await opened.sandbox.calls()).filter(({ method }) => method === 'chat.postMessage')).toHaveLength(
      told,
    )
  })

  it('waits while Slack is down, and is neither lost nor repeated', async () => {
    await spentYesterday()
    await set()
    opened.line.cut(true)
    toNextHour()
    await settled()
    opened.line.cut(false)
    opened.moveOn(60_000)
    await eventually(async () => expect(await digestsIn()).toHaveLength(1))
    opened.moveOn(60_000)
    await settled()
    expect(await digestsIn()).toHaveLength(1)
  })

  it('that cannot be posted is told to whoever set it, once, and comes when the app is invited', async () => {
    await spentYesterday()
    await set(random)
    toNextHour()
    await eventually(async () => expect(await opened.sandbox.messages('D0ALEX0001')).toHaveLength(1))
    opened.moveOn(61_000)
    await settled()
    const told = await opened.sandbox.messages('D0ALEX0001')
    expect(told.map(({ text }) => text)).toEqual([expect.stringMatching(/invite @LensAI/)])
    await opened.sandbox.command({ userId: alex, channelId: random, text: '/invite @LensAI' })
    opened.moveOn(61_000)
    await eventually(async () => expect(await digestsIn(random)).toHaveLength(1))
  })

  it('is not sent before the first call, and is shown to one person who asks', async () => {
    await set()
    toNextHour()
    await settled()
    expect(await digestsIn()).toEqual([])
    await opened.sandbox.command({ userId: alex, channelId: llmCosts, text: '/lens digest now' })
    await people.lastEphemeral(alex, /No call was ever sent/)
    await spentYesterday()
    await opened.sandbox.command({ userId: alex, channelId: llmCosts, text: '/lens digest now' })
    await people.lastEphemeral(alex, /\$8\.12 yesterday/)
    expect(await digestsIn()).toEqual([])
  })
})

/** Adds the slots that are due and dies at the first: the verb posts one of them, and the other stays leased. */
async function addAndLease(tell: () => Promise<unknown>): Promise<{ leased: string }> {
  await tell()
  const post = await leaseNext(opened.ground.postgres, opened.now())
  if (!post) throw new Error('nothing is due')
  return { leased: post.digest.channelId }
}
