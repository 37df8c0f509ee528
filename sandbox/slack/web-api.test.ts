import { WebAPIRateLimitedError } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aCard,
  alex,
  general,
  llmCosts,
  type OpenedSandbox,
  openForTest,
  random,
  refusal,
  sam,
  webClient,
} from '../../test/opened-sandbox.ts'
import type { Json } from './workspace.ts'

let open: OpenedSandbox
beforeAll(async () => {
  open = await openForTest()
})
afterAll(() => open.close())

/** Payloads a typed client would not let pass. */
const call = async (method: string, args: Json): Promise<Json> => ({
  ...(await open.client.apiCall(method, args)),
})
const error = async (method: string, args: Json) => (await refusal(call(method, args))).error

describe('the Web API, called with the real WebClient', () => {
  it('knows its bot', async () => {
    const answer = await open.client.auth.test()
    expect(answer).toMatchObject({
      ok: true,
      team_id: 'T0SANDBOX1',
      user_id: 'U0LENSAI01',
      bot_id: 'B0LENSAI01',
    })
  })

  it('refuses a call without a token, with a wrong one, and a method that does not exist', async () => {
    expect((await refusal(webClient(open.sandbox).auth.test())).error).toBe('not_authed')
    expect((await refusal(webClient(open.sandbox, 'xoxb-other').auth.test())).error).toBe('invalid_auth')
    expect(await error('chat.shout', {})).toBe('unknown_method')
  })

  it('posts, shows and updates a message in place, and an update without blocks removes them', async () => {
    const posted = await call('chat.postMessage', { channel: llmCosts, text: 'card', blocks: aCard() })
    const ts = String(posted.ts)
    await call('chat.update', { channel: llmCosts, ts, text: 'changed', blocks: aCard().slice(0, 1) })
    const find = async () => (await open.sandbox.messages(llmCosts)).find((message) => message.ts === ts)
    expect((await find())?.blocks).toHaveLength(1)
    await call('chat.update', { channel: llmCosts, ts, text: 'only words' })
    expect(await find()).toMatchObject({ text: 'only words', blocks: [] })
  })

  it('keeps replies in their thread, and shows a broadcast in the channel too', async () => {
    const parent = String((await call('chat.postMessage', { channel: llmCosts, text: 'parent' })).ts)
    const reply = { channel: llmCosts, thread_ts: parent }
    const quiet = await call('chat.postMessage', { ...reply, text: 'quiet' })
    const loud = await call('chat.postMessage', { ...reply, text: 'loud', reply_broadcast: true })
    const inChannel = (await open.sandbox.messages(llmCosts)).map((message) => message.ts)
    expect(inChannel).toContain(loud.ts)
    expect(inChannel).not.toContain(quiet.ts)
    expect((await open.sandbox.thread(llmCosts, parent)).map((one) => one.text)).toEqual([
      'parent',
      'quiet',
      'loud',
    ])
    expect(await error('chat.postMessage', { ...reply, thread_ts: '1.000000', text: 'x' })).toBe(
      'thread_not_found',
    )
  })

  it('takes form bodies and JSON bodies alike', async () => {
    const json = await fetch(`${open.sandbox.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        authorization: 'Bearer xoxb-of-the-tests',
      },
      body: JSON.stringify({ channel: general, text: 'as JSON', blocks: aCard() }),
    })
    expect(await json.json()).toMatchObject({ ok: true, channel: general })
  })

  it('writes only where the app is a member, until somebody invites it', async () => {
    const message = { channel: random, text: 'hello' }
    expect(await error('chat.postMessage', message)).toBe('not_in_channel')
    expect(await error('chat.postMessage', { ...message, channel: 'C0NOWHERE1' })).toBe('channel_not_found')
    await open.sandbox.command({ userId: sam, channelId: random, text: '/invite @LensAI' })
    expect((await call('chat.postMessage', message)).ok).toBe(true)
  })

  it('reaches a person in a direct message', async () => {
    const opened = await open.client.conversations.open({ users: sam })
    const posted = await open.client.chat.postMessage({ channel: sam, text: 'only us' })
    expect(posted.channel).toBe(opened.channel?.id)
  })

  it('names the block that Slack would refuse, and where', async () => {
    const refused = await refusal(
      call('chat.postMessage', {
        channel: general,
        text: 'x',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'y'.repeat(3001) } }],
      }),
    )
    const expected = 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'
    expect(refused).toMatchObject({ error: 'invalid_blocks', errors: [expected] })
    expect(refused.response_metadata).toMatchObject({ messages: [`[ERROR] ${expected}`] })
  })

  it.each([
    ['no_text', 'chat.postMessage', { channel: general }],
    ['msg_too_long', 'chat.postMessage', { channel: general, text: 'x'.repeat(40_001) }],
    ['invalid_blocks_format', 'chat.postMessage', { channel: general, text: 'x', blocks: '[{' }],
    ['invalid_arguments', 'chat.postMessage', { text: 'x' }],
    ['message_not_found', 'chat.update', { channel: general, ts: '1.000000', text: 'x' }],
    ['channel_not_found', 'chat.update', { channel: 'C0NOWHERE1', ts: '1.000000', text: 'x' }],
    ['message_not_found', 'chat.delete', { channel: general, ts: '1.000000' }],
    ['user_not_in_channel', 'chat.postEphemeral', { channel: general, user: 'U0NOBODY01', text: 'x' }],
    ['message_not_found', 'chat.getPermalink', { channel: general, message_ts: '1.000000' }],
    ['user_not_found', 'users.info', { user: 'U0NOBODY01' }],
    ['channel_not_found', 'conversations.info', { channel: 'C0NOWHERE1' }],
    ['user_not_found', 'conversations.open', { users: 'U0NOBODY01' }],
    ['file_not_found', 'files.info', { file: 'F0NOTHING1' }],
    ['invalid_trigger_id', 'views.open', { trigger_id: 'x', view: {} }],
    ['not_found', 'views.update', { view_id: 'V0NOTHING1', view: {} }],
    ['user_not_found', 'views.publish', { user_id: 'U0NOBODY01', view: {} }],
  ])('answers %s to a wrong %s', async (expected, method, args) => {
    expect(await error(method, args)).toBe(expected)
  })

  it('lets the app change only its own words, and ephemeral ones by response_url alone', async () => {
    const said = await open.sandbox.command({ userId: sam, channelId: general, text: 'hello all' })
    const ts = said.kind === 'posted' ? said.ts : ''
    expect(await error('chat.update', { channel: general, ts, text: 'mine' })).toBe('cant_update_message')
    const ephemeral = await call('chat.postEphemeral', { channel: general, user: sam, text: 'psst' })
    expect(await error('chat.update', { channel: general, ts: ephemeral.message_ts, text: 'x' })).toBe(
      'message_not_found',
    )
    expect((await open.sandbox.ephemerals(sam)).map((one) => one.text)).toContain('psst')
    expect((await open.sandbox.ephemerals(alex)).map((one) => one.text)).not.toContain('psst')
  })

  it('tells people and channels as Slack does', async () => {
    expect((await open.client.users.info({ user: alex })).user).toMatchObject({ is_admin: true })
    expect((await open.client.users.info({ user: sam })).user).toMatchObject({ is_admin: false })
    const listed = (await open.client.conversations.list()).channels ?? []
    expect(listed.map((one) => [one.name, one.is_member])).toContainEqual(['llm-costs', true])
    const link = await open.client.chat.getPermalink({
      channel: general,
      message_ts: String((await call('chat.postMessage', { channel: general, text: 'here' })).ts),
    })
    expect(link.permalink).toMatch(/\/archives\/C0GENERAL1\/p\d{16}$/)
  })

  it('remembers each call with its answer, and never a token', async () => {
    await fetch(`${open.sandbox.apiUrl}auth.test`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'token=xoxb-of-the-tests&colour=blue',
    })
    const calls = await open.sandbox.calls()
    expect(calls.at(-1)).toMatchObject({
      method: 'auth.test',
      args: { colour: 'blue' },
      answer: { ok: true },
    })
    expect(JSON.stringify(calls)).not.toContain('xoxb-of-the-tests')
  })
})

/** For how many seconds a call is refused; null when it is answered. */
const refusedFor = (call: Promise<unknown>): Promise<number | null> =>
  call.then(
    () => null,
    (error: unknown) => (error instanceof WebAPIRateLimitedError ? error.retryAfter : Promise.reject(error)),
  )

describe('limits on the app', () => {
  it('lets a burst of posts pass, then answers 429 with the seconds to wait, a channel at a time', async () => {
    const limited = await openForTest({ rateLimits: true })
    const post = (channel: string) =>
      fetch(`${limited.sandbox.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-of-the-tests' },
        body: JSON.stringify({ channel, text: 'x' }),
      })
    const statuses: number[] = []
    for (let n = 0; n < 6; n++) statuses.push((await post(general)).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
    expect((await post(general)).headers.get('retry-after')).toBe('1')
    expect((await post(llmCosts)).status).toBe(200)
    limited.moveOn(1000)
    expect((await post(general)).status).toBe(200)
    await limited.close()
  })

  it('answers 429 on demand, so many calls of a method and no other', async () => {
    const { sandbox, client, close } = await openForTest()
    await sandbox.storm({ methods: ['chat.postMessage'], times: 2, retryAfterS: 30 })
    const post = () => client.chat.postMessage({ channel: general, text: 'x' })
    const waits = [await refusedFor(post()), await refusedFor(post()), await refusedFor(post())]
    expect(waits).toEqual([30, 30, null])
    expect(await refusedFor(client.auth.test())).toBeNull()
    await close()
  })

  it('refuses a method whose scope the token lacks, naming it', async () => {
    const narrow = await openForTest({ scopes: ['commands'] })
    const refused = await refusal(narrow.client.chat.postMessage({ channel: general, text: 'x' }))
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'chat:write', provided: 'commands' })
    await narrow.close()
  })
})
