/** Every way by which the app can send something passes the one check, and a test of the app ends with a look at it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../sandbox/slack/validate-shape.ts'
import { aModal, general, type OpenedSandbox, openForTest, sam } from './opened-sandbox.ts'
import { expectAllWithinLimits } from './slack-limits.ts'

let open: OpenedSandbox
beforeEach(async () => {
  open = await openForTest()
})
afterEach(() => open.close())

const tooLong = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }]
const message = { text: 'x', blocks: tooLong }
const badView = aModal({ title: { type: 'plain_text', text: 'x'.repeat(25) } })
const call = (method: string, args: Json) => open.client.apiCall(method, args)
const lens = () => open.sandbox.command({ userId: sam, channelId: general, text: '/lens spend' })
const lastForm = (name: string): string => String(open.app.received.at(-1)?.payload[name])

const ways: Record<string, () => Promise<unknown>> = {
  'chat.postMessage': () => call('chat.postMessage', { channel: general, ...message }),
  'chat.postEphemeral': () => call('chat.postEphemeral', { channel: general, user: sam, ...message }),
  'chat.update': async () => {
    const { ts } = await open.client.chat.postMessage({ channel: general, text: 'x' })
    await call('chat.update', { channel: general, ts, ...message })
  },
  'the blocks of an attachment': () =>
    call('chat.postMessage', { channel: general, text: 'x', attachments: [{ blocks: tooLong }] }),
  'views.open': async () => {
    await lens()
    await call('views.open', { trigger_id: lastForm('trigger_id'), view: badView })
  },
  'views.publish': () => call('views.publish', { user_id: sam, view: { type: 'home', blocks: tooLong } }),
  'a response_url': async () => {
    await lens()
    await fetch(lastForm('response_url'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    })
  },
  'the acknowledgement of a command': async () => {
    open.app.answerWith(() => ({ body: message }))
    await lens()
  },
  'a file': () =>
    call('files.getUploadURLExternal', { filename: 'a.png', length: 1, alt_txt: 'x'.repeat(1001) }),
}

describe('a payload beyond a limit', () => {
  it.each(Object.keys(ways))('fails the test that sent it, whatever the app made of it: %s', async (way) => {
    expectAllWithinLimits(open.sandbox)
    await ways[way]?.().catch(() => undefined)
    expect(() => expectAllWithinLimits(open.sandbox)).toThrow('the app sent what Slack refuses')
  })
})
