/** Overrides that a second person decides over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { overrides } from '../../db/postgres/schema.ts'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let now = NOON
let ground: Managed
beforeEach(async () => {
  now = NOON
  ground = await layManaged(() => now)
})
afterEach(() => ground.close())

const minutesLater = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)

describe('an override', () => {
  const ask = (id: string, fields: object = {}, key = ground.ada, headers = {}) =>
    ground.post(
      `/v1/budgets/${id}/overrides`,
      { amount_usd: '5', window_s: 900, reason: 'launch', ...fields },
      key,
      headers,
    )

  it('that a second person must grant waits for one, and is granted once', async () => {
    const id = await ground.made({ override_policy: { second_person: true, windows_s: [900] } })
    const headers = { 'idempotency-key': 'o-1' }
    const asked = await ask(id, {}, ground.ada, headers)
    expect(asked).toMatchObject({
      status: 202,
      body: { outcome: 'requested', override: null, request: { state: 'pending' } },
    })
    expect((await ask(id, {}, ground.ada, headers)).body).toEqual(asked.body)
    const request = String((asked.body.request as { id: string }).id)
    const approve = (key: string) => ground.post(`/v1/override-requests/${request}/approve`, undefined, key)
    expect([(await approve(ground.ada)).status, (await approve(ground.ada)).code]).toEqual([
      403,
      'own_request',
    ])
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => approve(ground.ben)))
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(outcomes.filter(({ body }) => body.override !== null)).toHaveLength(1)
    expect(await ground.postgres.tables.select().from(overrides)).toHaveLength(1)
    expect(
      (await ground.post(`/v1/override-requests/${request}/deny`, { reason: 'late' }, ground.ben)).code,
    ).toBe('request_decided')
    expect((await ground.get('/v1/override-requests?state=granted')).body).toMatchObject({
      items: [{ id: request, requested_by: 'ada', decided_by: 'ben', state: 'granted' }],
    })
    expect((await ground.get('/v1/override-requests?state=pending')).body.items).toEqual([])
    expect((await ground.get('/v1/override-requests?state=open')).code).toBe('fields_invalid')
    expect(await ground.deeds()).toEqual([
      ...['ada budget.made', 'ada override.requested'],
      ...['ben override.granted', 'ben override_request.approved'],
    ])
  })

  it('that is denied or runs out is not granted', async () => {
    const id = await ground.made({
      override_policy: { second_person: true, windows_s: [900], request_expires_s: 60 },
    })
    const requestOf = async () => String(((await ask(id)).body.request as { id: string }).id)
    const denied = await requestOf()
    expect((await ground.post(`/v1/override-requests/${denied}/deny`, {}, ground.ben)).code).toBe(
      'fields_invalid',
    )
    expect(
      await ground.post(`/v1/override-requests/${denied}/deny`, { reason: 'no' }, ground.ben),
    ).toMatchObject({
      body: { request: { state: 'denied', deny_reason: 'no', decided_by: 'ben' }, override: null },
    })
    const late = await requestOf()
    now = minutesLater(1)
    expect((await ground.post(`/v1/override-requests/${late}/approve`, undefined, ground.ben)).code).toBe(
      'request_decided',
    )
    expect((await ground.post('/v1/override-requests/req_nobody/approve', undefined, ground.ben)).code).toBe(
      'request_unknown',
    )
    expect(await ground.postgres.tables.select().from(overrides)).toEqual([])
  })
})
