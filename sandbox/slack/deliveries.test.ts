import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  aCard,
  alex,
  aModal,
  botToken,
  general,
  llmCosts,
  type OpenedSandbox,
  openForTest,
  random,
  refusal,
  sam,
  signingSecret,
} from '../../test/opened-sandbox.ts'
import { isObject, type Json } from './validate-shape.ts'

/** Less than Slack's three seconds, so that being late is quick to see; enough for a busy machine to be in time. */
const ACK_WITHIN_MS = 1_500

let open: OpenedSandbox
beforeAll(async () => {
  open = await openForTest({ ackTimeoutMs: ACK_WITHIN_MS, eventRetryDelaysMs: [0, 20, 40] })
})
afterAll(() => open.close())
beforeEach(() => {
  open.app.received.length = 0
  open.app.answerWith(() => ({}))
})

const lens = (text: string, channelId = llmCosts, userId = alex) =>
  open.sandbox.command({ userId, channelId, text: `/lens ${text}`.trim() })
const last = (): Json => open.app.received.at(-1)?.payload ?? {}
const respond = (url: unknown, body: Json) =>
  fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const trigger = async (): Promise<string> => {
  await lens('budget')
  return String(last().trigger_id)
}
const openModal = async (view: Json = aModal()): Promise<string> => {
  await open.client.apiCall('views.open', { trigger_id: await trigger(), view })
  return (await open.sandbox.modal(alex))?.id ?? ''
}

describe('a slash command', () => {
  it('arrives signed, with who typed it, where, and how to answer', async () => {
    await lens('spend 7d')
    expect(last()).toMatchObject({
      command: '/lens',
      text: 'spend 7d',
      user_id: alex,
      channel_id: llmCosts,
      channel_name: 'llm-costs',
      team_id: 'T0SANDBOX1',
    })
  })

  it('shows the acknowledgement to the person alone, or to all if it says so', async () => {
    open.app.answerWith(() => ({ body: 'only you' }))
    await lens('help')
    open.app.answerWith(() => ({ body: { response_type: 'in_channel', text: 'everybody' } }))
    await lens('help')
    expect((await open.sandbox.ephemerals(alex)).at(-1)).toMatchObject({
      text: 'only you',
      channelId: llmCosts,
    })
    expect((await open.sandbox.messages(llmCosts)).at(-1)?.text).toBe('everybody')
  })

  it('tells the person when the app takes more than its time', async () => {
    open.app.answerWith(() => ({ delayMs: 2 * ACK_WITHIN_MS }))
    const result = await lens('spend')
    expect(result).toMatchObject({ kind: 'delivered', delivery: { outcome: 'timed_out' } })
    expect((await open.sandbox.ephemerals(alex)).at(-1)?.text).toContain('operation_timeout')
    expect((await open.sandbox.deliveries()).at(-1)).toMatchObject({
      kind: 'command:/lens',
      outcome: 'timed_out',
    })
  })

  it('that nobody registered never reaches the app', async () => {
    await open.sandbox.command({ userId: alex, channelId: general, text: '/frobnicate' })
    expect(open.app.received).toEqual([])
    expect((await open.sandbox.ephemerals(alex)).at(-1)?.text).toContain('not a valid command')
  })
})

describe('a shortcut', () => {
  it('of a message carries the message, a trigger and a response URL; a global one the trigger alone', async () => {
    const posted = await open.sandbox.command({ userId: alex, channelId: general, text: 'what did it cost?' })
    const messageTs = posted.kind === 'posted' ? posted.ts : ''
    const picked = { userId: alex, callbackId: 'shortcut_answer', channelId: general, messageTs }
    expect(await open.sandbox.shortcut(picked)).toMatchObject({ outcome: 'acknowledged' })
    expect((await open.sandbox.deliveries()).at(-1)).toMatchObject({ kind: 'shortcut:shortcut_answer' })
    await open.sandbox.shortcut({ userId: alex, callbackId: 'shortcut_spend' })
    const [ofMessage, global] = open.app.received.slice(-2).map(({ payload }) => payload)
    expect(ofMessage).toMatchObject({
      ...{ type: 'message_action', message_ts: messageTs, channel: { id: general } },
      ...{ message: { text: 'what did it cost?' }, response_url: expect.any(String) },
    })
    expect(global).toMatchObject({ type: 'shortcut', trigger_id: expect.any(String) })
    expect(global).not.toHaveProperty('response_url')
  })

  it('that the app has not, or of a message that is not there, cannot be picked', async () => {
    const pick = (callbackId: string, more = {}) =>
      open.sandbox.shortcut({ userId: alex, callbackId, ...more })
    await expect(pick('frobnicate')).rejects.toThrow('no global shortcut')
    await expect(pick('shortcut_answer')).rejects.toThrow('no global shortcut')
    await expect(pick('shortcut_answer', { channelId: general, messageTs: '1.1' })).rejects.toThrow(
      'sees no message',
    )
    expect(open.app.received).toEqual([])
  })
})

describe('a response URL', () => {
  it('works five times in thirty minutes, also where the app is no member', async () => {
    await lens('spend', random)
    const statuses: number[] = []
    for (let n = 0; n < 6; n++) statuses.push((await respond(last().response_url, { text: `${n}` })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404])
    expect(await (await respond(last().response_url, { text: 'x' })).json()).toEqual({
      ok: false,
      error: 'used_url',
    })
  })

  it('expires', async () => {
    await lens('spend')
    open.moveOn(30 * 60_000 + 1)
    expect(await (await respond(last().response_url, { text: 'late' })).json()).toMatchObject({
      error: 'expired_url',
    })
  })

  it('replaces and deletes the message it came from, ephemeral or not', async () => {
    await open.client.apiCall('chat.postEphemeral', {
      channel: general,
      user: sam,
      text: 'card',
      blocks: aCard(),
    })
    const card = (await open.sandbox.ephemerals(sam)).at(-1)
    const request = { userId: sam, channelId: general, messageTs: card?.ts ?? '', actionId: 'budget.stop' }
    await open.sandbox.press(request)
    const url = last().response_url
    await respond(url, { replace_original: true, text: 'done' })
    expect((await open.sandbox.ephemerals(sam)).at(-1)).toMatchObject({
      ts: card?.ts,
      text: 'done',
      blocks: [],
    })
    await respond(url, { delete_original: true })
    expect((await open.sandbox.ephemerals(sam)).map((one) => one.ts)).not.toContain(card?.ts)
  })

  it('checks blocks as any message', async () => {
    await lens('spend')
    const refused = await respond(last().response_url, { text: 'x', blocks: [{ type: 'section' }] })
    expect(await refused.json()).toMatchObject({ ok: false, error: 'invalid_blocks' })
  })
})

describe('a pressed button', () => {
  it('carries the button, its message and the person', async () => {
    const posted = await open.client.apiCall('chat.postMessage', {
      channel: llmCosts,
      text: 'c',
      blocks: aCard(),
    })
    const messageTs = String((posted as unknown as Json).ts)
    await open.sandbox.press({ userId: sam, channelId: llmCosts, messageTs, actionId: 'budget.override' })
    expect(last()).toMatchObject({
      type: 'block_actions',
      user: { id: sam },
      container: { type: 'message', message_ts: messageTs, is_ephemeral: false },
      channel: { id: llmCosts },
      message: { ts: messageTs, text: 'c' },
      actions: [{ action_id: 'budget.override', block_id: 'card', value: 'b1', type: 'button' }],
    })
  })

  it('that is not there, or is shown to somebody else, cannot be pressed', async () => {
    await open.client.apiCall('chat.postEphemeral', {
      channel: general,
      user: sam,
      text: 'c',
      blocks: aCard(),
    })
    const messageTs = (await open.sandbox.ephemerals(sam)).at(-1)?.ts ?? ''
    const request = { channelId: general, messageTs, actionId: 'budget.stop' }
    await expect(open.sandbox.press({ ...request, userId: alex })).rejects.toMatchObject({
      code: 'message_not_found',
    })
    await expect(open.sandbox.press({ ...request, userId: sam, actionId: 'nothing' })).rejects.toMatchObject({
      code: 'action_not_found',
    })
  })
})

describe('a trigger', () => {
  it('opens one view', async () => {
    const trigger_id = await trigger()
    await open.client.apiCall('views.open', { trigger_id, view: aModal() })
    const again = await refusal(open.client.apiCall('views.open', { trigger_id, view: aModal() }))
    expect(again.error).toBe('exchanged_trigger_id')
  })

  it('lives three seconds', async () => {
    const trigger_id = await trigger()
    open.moveOn(3001)
    const late = await refusal(open.client.apiCall('views.open', { trigger_id, view: aModal() }))
    expect(late.error).toBe('expired_trigger_id')
  })

  it('is spent by a view that Slack refuses, whose fault is named', async () => {
    const trigger_id = await trigger()
    const view = aModal({ title: { type: 'plain_text', text: 'x'.repeat(25) } })
    const refused = await refusal(open.client.apiCall('views.open', { trigger_id, view }))
    expect(refused.error).toBe('invalid_arguments')
    expect(JSON.stringify(refused)).toContain(
      'must be less than 25 characters [json-pointer:/view/title/text]',
    )
    const again = await refusal(open.client.apiCall('views.open', { trigger_id, view: aModal() }))
    expect(again.error).toBe('exchanged_trigger_id')
  })
})

describe('a submitted modal', () => {
  const submit = async (values: Json, viewId: string) =>
    await open.sandbox.submitView({ userId: alex, viewId, values })
  const good: Json = {
    amount: { usd: { value: '100' } },
    period: { choice: { selected_option: { value: 'day' } } },
  }

  it('carries what was entered, and closes on an empty acknowledgement', async () => {
    expect(await submit(good, await openModal())).toMatchObject({ outcome: 'closed' })
    const { view } = last()
    expect(isObject(view) ? view.state : null).toEqual({
      values: {
        amount: { usd: { type: 'number_input', value: '100' } },
        period: {
          choice: {
            type: 'static_select',
            selected_option: { text: { type: 'plain_text', text: 'Day' }, value: 'day' },
          },
        },
      },
    })
    expect(await open.sandbox.modal(alex)).toBeNull()
  })

  it('is stopped by Slack itself when a required field is empty or a number out of range', async () => {
    const viewId = await openModal()
    expect(await submit({}, viewId)).toMatchObject({
      outcome: 'incomplete',
      errors: { amount: expect.any(String) },
    })
    expect(await submit({ amount: { usd: { value: '0' } } }, viewId)).toMatchObject({ outcome: 'incomplete' })
    expect(await submit({ amount: { usd: { value: '1.5' } } }, viewId)).toMatchObject({
      outcome: 'incomplete',
    })
    expect(open.app.received.filter((one) => one.payload.type === 'view_submission')).toEqual([])
  })

  it('shows the errors the app answers, and keeps what was entered', async () => {
    const viewId = await openModal()
    open.app.answerWith(() => ({ body: { response_action: 'errors', errors: { amount: 'Too small' } } }))
    expect(await submit(good, viewId)).toMatchObject({ outcome: 'errors', errors: { amount: 'Too small' } })
    const modal = await open.sandbox.modal(alex)
    expect(modal).toMatchObject({ id: viewId, errors: { amount: 'Too small' } })
    expect(modal?.values.amount?.usd?.value).toBe('100')
  })

  it.each([
    ['errors for a block that is no input', { response_action: 'errors', errors: { elsewhere: 'x' } }],
    ['an update without a view', { response_action: 'update' }],
    ['an unknown action', { response_action: 'explode' }],
  ])('stays open when the app answers %s', async (_name, body) => {
    const viewId = await openModal()
    open.app.answerWith(() => ({ body }))
    expect(await submit(good, viewId)).toMatchObject({ outcome: 'failed' })
    expect((await open.sandbox.modal(alex))?.id).toBe(viewId)
  })

  it('is replaced by update, covered by push up to three deep, and all gone at clear', async () => {
    const viewId = await openModal()
    const answer = (response_action: string) =>
      open.app.answerWith(() => ({ body: { response_action, view: aModal() } }))
    answer('update')
    expect(await submit(good, viewId)).toMatchObject({ outcome: 'updated' })
    answer('push')
    expect(await submit(good, viewId)).toMatchObject({ outcome: 'pushed' })
    const second = await open.sandbox.modal(alex)
    expect(second).toMatchObject({ previousViewId: viewId, rootViewId: viewId })
    expect(await submit(good, second?.id ?? '')).toMatchObject({ outcome: 'pushed' })
    const third = (await open.sandbox.modal(alex))?.id ?? ''
    expect(await submit(good, third)).toMatchObject({ outcome: 'failed' })
    answer('clear')
    expect(await submit(good, third)).toMatchObject({ outcome: 'cleared' })
    expect(await open.sandbox.modal(alex)).toBeNull()
  })

  it('stays open when the app is too slow', async () => {
    const viewId = await openModal()
    open.app.answerWith(() => ({ delayMs: 2 * ACK_WITHIN_MS }))
    expect(await submit(good, viewId)).toMatchObject({
      outcome: 'failed',
      delivery: { outcome: 'timed_out' },
    })
    expect((await open.sandbox.modal(alex))?.id).toBe(viewId)
  })

  it('that is closed tells the app only if it asked', async () => {
    await open.sandbox.closeView({ userId: alex, viewId: await openModal() })
    expect(last().type).not.toBe('view_closed')
    await open.sandbox.closeView({ userId: alex, viewId: await openModal(aModal({ notify_on_close: true })) })
    expect(last()).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { callback_id: 'budget.save' },
    })
  })

  it('starts at the conversation it was opened from, and may answer there', async () => {
    const element = {
      type: 'conversations_select',
      action_id: 'where',
      default_to_current_conversation: true,
      response_url_enabled: true,
    }
    const label = { type: 'plain_text', text: 'Channel' }
    const viewId = await openModal(
      aModal({ blocks: [{ type: 'input', block_id: 'channel', label, element }] }),
    )
    expect(await submit({}, viewId)).toMatchObject({ outcome: 'closed' })
    expect(last()).toMatchObject({
      view: { state: { values: { channel: { where: { selected_conversation: llmCosts } } } } },
      response_urls: [{ block_id: 'channel', action_id: 'where', channel_id: llmCosts }],
    })
  })

  it('tells of what is entered before that only from an input whose block asks for it', async () => {
    const viewId = await openModal()
    const entered = { userId: alex, viewId, blockId: 'amount', actionId: 'usd', held: { value: '5' } }
    await expect(open.sandbox.press(entered)).rejects.toMatchObject({ code: 'input_is_silent' })
    const [amount, ...others] = aModal().blocks as Json[]
    const blocks = [{ ...amount, dispatch_action: true }, ...others]
    await open.client.apiCall('views.update', { view_id: viewId, view: aModal({ blocks }) })
    await open.sandbox.press(entered)
    expect(last()).toMatchObject({
      type: 'block_actions',
      actions: [{ action_id: 'usd', block_id: 'amount', value: '5' }],
      view: { id: viewId, state: { values: { amount: { usd: { value: '5' } } } } },
    })
  })

  it('refuses an update made on an old version of the view', async () => {
    const viewId = await openModal()
    const hash = (await open.sandbox.modal(alex))?.hash ?? ''
    await open.client.apiCall('views.update', { view_id: viewId, hash, view: aModal() })
    const stale = open.client.apiCall('views.update', { view_id: viewId, hash, view: aModal() })
    expect((await refusal(stale)).error).toBe('hash_conflict')
  })
})

describe('Home', () => {
  it('asks the app when opened, and shows what it publishes to that person alone', async () => {
    await open.sandbox.openHome({ userId: sam })
    expect(last()).toMatchObject({
      type: 'event_callback',
      event: { type: 'app_home_opened', user: sam, tab: 'home' },
    })
    const view = { type: 'home', blocks: aCard() }
    await open.client.apiCall('views.publish', { user_id: sam, view })
    const home = await open.sandbox.home(sam)
    expect(home?.payload.blocks).toHaveLength(3)
    expect(await open.sandbox.home(alex)).toBeNull()
    await open.sandbox.press({ userId: sam, viewId: home?.id ?? '', actionId: 'budget.stop' })
    expect(last()).toMatchObject({ container: { type: 'view', view_id: home?.id }, view: { type: 'home' } })
  })
})

describe('an event', () => {
  it('is sent again with the same id until the app acknowledges it', async () => {
    open.app.answerWith(() => ({ status: open.app.received.length < 3 ? 500 : 200 }))
    await open.sandbox.openHome({ userId: sam })
    await expect.poll(() => open.app.received.length).toBe(3)
    expect(new Set(open.app.received.map((one) => one.payload.event_id)).size).toBe(1)
    expect(open.app.received.map((one) => one.headers['x-slack-retry-num'])).toEqual([undefined, '1', '2'])
    expect(open.app.received.at(-1)?.headers['x-slack-retry-reason']).toBe('http_error')
  })

  it('is sent four times at most, and once to an app that wants no retry', async () => {
    open.app.answerWith(() => ({ status: 500 }))
    await open.sandbox.openHome({ userId: sam })
    await expect.poll(() => open.app.received.length).toBe(4)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(open.app.received).toHaveLength(4)
    open.app.received.length = 0
    open.app.answerWith(() => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }))
    await open.sandbox.openHome({ userId: sam })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(open.app.received).toHaveLength(1)
  })

  it('tells of the uninstallation, after which the token is dead', async () => {
    const other = await openForTest()
    await other.sandbox.uninstall()
    expect(other.app.received.at(-1)?.payload).toMatchObject({ event: { type: 'app_uninstalled' } })
    expect((await refusal(other.client.auth.test())).error).toBe('account_inactive')
    await other.close()
  })
})

describe("Bolt's own receiver", () => {
  it('accepts the signature, opens a modal with the trigger and receives its submission', async () => {
    const receiver = new HTTPReceiver({ signingSecret, port: 0, logLevel: LogLevel.ERROR })
    const submitted: unknown[] = []
    const server = await receiver.start(0)
    const address = server.address()
    const port = isObject(address) ? Number(address.port) : 0
    const bolt = await openForTest({ appUrl: `http://127.0.0.1:${port}` })
    const app = new App({
      token: botToken,
      receiver,
      logLevel: LogLevel.ERROR,
      clientOptions: { slackApiUrl: bolt.sandbox.apiUrl },
    })
    app.command('/lens', async ({ ack, body, client }) => {
      await ack()
      await client.apiCall('views.open', { trigger_id: body.trigger_id, view: aModal() })
    })
    app.view('budget.save', async ({ ack, view }) => {
      await ack()
      submitted.push(view.state.values.amount?.usd?.value)
    })
    await bolt.sandbox.command({ userId: alex, channelId: general, text: '/lens budget' })
    await expect.poll(() => bolt.sandbox.modal(alex)).not.toBeNull()
    const viewId = (await bolt.sandbox.modal(alex))?.id ?? ''
    const result = await bolt.sandbox.submitView({
      userId: alex,
      viewId,
      values: { amount: { usd: { value: '5' } } },
    })
    expect(result.outcome).toBe('closed')
    expect(submitted).toEqual(['5'])
    await receiver.stop()
    await bolt.close()
  })
})
