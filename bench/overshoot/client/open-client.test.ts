/** The model of an SDK against servers that write down what it asks, and the stand-in provider. */
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProviderStandIn, type ProviderStandIn } from '../../../sandbox/provider/open-provider.ts'
import { until } from '../../../test/waiting.ts'
import { type Client, type ClientOptions, openClient } from './open-client.ts'
import { fieldOf, isObject, textOf } from './read-wire.ts'

interface HoldAnswered {
  readonly status: number
  readonly body: object
  readonly retryAfterS?: number
}

interface Lens {
  readonly url: string
  readonly asked: { readonly path: string; readonly body: unknown }[]
  /** Says a verdict on every open stream, and first on each that opens from now on. */
  say(allowed: boolean): void
  answerHolds: (body: unknown) => HoldAnswered | 'nothing'
  close(): void
}

const granted = { status: 200, body: { granted: true, hold_id: 'hld_1', amount_usd: '0.005020000' } }
const refused = {
  status: 200,
  body: { granted: false, refused_by: { budget_id: 'bud_1', wanted_usd: '0.005020000' } },
}

async function openLens(): Promise<Lens> {
  const streams = new Set<ServerResponse>()
  let allowed = true
  const verdict = () => `id: v\nevent: verdict\ndata: ${JSON.stringify({ allowed, age_ms: 0 })}\n\n`
  const lens: Lens = {
    url: '',
    asked: [],
    say: (now) => {
      allowed = now
      for (const stream of streams) stream.write(verdict())
    },
    answerHolds: () => granted,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  const server = createServer(async (request: IncomingMessage, response) => {
    const path = request.url ?? ''
    if (path === '/v1/verdicts/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      streams.add(response)
      return response.write(verdict())
    }
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(Buffer.from(piece))
    const body: unknown = JSON.parse(Buffer.concat(pieces).toString())
    lens.asked.push({ path, body })
    const answer: HoldAnswered | 'nothing' =
      path === '/v1/holds'
        ? lens.answerHolds(body)
        : { status: path === '/v1/events' ? 202 : 200, body: { rejected: [] } }
    if (answer === 'nothing') return undefined
    const { status, retryAfterS } = answer
    if (retryAfterS !== undefined) response.setHeader('retry-after', retryAfterS)
    response.writeHead(status, { 'content-type': 'application/json' })
    return response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return Object.assign(lens, {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
  })
}

let lens: Lens
let provider: ProviderStandIn
let client: Client
let wrong: unknown[]
const agent = new Agent({ keepAlive: true })

async function aClient(options: Partial<ClientOptions> = {}): Promise<Client> {
  client = openClient({
    ...{
      client: 0,
      lensUrl: lens.url,
      apiKey: 'lens_x',
      mode: 'cached',
      onUnreachable: 'deny',
      tokensMax: 40,
    },
    provider: { url: provider.url, apiKey: 'sandbox', agent },
    broken: (error) => wrong.push(error),
    ...options,
  })
  await client.ready
  return client
}
const request = { requestId: 'r1', contextTokens: 100, generatedTokens: 90 }
const paths = () => lens.asked.map(({ path }) => path)
const eventsSent = (): unknown[] =>
  lens.asked.flatMap(({ path, body }) => {
    const events = fieldOf(body, 'events')
    return path === '/v1/events' && Array.isArray(events) ? events : []
  })

beforeEach(async () => {
  wrong = []
  lens = await openLens()
  provider = await openProviderStandIn({ port: 0, now: () => new Date() })
})
afterEach(async () => {
  await client.finish()
  lens.close()
  await provider.close()
  agent.destroy()
  expect(wrong).toEqual([])
})

describe('a client of cached mode', () => {
  it('calls, lets the answer be no longer than its maximum, and sends what the provider reported', async () => {
    const { call, finish } = await aClient()
    await call(request)
    const { calls, standings } = await finish()
    expect(calls).toMatchObject([
      { requestId: 'r1', tokensIn: 100, tokensOut: 40, holdMs: null, heldUsd: null },
    ])
    expect(calls[0]?.ackedAtMs).toBeGreaterThanOrEqual(calls[0]?.endedAtMs ?? Number.NaN)
    expect(eventsSent()).toMatchObject([
      { request_id: 'r1', model: 'gpt-4o-2024-08-06', usage: { prompt_tokens: 100, completion_tokens: 40 } },
    ])
    expect(standings).toMatchObject([{ isLive: true, mayCall: true }])
  })

  it('makes no call once a verdict stopped it, notes when, and calls again when it is lifted', async () => {
    const { call, finish } = await aClient()
    let number = 0
    /** Whether the provider is asked for one more. */
    const isMade = async () => {
      const before = provider.calls().length
      await call({ ...request, requestId: `r${number++}` })
      return provider.calls().length > before
    }
    expect(await isMade()).toBe(true)
    lens.say(false)
    await until('the stop is heard', 5_000, async () => !(await isMade()))
    expect(await isMade()).toBe(false)
    lens.say(true)
    await until('the lift is heard', 5_000, isMade)
    const { refusals, standings } = await finish()
    expect(refusals.at(-1)).toMatchObject({ by: 'budget', holdMs: null, tokensIn: 100 })
    expect(standings.map(({ mayCall }) => mayCall)).toEqual([true, false, true])
  })
})

describe('a client of strict mode', () => {
  it('asks for a hold at its worst case before the provider, and settles it by the event of the same id', async () => {
    lens.answerHolds = () => {
      expect(provider.calls()).toHaveLength(0)
      return granted
    }
    const { call, finish } = await aClient({ mode: 'strict' })
    await call(request)
    const { calls } = await finish()
    expect(paths()).toEqual(['/v1/holds', '/v1/events'])
    expect(lens.asked[0]?.body).toMatchObject({
      ...{ request_id: 'r1', provider: 'openai', model: 'gpt-4o', max_tokens: 40, input_tokens: 100 },
    })
    expect(eventsSent().map((event) => textOf(event, 'request_id'))).toEqual(['r1'])
    expect(calls).toMatchObject([{ heldUsd: '0.005020000' }])
    expect(calls[0]?.holdMs).toBeGreaterThan(0)
  })

  it('makes no call whose hold is refused', async () => {
    lens.answerHolds = () => refused
    const { call, finish } = await aClient({ mode: 'strict' })
    await call(request)
    expect(provider.calls()).toEqual([])
    expect((await finish()).refusals).toMatchObject([{ by: 'budget', mayBeHeldUntilMs: null }])
  })

  it('asks again, with the same id, when a server could not answer', async () => {
    let tries = 0
    lens.answerHolds = () => (++tries < 3 ? { status: 503, body: {} } : granted)
    const { call } = await aClient({ mode: 'strict' })
    await call(request)
    expect(paths().slice(0, 3)).toEqual(['/v1/holds', '/v1/holds', '/v1/holds'])
    expect(new Set(lens.asked.slice(0, 3).map(({ body }) => isObject(body) && body.request_id))).toEqual(
      new Set(['r1']),
    )
    expect(provider.calls()).toHaveLength(1)
  })

  it('makes no call when no answer comes, and knows that a hold may stand', async () => {
    lens.answerHolds = () => 'nothing'
    const { call, finish } = await aClient({ mode: 'strict', holdWithinMs: 100 })
    await call(request)
    expect(provider.calls()).toEqual([])
    const { refusals } = await finish()
    expect(refusals).toMatchObject([{ by: 'unreachable', holdMs: null }])
    expect(refusals[0]?.mayBeHeldUntilMs).toBeGreaterThan(refusals[0]?.atMs ?? Number.NaN)
  })

  it('makes no call while a server cannot answer, and knows that no hold stands', async () => {
    // To be asked again only when there is no time left to: what was asked and never answered may stand.
    lens.answerHolds = () => ({ status: 503, body: {}, retryAfterS: 60 })
    const { call, finish } = await aClient({ mode: 'strict', holdWithinMs: 30_000 })
    await call(request)
    expect(provider.calls()).toEqual([])
    expect((await finish()).refusals).toMatchObject([{ by: 'unreachable', mayBeHeldUntilMs: null }])
  })

  it('gives the hold back when the provider was never asked', async () => {
    const { call } = await aClient({
      mode: 'strict',
      provider: { url: 'http://127.0.0.1:1', apiKey: 'sandbox', agent },
    })
    await expect(call(request)).rejects.toThrow(/provider did not answer/)
    expect(paths()).toEqual(['/v1/holds', '/v1/holds/hld_1/release'])
  })
})
