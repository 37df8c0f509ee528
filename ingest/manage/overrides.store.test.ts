/** Leave to spend more over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

describe('an override', () => {
  const ask = (id: string, fields: object = {}, key = ground.ada, headers = {}) =>
    ground.post(
      `/v1/budgets/${id}/overrides`,
      { amount_usd: '5', window_s: 900, reason: 'launch', ...fields },
      key,
      headers,
    )

  it('is granted by sum or by percent, replaced, and taken back', async () => {
    const id = await ground.made()
    expect(await ask(id)).toMatchObject({
      status: 201,
      body: {
        outcome: 'granted',
        request: null,
        override: { ceiling_usd: '15.000000000', granted_by: 'ada' },
      },
    })
    const percent = await ask(id, { amount_usd: undefined, amount_percent: 25 })
    expect(percent.body).toMatchObject({ override: { amount_usd: '2.500000000' } })
    expect((await ground.get(`/v1/budgets/${id}`)).body.current).toMatchObject({
      override: { amount_usd: '2.500000000' },
    })
    const revoke = () => ground.call(ground.ada, 'DELETE', `/v1/budgets/${id}/overrides/current`)
    expect([(await revoke()).status, (await revoke()).code]).toEqual([204, 'override_unknown'])
    expect(await ground.deeds()).toContain('ada override.revoked')
  })

  it('is refused with the reason, and says which field', async () => {
    const id = await ground.made({ override_policy: { windows_s: [900], amount_max_usd: '6' } })
    for (const fields of [
      { amount_usd: undefined },
      { amount_percent: 5 },
      { window_s: 0 },
      { reason: ' ' },
      { counter: 'user:u1' },
    ])
      expect((await ask(id, fields)).code).toBe('fields_invalid')
    expect((await ask(id, { amount_usd: '7' })).code).toBe('override_refused')
    expect((await ask(id, { window_s: 901 })).code).toBe('override_refused')
    await ground.post(`/v1/budgets/${id}/stop`)
    expect((await ask(id)).code).toBe('override_refused')
    const named = await ground.made({ override_policy: { approvers: ['ben'], windows_s: [900] } })
    expect(await ask(named)).toMatchObject({ status: 202, body: { outcome: 'requested' } })
    expect(await ask(named)).toMatchObject({ code: 'request_pending' })
  })

  it('of a budget with a counter each says whose', async () => {
    const id = await ground.made({ scope: { each: 'user' } })
    expect((await ask(id)).code).toBe('fields_invalid')
    expect((await ask(id, { counter: 'user:u1' })).status).toBe(201)
    const revoke = (counter: string) =>
      ground.call(ground.ada, 'DELETE', `/v1/budgets/${id}/overrides/current?counter=${counter}`)
    expect([(await revoke('user:u2')).code, (await revoke('user:u1')).status]).toEqual([
      'override_unknown',
      204,
    ])
  })
})
