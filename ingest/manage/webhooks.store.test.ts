/** Webhooks over HTTP, on a real Postgres: who is told, their secrets, what was sent and sending it again. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { open } from '../../core/envelope.ts'
import { usd } from '../../core/money.ts'
import { auditLog, webhookDeliveries, webhooks } from '../../db/postgres/schema.ts'
import { WEBHOOKS_PER_ORG_MAX, webhookSecretPurpose } from '../../db/postgres/webhooks.ts'
import { aKeyring } from '../../test/ingest/a-key.ts'
import type { Answered } from '../../test/ingest/manage-ground.ts'
import { fieldsOf, idsOf, itemsOf, layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const URL = 'https://hooks.example.com/lensai?token=hush'
const SHOWN = 'https://hooks.example.com/lensai?…'

let now = NOON
let ground: Managed
beforeEach(async () => {
  now = NOON
  ground = await layManaged(() => now)
})
afterEach(() => ground.close())

const hoursLater = (hours: number) => new Date(NOON.getTime() + hours * 3_600_000)
const post = (url: string, sent?: unknown, headers?: Record<string, string>): Promise<Answered> =>
  ground.post(url, sent, ground.ben, headers)
const get = (url: string) => ground.get(url, ground.ben)
const patch = (id: string, sent: unknown) => ground.call(ground.ben, 'PATCH', `/v1/webhooks/${id}`, sent)
const make = (fields: object = {}, headers?: Record<string, string>) =>
  post('/v1/webhooks', { url: URL, ...fields }, headers)
async function made(fields: object = {}): Promise<string> {
  const { status, body } = await make(fields)
  expect(status).toBe(201)
  return String(body.id)
}
const stored = async (id: string) => {
  const [row] = await ground.postgres.tables.select().from(webhooks).where(eq(webhooks.id, id))
  if (!row) throw new Error(`there is no ${id}`)
  return row
}
/** Deliveries of the webhook, each told by one budget that is stopped. */
async function told(id: string, times = 1): Promise<string[]> {
  const budget = await ground.made()
  for (let time = 0; time < times; time++) {
    now = new Date(now.getTime() + 1000)
    await post(`/v1/budgets/${budget}/stop`)
    await post(`/v1/budgets/${budget}/resume`)
  }
  return idsOf(await get(`/v1/webhooks/${id}/deliveries`)).map(String)
}
const settleAs = (state: 'failed' | 'delivered', id: string, lastStatus: number) =>
  ground.postgres.tables
    .update(webhookDeliveries)
    .set({ state, attempts: 12, attemptsLeft: 0, lastStatus, lastError: `answered ${lastStatus}` })
    .where(eq(webhookDeliveries.id, id))

describe('a webhook', () => {
  it('is made with a secret that is said once, and nothing of the query is said again', async () => {
    const { status, headers, body } = await make({ events: ['budget.lifted', 'budget.stopped'] })
    expect(status).toBe(201)
    const { secret, ...webhook } = body
    expect(webhook).toMatchObject({ url: SHOWN, enabled: true, created_by: 'ben', disabled_why: null })
    expect(webhook.events).toEqual(['budget.stopped', 'budget.lifted'])
    expect(headers.get('location')).toBe(`/v1/webhooks/${body.id}`)
    const row = await stored(String(body.id))
    expect(row.url).toBe(URL)
    expect(open(row.secret, aKeyring(), webhookSecretPurpose(row.id))).toBe(secret)
    const answers = [await get(`/v1/webhooks/${body.id}`), await get('/v1/webhooks'), await get('/v1/audit')]
    expect(answers[0]?.body).toEqual(webhook)
    for (const answer of answers) {
      expect(JSON.stringify(answer.body)).not.toContain(String(secret))
      expect(JSON.stringify(answer.body)).not.toContain('hush')
    }
    expect(await ground.deeds()).toEqual(['ben webhook.added'])
  })

  it.each([
    ['http://hooks.example.com/', 'https://'],
    ['https://10.0.0.7/', 'no public address'],
    ['https://127.0.0.1/', 'no public address'],
    ['https://0x7f.1/', 'no public address'],
    ['https://[::ffff:10.0.0.7]/', 'no public address'],
    ['https://169.254.169.254/latest/meta-data', 'no public address'],
    ['https://localhost/', 'no public name'],
    ['https://db.internal/', 'no public name'],
    ['https://ada:pw@hooks.example.com/', 'no user and password'],
    ['https://hooks.example.com:22/', 'the port'],
    [SHOWN, 'say it whole'],
  ])('is not made for %s, nor changed to it', async (url, why) => {
    const refused = await make({ url })
    expect([refused.status, refused.code]).toEqual([400, 'fields_invalid'])
    expect(fieldsOf(refused)).toContain(why)
    const id = await made({ url: 'https://hooks.example.com/other' })
    expect(fieldsOf(await patch(id, { url }))).toContain(why)
    expect((await stored(id)).url).toBe('https://hooks.example.com/other')
  })

  it('is refused with every problem of every field at once', async () => {
    const answer = await make({ url: 7, events: ['budget.exploded'], colour: 1 })
    for (const field of ['url', 'events', 'colour']) expect(fieldsOf(answer)).toContain(`"field":"${field}"`)
    for (const events of ['all', [], [1], {}]) expect((await make({ events })).code).toBe('fields_invalid')
    expect((await patch(await made(), { enabled: 'yes' })).code).toBe('fields_invalid')
    expect(await ground.postgres.tables.select().from(webhooks)).toHaveLength(1)
  })

  it('is made once by one Idempotency-Key, however often and at once it is sent; its secret comes once', async () => {
    const headers = { 'idempotency-key': 'w-1' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => make({}, headers)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ body }) => typeof body.secret === 'string')).toHaveLength(1)
    const replayed = answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')
    expect(replayed.map(({ body }) => body.secret)).toEqual([null, null, null])
    expect((await make({ events: ['budget.lifted'] }, headers)).code).toBe('idempotency_key_reused')
    expect(await ground.deeds()).toEqual(['ben webhook.added'])
  })

  it('is one of so many at most', async () => {
    for (let count = 0; count < WEBHOOKS_PER_ORG_MAX; count++) await made()
    expect(await make()).toMatchObject({ status: 409, code: 'webhooks_too_many' })
    const page = await get('/v1/webhooks?limit=6')
    const rest = await get(`/v1/webhooks?limit=6&cursor=${page.body.next_cursor}`)
    expect(new Set([...idsOf(page), ...idsOf(rest)]).size).toBe(WEBHOOKS_PER_ORG_MAX)
    expect(rest.body.next_cursor).toBeNull()
  })

  it('is changed in what is named, and each kind of change is a deed', async () => {
    const id = await made({ events: ['budget.stopped'] })
    await ground.postgres.tables.update(webhooks).set({ pausedUntil: hoursLater(5) })
    const changed = await patch(id, { url: 'https://new.example.com/x' })
    expect(changed.body).toMatchObject({ url: 'https://new.example.com/x', paused_until: null })
    expect(changed.body.events).toEqual(['budget.stopped'])
    expect((await patch(id, { events: null, enabled: false })).body).toMatchObject({
      ...{ events: null, enabled: false, disabled_why: 'person', disabled_at: NOON.toISOString() },
    })
    expect((await patch(id, { enabled: true })).body).toMatchObject({ enabled: true, disabled_at: null })
    expect(await ground.deeds()).toEqual([
      ...['ben webhook.added', 'ben webhook.changed', 'ben webhook.changed'],
      ...['ben webhook.disabled', 'ben webhook.enabled'],
    ])
    const rows = await ground.postgres.tables.select().from(auditLog)
    expect(JSON.stringify(rows)).not.toContain('hush')
  })

  it('that is sent back as it was read keeps its query, and is no deed', async () => {
    const id = await made()
    const { url, events, enabled } = (await get(`/v1/webhooks/${id}`)).body
    expect((await patch(id, { url, events, enabled })).status).toBe(200)
    expect((await stored(id)).url).toBe(URL)
    expect(await ground.deeds()).toEqual(['ben webhook.added'])
  })

  it('is removed once, and is then not there', async () => {
    const id = await made()
    const remove = () => ground.call(ground.ben, 'DELETE', `/v1/webhooks/${id}`)
    expect([(await remove()).status, (await remove()).code]).toEqual([204, 'webhook_unknown'])
    const after = [
      ...[await get(`/v1/webhooks/${id}`), await get(`/v1/webhooks/${id}/deliveries`), await patch(id, {})],
      ...[await post(`/v1/webhooks/${id}/rotate`), await post(`/v1/webhooks/${id}/replay`, REPLAY_ONE)],
    ]
    expect(after.map(({ code }) => code)).toEqual(after.map(() => 'webhook_unknown'))
    expect(idsOf(await get('/v1/webhooks'))).toEqual([])
  })
})

const REPLAY_ONE = { delivery_id: 'msg_nobody' }

describe('the secret of a webhook', () => {
  it('is rotated with an overlap in which both sign, and a third does not end the first', async () => {
    const { body } = await make()
    const rotate = (sent?: object, headers?: Record<string, string>) =>
      post(`/v1/webhooks/${body.id}/rotate`, sent, headers)
    const rotated = await rotate({ overlap_s: 3600 }, { 'idempotency-key': 'r-1' })
    expect(rotated.body).toMatchObject({ previous_secret_until: hoursLater(1).toISOString() })
    expect(rotated.body.secret).not.toBe(body.secret)
    const row = await stored(String(body.id))
    const purpose = webhookSecretPurpose(row.id)
    expect(open(row.secret, aKeyring(), purpose)).toBe(rotated.body.secret)
    if (row.previousSecret === null) throw new Error('the one before signs no more')
    expect(open(row.previousSecret, aKeyring(), purpose)).toBe(body.secret)
    const again = await rotate({ overlap_s: 3600 }, { 'idempotency-key': 'r-1' })
    expect([again.status, again.body.secret]).toEqual([200, null])
    expect((await rotate({ overlap_s: 60 }, { 'idempotency-key': 'r-1' })).code).toBe(
      'idempotency_key_reused',
    )
    expect((await rotate()).code).toBe('secrets_overlapping')
    expect((await rotate({ overlap_s: 7 * 86_400 + 1 })).code).toBe('fields_invalid')
    expect((await rotate({ overlap_s: 0 })).body).toMatchObject({ previous_secret_until: null })
    expect((await stored(row.id)).previousSecret).toBeNull()
    const rotations = (await ground.deeds()).filter((deed) => deed === 'ben webhook.secret_rotated')
    expect(rotations).toHaveLength(2)
  })

  it('is rotated with a day of overlap unless said, and again once that is over', async () => {
    const id = await made()
    const rotate = () => post(`/v1/webhooks/${id}/rotate`)
    expect((await rotate()).body.previous_secret_until).toBe(hoursLater(24).toISOString())
    now = hoursLater(24)
    expect((await get(`/v1/webhooks/${id}`)).body.previous_secret_until).toBeNull()
    expect((await rotate()).status).toBe(200)
  })
})

describe('deliveries', () => {
  it('are seen with their state, attempts and last answer, by state and in pages, the youngest first', async () => {
    const id = await made({ events: ['budget.stopped'] })
    await ground.spend([usd('2')], NOON)
    const [youngest = '', middle = '', oldest = ''] = await told(id, 3)
    await settleAs('failed', oldest, 500)
    await settleAs('delivered', middle, 204)
    const list = (query = '') => get(`/v1/webhooks/${id}/deliveries${query}`)
    expect(itemsOf(await list('?state=failed'))).toMatchObject([
      { id: oldest, state: 'failed', attempts: 12, last_status: 500, next_attempt_at: null },
    ])
    expect(idsOf(await list('?state=delivered'))).toEqual([middle])
    const [waiting] = itemsOf(await list('?state=pending'))
    expect(waiting).toMatchObject({ id: youngest, type: 'budget.stopped', attempts: 0, last_status: null })
    expect(waiting?.body).toMatchObject({ id: youngest, type: 'budget.stopped' })
    const first = await list('?limit=2')
    const second = await list(`?limit=2&cursor=${first.body.next_cursor}`)
    expect([...idsOf(first), ...idsOf(second)]).toEqual([youngest, middle, oldest])
    expect(second.body.next_cursor).toBeNull()
    expect((await list('?state=lost')).code).toBe('fields_invalid')
  })

  it('are sent again one by one, or all that failed since an instant, once by one key', async () => {
    const id = await made({ events: ['budget.stopped'] })
    const other = await made({ events: ['budget.resumed'] })
    const [second = '', first = ''] = await told(id, 2)
    for (const delivery of [first, second]) await settleAs('failed', delivery, 500)
    const replay = (sent: unknown, of = id, headers?: Record<string, string>) =>
      post(`/v1/webhooks/${of}/replay`, sent, headers)
    expect((await replay({ delivery_id: first }, other)).code).toBe('delivery_unknown')
    expect((await replay(REPLAY_ONE)).code).toBe('delivery_unknown')
    for (const sent of [{}, { delivery_id: first, failed_since: NOON.toISOString() }, { failed_since: null }])
      expect((await replay(sent)).code).toBe('fields_invalid')
    const failed = async () => idsOf(await get(`/v1/webhooks/${id}/deliveries?state=failed`))
    expect(await failed()).toEqual([second, first])
    expect((await replay({ delivery_id: first })).body).toEqual({ replayed: 1 })
    expect(await failed()).toEqual([second])
    const since = { failed_since: NOON.toISOString() }
    const headers = { 'idempotency-key': 'p-1' }
    expect((await replay(since, id, headers)).body).toEqual({ replayed: 1 })
    await settleAs('failed', second, 500)
    expect((await replay(since, id, headers)).body).toEqual({ replayed: 0 })
    expect(await failed()).toEqual([second])
    await patch(id, { enabled: false })
    expect((await replay(since)).code).toBe('webhook_disabled')
    expect((await ground.deeds()).filter((deed) => deed === 'ben webhook.replayed')).toHaveLength(2)
  })
})
