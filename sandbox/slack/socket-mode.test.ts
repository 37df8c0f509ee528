import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alex, botToken, general, type OpenedSandbox, openForTest } from '../../test/opened-sandbox.ts'
import { eventually } from '../../test/waiting.ts'
import { openRateLimiter } from './rate-limits.ts'
import { isObject, type Json } from './validate-shape.ts'

const appToken = 'xapp-1-good'
const scopes = ['connections:write']

let opened: OpenedSandbox
const clients = new Set<WebSocketByHand>()
beforeEach(async () => {
  opened = await openForTest({
    ackTimeoutMs: 300,
    eventRetryDelaysMs: [0, 0, 0],
    socketMode: {
      appTokens: [
        { token: appToken, scopes },
        { token: 'xapp-1-without', scopes: ['authorizations:read'] },
      ],
      warningMs: 50,
      graceMs: 50,
    },
  })
})
afterEach(async () => {
  for (const client of clients) client.end()
  clients.clear()
  await opened.close()
})

async function ask(authorization?: string, more: { method?: string; body?: string } = {}): Promise<Json> {
  const response = await fetch(`${opened.sandbox.apiUrl}apps.connections.open`, {
    method: more.method ?? 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(more.body === undefined ? {} : { body: more.body }),
  })
  const answer: unknown = await response.json()
  return isObject(answer) ? answer : {}
}

const address = async () => String((await ask(`Bearer ${appToken}`)).url)

interface WebSocketByHand {
  readonly heard: Json[]
  send(text: string, how?: { masked?: boolean; opcode?: number }): void
  ended: Promise<unknown>
  end(): void
}

/** A client that may break every rule; the one of the SDK is at work in the app's own tests. */
async function dial(url: string): Promise<WebSocketByHand> {
  const { hostname, port, pathname, search } = new URL(url)
  const socket = connect(Number(port), hostname)
  const ended = once(socket, 'close')
  socket.on('error', () => undefined)
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
  )
  const heard: Json[] = []
  const head = new EventEmitter()
  let bytes = Buffer.alloc(0)
  let isOpen = false
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    if (!isOpen) {
      const at = bytes.indexOf('\r\n\r\n')
      if (at < 0) return
      const status = bytes.subarray(9, 12).toString()
      isOpen = status === '101'
      bytes = bytes.subarray(at + 4)
      head.emit('status', status)
    }
    for (;;) {
      const [first = 0, short = 0] = bytes
      const headBytes = short === 126 ? 4 : 2
      if (bytes.length < headBytes) return
      const length = short === 126 ? bytes.readUInt16BE(2) : short
      if (bytes.length < headBytes + length) return
      const text = bytes.subarray(headBytes, headBytes + length).toString()
      bytes = bytes.subarray(headBytes + length)
      if ((first & 0x0f) === 1) heard.push(JSON.parse(text))
      else heard.push({ opcode: first & 0x0f, text })
    }
  })
  const client: WebSocketByHand = {
    heard,
    ended,
    send(text, { masked = true, opcode = 1 } = {}) {
      const payload = Buffer.from(text)
      // A mask of zeros leaves the bytes as they are.
      socket.write(
        Buffer.concat([
          Buffer.from([0x80 | opcode, (masked ? 0x80 : 0) | payload.length]),
          masked ? Buffer.alloc(4) : Buffer.alloc(0),
          payload,
        ]),
      )
    },
    end: () => socket.destroy(),
  }
  clients.add(client)
  const [status] = await once(head, 'status')
  if (status !== '101') throw new Error(`refused with ${status}`)
  return client
}

const envelopesOf = (client: WebSocketByHand) =>
  client.heard.filter(({ envelope_id: id }) => typeof id === 'string')
const command = () => opened.sandbox.command({ userId: alex, channelId: general, text: '/lens help' })
/** Acknowledges all that comes. */
function acknowledge(client: WebSocketByHand, payload?: Json) {
  const done = new Set<unknown>()
  const timer = setInterval(() => {
    for (const { envelope_id } of envelopesOf(client)) {
      if (done.has(envelope_id)) continue
      done.add(envelope_id)
      client.send(JSON.stringify({ envelope_id, ...(payload ? { payload } : {}) }))
    }
  }, 5)
  client.ended.then(() => clearInterval(timer)).catch(() => undefined)
}

describe('apps.connections.open', () => {
  it('gives an address to an app-level token that may have one', async () => {
    expect(await ask(`Bearer ${appToken}`)).toMatchObject({
      ok: true,
      url: expect.stringMatching(/^ws:.*\/link\/\?ticket=\w+&app_id=A/),
    })
  })

  it.each([
    ['no token', undefined, {}, 'not_authed'],
    ['a token in the body', undefined, { body: `token=${appToken}` }, 'not_authed'],
    ['a token that nobody gave', 'Bearer xapp-1-other', {}, 'invalid_auth'],
    ['the token of a bot', `Bearer ${botToken}`, {}, 'not_allowed_token_type'],
    ['a token without the scope', 'Bearer xapp-1-without', {}, 'missing_scope'],
    ['a GET', `Bearer ${appToken}`, { method: 'GET' }, 'insecure_request'],
  ])('refuses %s', async (_what, authorization, more, error) => {
    expect(await ask(authorization, more)).toMatchObject({ ok: false, error })
  })

  it('takes an app-level token for nothing else', async () => {
    const response = await fetch(`${opened.sandbox.apiUrl}auth.test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${appToken}` },
    })
    expect(await response.json()).toMatchObject({ error: 'not_allowed_token_type' })
  })

  it('is limited as its tier says: fifty in a minute', () => {
    const limiter = openRateLimiter({ now: () => new Date(0), enabled: true })
    for (let call = 0; call < 50; call += 1) expect(limiter.take('apps.connections.open', null)).toBeNull()
    expect(limiter.take('apps.connections.open', null)).toBeGreaterThan(0)
  })
})

describe('a connection', () => {
  it('is greeted, by an address that is good once and not for long', async () => {
    const url = await address()
    const client = await dial(url)
    await eventually(async () => expect(client.heard[0]).toMatchObject({ type: 'hello', num_connections: 1 }))
    await expect(dial(url)).rejects.toThrow('403')
    const late = await address()
    opened.moveOn(31_000)
    await expect(dial(late)).rejects.toThrow('403')
    await expect(dial(`${opened.sandbox.url.replace('http', 'ws')}/link/?ticket=guessed`)).rejects.toThrow(
      '403',
    )
  })

  it('carries each kind as HTTP does, unsigned, and takes a payload only where the kind has one', async () => {
    const client = await dial(await address())
    acknowledge(client, { text: 'said in the answer' })
    expect(await command()).toMatchObject({
      delivery: { outcome: 'acknowledged', body: { text: 'said in the answer' } },
    })
    expect(await opened.sandbox.openHome({ userId: alex })).toMatchObject({
      outcome: 'acknowledged',
      body: null,
    })
    expect((await opened.sandbox.ephemerals(alex)).at(-1)?.text).toBe('said in the answer')
    expect(envelopesOf(client)).toMatchObject([
      { type: 'slash_commands', accepts_response_payload: true, payload: { command: '/lens', text: 'help' } },
      {
        type: 'events_api',
        accepts_response_payload: false,
        ...{ retry_attempt: 0, retry_reason: '' },
        payload: { type: 'event_callback', event: { type: 'app_home_opened' } },
      },
    ])
    expect(opened.app.received).toEqual([])
  })

  it('tells the person when nobody answers, and sends an event again with the reason', async () => {
    const client = await dial(await address())
    expect(await command()).toMatchObject({ delivery: { outcome: 'timed_out' } })
    expect((await opened.sandbox.ephemerals(alex)).at(-1)?.text).toContain('operation_timeout')
    expect(await opened.sandbox.openHome({ userId: alex })).toMatchObject({ outcome: 'timed_out' })
    await eventually(async () =>
      expect(envelopesOf(client).at(-1)).toMatchObject({ retry_attempt: 3, retry_reason: 'timeout' }),
    )
  })

  it('tells the person when no connection is there', async () => {
    expect(await command()).toMatchObject({ delivery: { outcome: 'unreachable' } })
  })

  it('gives an envelope to one of several, and takes the answer of no other', async () => {
    const [one, other] = [await dial(await address()), await dial(await address())]
    const sent = command()
    const asked = await eventually(async () => {
      const [first] = [one, other].filter((client) => envelopesOf(client).length > 0)
      if (!first) throw new Error('nothing was sent')
      return first
    })
    const stranger = asked === one ? other : one
    expect(envelopesOf(stranger)).toEqual([])
    stranger.send(JSON.stringify({ envelope_id: envelopesOf(asked)[0]?.envelope_id }))
    asked.send('no acknowledgement at all')
    expect(await sent).toMatchObject({ delivery: { outcome: 'timed_out' } })
  })

  it('is warned, told to go, and ended; nothing is sent by it once it was told to go', async () => {
    const client = await dial(await address())
    await opened.sandbox.sockets?.refresh()
    expect(await command()).toMatchObject({ delivery: { outcome: 'unreachable' } })
    await client.ended
    expect(client.heard.map(({ reason }) => reason).filter(Boolean)).toEqual(['warning', 'refresh_requested'])
  })

  it('is no eleventh', async () => {
    for (let time = 0; time < 10; time += 1) await dial(await address())
    const client = await dial(await address())
    await client.ended
    expect(client.heard[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
    expect(opened.sandbox.sockets?.count()).toBe(10)
  })

  it('ends with Socket Mode itself, and none is opened after', async () => {
    const client = await dial(await address())
    opened.sandbox.sockets?.disable()
    await client.ended
    expect(client.heard.at(1)).toMatchObject({ type: 'disconnect', reason: 'link_disabled' })
    expect(await ask(`Bearer ${appToken}`)).toMatchObject({ ok: false })
  })

  it.each([
    ['is not masked', { masked: false }],
    ['is no text', { opcode: 2 }],
    ['goes on with what never began', { opcode: 0 }],
  ])('is ended when what a client sends %s', async (_what, how) => {
    const client = await dial(await address())
    client.send('{}', how)
    await client.ended
    expect(client.heard.at(-1)).toMatchObject({ opcode: 8 })
  })
})
