/** The manage API over HTTP and a real Postgres: what each call does, refuses and repeats. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { auditLog, budgets, overrides } from '../../db/postgres/schema.ts'
import { type Answered, layManageGround, type ManageGround } from '../../test/ingest/manage-ground.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let now = NOON
let ground: ManageGround
/** Of the project, of ada; of the whole organisation, of ben; and one that only reads. */
let ada: string
let ben: string
let reader: string
beforeEach(async () => {
  now = NOON
  ground = await layManageGround(() => now)
  ada = await ground.makeKey({ scopes: ['manage'], person: 'ada' })
  ben = await ground.makeKey({ scopes: ['manage', 'organisation'], person: 'ben' })
  reader = await ground.makeKey({ scopes: ['read'] })
})
afterEach(() => ground.close())

const minutesLater = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)
const make = async (fields: object = {}, key = ada, headers = {}): Promise<Answered> =>
  ground.call(key, 'POST', '/v1/budgets', { limit_usd: '10', ...fields }, headers)
async function made(fields: object = {}, key = ada): Promise<string> {
  const { status, body } = await make(fields, key)
  expect(status).toBe(201)
  return String(body.id)
}
const get = (url: string, key = reader) => ground.call(key, 'GET', url)
const post = (url: string, sent?: unknown, key = ada, headers = {}) =>
  ground.call(key, 'POST', url, sent, headers)
const fieldsOf = ({ body }: Answered) => JSON.stringify((body.error as { fields?: unknown }).fields)
const idsOf = ({ body }: Answered) => (body.items as { id: string }[]).map(({ id }) => id)
/** By name: those of one instant have no order. */
const deeds = async () => {
  const rows = await ground.postgres.tables.select().from(auditLog)
  return rows
    .filter(({ origin }) => origin === 'api')
    .map(({ action, actor }) => `${actor} ${action}`)
    .sort()
}

describe('a budget', () => {
  it('is made with every field, and read as it was said', async () => {
    const said = {
      ...{ name: 'Search', limit_usd: '25.5', thresholds_percent: [80, 100], mode: 'strict' },
      scope: { model: ['gpt-4o*'], tags: { team: ['search'] }, each: 'user' },
      period_rule: { unit: 'week', time_zone: 'Europe/Berlin', starts_on: 1 },
      rollover: { carry: 'unused', cap_percent: 50 },
      ladder: [{ percent: 100, action: 'stop' }],
      ...{ on_unreachable: 'deny', on_unpriced: 'deny' },
      override_policy: {
        approvers: ['ada', 'ben'],
        windows_s: [900],
        second_person: true,
        request_expires_s: 600,
      },
    }
    const { status, headers, body } = await make(said)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...said,
      limit_usd: '25.500000000',
      project_id: ground.project.id,
      created_by: 'ada',
    })
    expect(headers.get('location')).toBe(`/v1/budgets/${body.id}`)
    const read = await get(`/v1/budgets/${body.id}`)
    expect(read.body).toEqual(body)
    expect(read.headers.get('etag')).toBe(headers.get('etag'))
    expect(await deeds()).toEqual(['ada budget.made'])
  })

  it('starts from what was spent, and shows it in its periods', async () => {
    await ground.spend([usd('3'), usd('4.25')], NOON)
    const id = await made()
    expect((await get(`/v1/budgets/${id}`)).body.current).toMatchObject({
      ...{ spent_usd: '7.250000000', remaining_usd: '2.750000000', state: 'warned', period: 'November 2026' },
    })
    const { body } = await get(`/v1/budgets/${id}/periods`)
    expect(body).toMatchObject({ items: [{ spent_usd: '7.250000000', counter: '' }], next_cursor: null })
  })

  it('is refused with every problem of every field at once', async () => {
    const answer = await make({
      ...{
        limit_usd: 10,
        scope: { modle: 'x' },
        period_rule: { unit: 'week' },
        ladder: 'stop',
        mode: 'loose',
      },
      ...{
        rollover: 'all',
        thresholds_percent: [0],
        override_policy: { approvers: 'all' },
        name: '',
        colour: 1,
      },
    })
    expect([answer.status, answer.code]).toEqual([400, 'fields_invalid'])
    for (const field of [
      'limit_usd',
      'scope',
      'period_rule',
      'ladder',
      'mode',
      'rollover',
      'thresholds_percent',
      'override_policy',
      'name',
      'colour',
    ])
      expect(fieldsOf(answer)).toContain(`"field":"${field}"`)
    expect((await make({ limit_usd: '0' })).code).toBe('fields_invalid')
    expect((await ground.call(ada, 'POST', '/v1/budgets', [])).code).toBe('fields_invalid')
    expect((await make({ slack: { channel_id: 'C0COSTS' } })).code).toBe('fields_invalid')
    expect(await ground.postgres.tables.select().from(budgets)).toEqual([])
  })

  it('is made once by one Idempotency-Key, however often and at once it is sent', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => make({ name: 'once' }, ada, headers)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(3)
    expect((await make({ name: 'other' }, ada, headers)).code).toBe('idempotency_key_reused')
    expect((await make({ name: 'once' }, ada, { 'idempotency-key': 'k 2' })).code).toBe(
      'idempotency_key_invalid',
    )
    expect((await make({ name: 'once' }, ben, headers)).status).toBe(201)
    expect(await ground.postgres.tables.select().from(budgets)).toHaveLength(2)
    expect(await deeds()).toEqual(['ada budget.made', 'ben budget.made'])
  })

  it('that was refused can be sent again with its key', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const sent = { project_id: 'prj_late' }
    expect((await make(sent, ben, headers)).code).toBe('project_unknown')
    await ground.makeProject('late', ground.orgId)
    expect((await make(sent, ben, headers)).status).toBe(201)
  })

  it('is changed by who looked at it, and not over what another changed since', async () => {
    const id = await made({ override_policy: { approvers: 'members' }, name: 'x' })
    const { headers } = await get(`/v1/budgets/${id}`)
    const etag = headers.get('etag') ?? ''
    const patch = (sent: object, ifMatch?: string) =>
      ground.call(
        ada,
        'PATCH',
        `/v1/budgets/${id}`,
        sent,
        ifMatch === undefined ? {} : { 'if-match': ifMatch },
      )
    expect((await patch({ limit_usd: '20' })).code).toBe('precondition_missing')
    const outcomes = await Promise.all(['20', '30', '40'].map((limit_usd) => patch({ limit_usd }, etag)))
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 412, 412])
    expect((await patch({ limit_usd: '50', limit_revision: 1 })).code).toBe('budget_changed')
    const changed = await patch({ limit_revision: 2, name: null, override_policy: null, limit_usd: '50' })
    expect(changed.body).toMatchObject({
      limit_usd: '50.000000000',
      limit_revision: 3,
      name: null,
      override_policy: null,
    })
    expect((await patch({ scope: { each: 'user' } }, '*')).code).toBe('fields_invalid')
    expect((await patch({ scope: { model: 'gpt-4o' } }, '*')).body).toMatchObject({
      scope: { model: ['gpt-4o'] },
    })
    expect((await patch({ project_id: 'prj_x' }, '*')).code).toBe('fields_invalid')
  })

  it('that is sent again as it stands changes nothing and is no deed', async () => {
    const id = await made({ override_policy: { approvers: ['ada', 'ben'], windows_s: [60] }, name: 'x' })
    const { body, headers } = await get(`/v1/budgets/${id}`)
    const { name, scope, period_rule, rollover, limit_usd, thresholds_percent, ladder, override_policy } =
      body
    const sent = {
      name,
      scope,
      period_rule,
      rollover,
      limit_usd,
      thresholds_percent,
      ladder,
      override_policy,
    }
    const again = await ground.call(ada, 'PATCH', `/v1/budgets/${id}`, sent, {
      'if-match': headers.get('etag') ?? '',
    })
    expect([again.status, again.headers.get('etag')]).toEqual([200, headers.get('etag')])
    expect(await deeds()).toEqual(['ada budget.made'])
  })

  it('is ended once, and is then not there', async () => {
    const id = await made()
    expect((await ground.call(ada, 'DELETE', `/v1/budgets/${id}`)).status).toBe(204)
    for (const [method, url] of [
      ['DELETE', ''],
      ['GET', ''],
      ['POST', '/stop'],
      ['GET', '/periods'],
    ]) {
      const answer = await ground.call(ada, method ?? '', `/v1/budgets/${id}${url}`)
      expect(answer.code).toBe('budget_unknown')
    }
    expect(idsOf(await get('/v1/budgets'))).toEqual([])
  })

  it('comes in pages, each once', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push(await made({ name: `b${count}` }))
    const paged: string[] = []
    let cursor = ''
    for (let page = 0; page < 3; page++) {
      const { body } = await get(`/v1/budgets?limit=2${cursor}`)
      paged.push(...(body.items as { id: string }[]).map(({ id }) => id))
      cursor = `&cursor=${body.next_cursor}`
      expect(body.next_cursor === null).toBe(page === 2)
    }
    expect(paged).toEqual(ids.toSorted())
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'page=2', 'limit=1&limit=2'])
      expect((await get(`/v1/budgets?${query}`)).code).toBe('fields_invalid')
  })

  it('is stopped and resumed by a person, once', async () => {
    const id = await made()
    const said = ['stop', 'stop', 'resume', 'resume']
    const answers: Answered[] = []
    for (const verb of said) answers.push(await post(`/v1/budgets/${id}/${verb}`))
    expect(answers.map(({ body }) => body.changed)).toEqual([true, false, true, false])
    expect(answers[0]?.body).toMatchObject({
      budget: { stopped: { by: 'ada' }, current: { state: 'stopped' } },
    })
    expect(answers[2]?.body).toMatchObject({ budget: { stopped: null, current: { state: 'open' } } })
    expect((await post(`/v1/budgets/${id}/stop`, { why: 'x' })).code).toBe('fields_invalid')
    expect(await deeds()).toEqual(['ada budget.made', 'ada budget.resumed', 'ada budget.stopped'])
  })
})

describe('an override', () => {
  const ask = (id: string, fields: object = {}, key = ada, headers = {}) =>
    post(
      `/v1/budgets/${id}/overrides`,
      { amount_usd: '5', window_s: 900, reason: 'launch', ...fields },
      key,
      headers,
    )

  it('is granted by sum or by percent, replaced, and taken back', async () => {
    const id = await made()
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
    expect((await get(`/v1/budgets/${id}`)).body.current).toMatchObject({
      override: { amount_usd: '2.500000000' },
    })
    const revoke = () => ground.call(ada, 'DELETE', `/v1/budgets/${id}/overrides/current`)
    expect([(await revoke()).status, (await revoke()).code]).toEqual([204, 'override_unknown'])
    expect(await deeds()).toContain('ada override.revoked')
  })

  it('is refused with the reason, and says which field', async () => {
    const id = await made({ override_policy: { windows_s: [900], amount_max_usd: '6' } })
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
    await post(`/v1/budgets/${id}/stop`)
    expect((await ask(id)).code).toBe('override_refused')
    const named = await made({ override_policy: { approvers: ['ben'], windows_s: [900] } })
    expect(await ask(named)).toMatchObject({ status: 202, body: { outcome: 'requested' } })
    expect(await ask(named)).toMatchObject({ code: 'request_pending' })
  })

  it('of a budget with a counter each says whose', async () => {
    const id = await made({ scope: { each: 'user' } })
    expect((await ask(id)).code).toBe('fields_invalid')
    expect((await ask(id, { counter: 'user:u1' })).status).toBe(201)
    const revoke = (counter: string) =>
      ground.call(ada, 'DELETE', `/v1/budgets/${id}/overrides/current?counter=${counter}`)
    expect([(await revoke('user:u2')).code, (await revoke('user:u1')).status]).toEqual([
      'override_unknown',
      204,
    ])
  })

  it('that a second person must grant waits for one, and is granted once', async () => {
    const id = await made({ override_policy: { second_person: true, windows_s: [900] } })
    const headers = { 'idempotency-key': 'o-1' }
    const asked = await ask(id, {}, ada, headers)
    expect(asked).toMatchObject({
      status: 202,
      body: { outcome: 'requested', override: null, request: { state: 'pending' } },
    })
    expect((await ask(id, {}, ada, headers)).body).toEqual(asked.body)
    const request = String((asked.body.request as { id: string }).id)
    const approve = (key: string) => post(`/v1/override-requests/${request}/approve`, undefined, key)
    expect([(await approve(ada)).status, (await approve(ada)).code]).toEqual([403, 'own_request'])
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => approve(ben)))
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(outcomes.filter(({ body }) => body.override !== null)).toHaveLength(1)
    expect(await ground.postgres.tables.select().from(overrides)).toHaveLength(1)
    expect((await post(`/v1/override-requests/${request}/deny`, { reason: 'late' }, ben)).code).toBe(
      'request_decided',
    )
    expect((await get('/v1/override-requests?state=granted')).body).toMatchObject({
      items: [{ id: request, requested_by: 'ada', decided_by: 'ben', state: 'granted' }],
    })
    expect((await get('/v1/override-requests?state=pending')).body.items).toEqual([])
    expect((await get('/v1/override-requests?state=open')).code).toBe('fields_invalid')
    expect(await deeds()).toEqual([
      ...['ada budget.made', 'ada override.requested'],
      ...['ben override.granted', 'ben override_request.approved'],
    ])
  })

  it('that is denied or runs out is not granted', async () => {
    const id = await made({
      override_policy: { second_person: true, windows_s: [900], request_expires_s: 60 },
    })
    const requestOf = async () => String(((await ask(id)).body.request as { id: string }).id)
    const denied = await requestOf()
    expect((await post(`/v1/override-requests/${denied}/deny`, {}, ben)).code).toBe('fields_invalid')
    expect(await post(`/v1/override-requests/${denied}/deny`, { reason: 'no' }, ben)).toMatchObject({
      body: { request: { state: 'denied', deny_reason: 'no', decided_by: 'ben' }, override: null },
    })
    const late = await requestOf()
    now = minutesLater(1)
    expect((await post(`/v1/override-requests/${late}/approve`, undefined, ben)).code).toBe('request_decided')
    expect((await post('/v1/override-requests/req_nobody/approve', undefined, ben)).code).toBe(
      'request_unknown',
    )
    expect(await ground.postgres.tables.select().from(overrides)).toEqual([])
  })
})

describe('a stop of everything', () => {
  const allowed = async () => {
    const key = await ground.makeKey({ scopes: ['verdicts'] })
    return (await get('/v1/verdicts', key)).body.allowed
  }

  it('and of a project refuses calls at once, until it is lifted', async () => {
    const project = `/v1/projects/${ground.project.id}`
    for (const [base, key] of [
      [project, ada],
      ['/v1', ben],
    ] as const) {
      expect((await post(`${base}/stop`, {}, key)).code).toBe('fields_invalid')
      const stop = () => post(`${base}/stop`, { reason: 'a leaked key' }, key)
      expect([(await stop()).body.changed, (await stop()).body.changed]).toEqual([true, false])
      await expect.poll(allowed).toBe(false)
      expect((await post(`${base}/resume`, undefined, key)).body).toMatchObject({
        changed: true,
        stopped: false,
      })
      await expect.poll(allowed).toBe(true)
    }
    expect(await deeds()).toEqual([
      ...['ada calls.resumed', 'ada calls.stopped', 'ben calls.resumed', 'ben calls.stopped'],
    ])
  })

  it('takes a key that reaches everything', async () => {
    expect((await post('/v1/stop', { reason: 'x' })).code).toBe('scope_missing')
    expect((await post('/v1/resume')).code).toBe('scope_missing')
    expect((await make({ project_id: null })).code).toBe('scope_missing')
    const { body } = await make({ project_id: null }, ben)
    expect(body).toMatchObject({ project_id: null, project: null })
    expect((await get(`/v1/budgets/${body.id}`, ada)).code).toBe('budget_unknown')
    expect((await get(`/v1/budgets/${body.id}`, ben)).status).toBe(200)
  })
})

describe('the audit', () => {
  it('is read by what, who, when and whose, the youngest first, in pages', async () => {
    const id = await made()
    now = minutesLater(1)
    await post(`/v1/budgets/${id}/stop`)
    now = minutesLater(2)
    await post(`/v1/budgets/${id}/resume`, undefined, ben)
    const actions = async (query: string) =>
      ((await get(`/v1/audit${query}`)).body.items as { action: string }[]).map(({ action }) => action)
    expect(await actions('')).toEqual(['budget.resumed', 'budget.stopped', 'budget.made'])
    expect(await actions('?actor=ben')).toEqual(['budget.resumed'])
    expect(await actions('?action=budget.made')).toEqual(['budget.made'])
    expect(
      await actions(
        `?subject=${id}&since=${minutesLater(1).toISOString()}&until=${minutesLater(2).toISOString()}`,
      ),
    ).toEqual(['budget.stopped'])
    const first = await get('/v1/audit?limit=2')
    expect(await actions(`?limit=2&cursor=${first.body.next_cursor}`)).toEqual(['budget.made'])
    expect((await get('/v1/audit?since=yesterday')).code).toBe('fields_invalid')
    const [deed] = await ground.postgres.tables
      .select()
      .from(auditLog)
      .where(eq(auditLog.action, 'budget.stopped'))
    expect(deed).toMatchObject({ actor: 'ada', origin: 'api', subject: id })
  })
})

describe('while Postgres is away', () => {
  it('what is managed is answered as not available for the moment, and nothing is said of the inside', async () => {
    const id = await made()
    await get('/v1/budgets')
    await ground.postgres.close()
    for (const [method, url, key] of [
      ['GET', '/v1/budgets', reader],
      ['POST', `/v1/budgets/${id}/stop`, ada],
    ] as const) {
      const answer = await ground.call(key, method, url)
      expect([answer.status, answer.code]).toEqual([503, 'unavailable'])
      expect(answer.headers.get('retry-after')).not.toBeNull()
      expect(JSON.stringify(answer.body)).not.toMatch(/CONNECTION|select|budgets where/)
    }
  })
})
