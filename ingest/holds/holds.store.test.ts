import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isId } from '../../core/ids.ts'
import { usd } from '../../core/money.ts'
import { monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../db/postgres/budgets.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { figuresOf } from '../../test/holds/hold-ground.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { until } from '../../test/waiting.ts'

let ground: IngestGround
beforeEach(async () => {
  ground = await layIngestGround({ now: () => new Date(), scopes: ['ingest', 'holds'] })
})
afterEach(() => ground.close())

const send = async (method: 'GET' | 'POST', path: string, body?: object) => {
  const response = await fetch(`${ground.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ground.key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, headers: response.headers, answer }
}
const hold = (body: object) =>
  send('POST', '/v1/holds', { request_id: 'r1', provider: 'openai', model: 'gpt-4o', max_usd: '4', ...body })

async function makeStrict(limit: string, changes: object = {}): Promise<void> {
  const { orgId, project, postgres } = ground
  const definition = { ...monthlyBudget(project.id, usd(limit), null), mode: 'strict' as const, ...changes }
  await makeBudget(postgres, { orgId, definition, by: 'U1', origin: 'api' }, new Date())
}

describe('POST /v1/holds', () => {
  it('grants, says the same again, settles once, and tells what became of it', async () => {
    await makeStrict('10')
    const first = await hold({ ttl_s: 60 })
    expect(first.status).toBe(200)
    expect(first.answer).toMatchObject({ granted: true, amount_usd: '4.000000000', price_version: null })
    expect((await hold({ ttl_s: 60 })).answer).toEqual(first.answer)
    const id = idIn(first.answer)
    expect(isId('hld', id)).toBe(true)
    const settled = { status: 200, answer: { settled_usd: '1.500000000', over: false } }
    expect(await send('POST', `/v1/holds/${id}/settle`, { cost_usd: '1.5' })).toMatchObject(settled)
    expect(await send('POST', `/v1/holds/${id}/settle`, { cost_usd: '2' })).toMatchObject(settled)
    expect((await send('POST', `/v1/holds/${id}/release`)).answer).toEqual({
      released: false,
      state: 'settled',
    })
    expect((await send('GET', `/v1/holds/${id}`)).answer).toMatchObject({
      ...{ hold_id: id, state: 'settled', settled_usd: '1.500000000', over: false, attempt: 1 },
    })
    expect(await figuresOf(ground.postgres)).toEqual({ spent: '1.5', held: '0', leased: '' })
  })

  it('refuses with all of why, as a 200', async () => {
    await makeStrict('10')
    await hold({})
    await hold({ request_id: 'r2' })
    const { status, answer } = await hold({ request_id: 'r3' })
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      granted: false,
      refused_by: { reason: 'hold_too_large', held_usd: '8.000000000', available_usd: '2.000000000' },
    })
  })

  it('holds the worst case of a call whose size is known, and is ended by its event', async () => {
    await makeStrict('10')
    const { answer } = await hold({ max_usd: undefined, max_tokens: 1_000, input_tokens: 2_000 })
    expect(answer).toMatchObject({ granted: true, amount_usd: expect.stringMatching(/^0\.0[1-9]/) })
    const events = [
      aWireEvent({ request_id: 'r1', ts: new Date().toISOString(), tokens_in: 1000, tokens_out: 10 }),
    ]
    expect((await send('POST', '/v1/events', { events })).status).toBe(202)
    await until('the hold ends', 5_000, async () => (await figuresOf(ground.postgres)).held === '0')
    expect((await figuresOf(ground.postgres)).spent).toMatch(/^0\.00/)
    expect((await send('GET', `/v1/holds/${idIn(answer)}`)).answer).toMatchObject({ state: 'settled' })
  })

  it('holds by the counter that will count the event, whose user is stored under another name', async () => {
    await makeStrict('10', { each: 'user' })
    const user = 'jane.doe@example.com'
    const { answer } = await hold({ user_id: user })
    const event = { request_id: 'r1', user_id: user, ts: new Date().toISOString() }
    await send('POST', '/v1/events', { events: [aWireEvent(event)] })
    await until('the hold ends', 5_000, async () => {
      const { answer: now } = await send('GET', `/v1/holds/${idIn(answer)}`)
      return JSON.stringify(now).includes('"state":"settled"')
    })
    expect((await figuresOf(ground.postgres)).held).toBe('0')
  })

  it('says of a bad body what is wrong, where, and the way out', async () => {
    const bad: readonly [object, RegExp][] = [
      [{ max_usd: undefined }, /: max_tokens is missing/],
      [{ max_usd: undefined, max_tokens: 5 }, /: neither input_tokens nor input_bytes/],
      [{ max_usd: 4 }, /: max_usd is 4; it must be a decimal string/],
      [{ ttl_s: 5 }, /ttl_s is 5; it must be a whole number from 10 to 3600/],
      [{ colour: 'red' }, /"colour" is no field of a hold/],
      [{ request_id: '' }, /request_id is 0 characters long/i],
    ]
    for (const [body, message] of bad) {
      const { status, answer } = await hold(body)
      expect({ status, answer }).toMatchObject({
        status: 400,
        answer: { error: { code: 'body_not_hold', message: expect.stringMatching(message) } },
      })
    }
    const settle = await send('POST', '/v1/holds/hld_x/settle', {})
    expect(settle.answer).toMatchObject({
      error: { message: expect.stringMatching(/: cost_usd is missing/) },
    })
  })

  it('knows no hold of another project, and no key without the scope', async () => {
    for (const path of ['/v1/holds/hld_x/settle', '/v1/holds/hld_x/release']) {
      expect((await send('POST', path, { cost_usd: '1' })).answer).toMatchObject({
        error: { code: 'hold_unknown' },
      })
    }
    expect((await send('GET', '/v1/holds/hld_x')).status).toBe(404)
    const other = await layIngestGround({ now: () => new Date(), scopes: ['ingest'] })
    const response = await fetch(`${other.url}/v1/holds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.key}`, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(403)
    await other.close()
  })
})

function idIn(answer: unknown): string {
  const id: unknown = typeof answer === 'object' && answer !== null && 'hold_id' in answer && answer.hold_id
  if (typeof id !== 'string') throw new Error(`no hold in ${JSON.stringify(answer)}`)
  return id
}
