/** Making, reading and ending budgets over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { budgets } from '../../db/postgres/schema.ts'
import { fieldsOf, idsOf, layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

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
    const { status, headers, body } = await ground.make(said)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...said,
      limit_usd: '25.500000000',
      project_id: ground.project.id,
      created_by: 'ada',
    })
    expect(headers.get('location')).toBe(`/v1/budgets/${body.id}`)
    const read = await ground.get(`/v1/budgets/${body.id}`)
    expect(read.body).toEqual(body)
    expect(read.headers.get('etag')).toBe(headers.get('etag'))
    expect(await ground.deeds()).toEqual(['ada budget.made'])
  })

  it('starts from what was spent, and shows it in its periods', async () => {
    await ground.spend([usd('3'), usd('4.25')], NOON)
    const id = await ground.made()
    expect((await ground.get(`/v1/budgets/${id}`)).body.current).toMatchObject({
      ...{ spent_usd: '7.250000000', remaining_usd: '2.750000000', state: 'warned', period: 'November 2026' },
    })
    const { body } = await ground.get(`/v1/budgets/${id}/periods`)
    expect(body).toMatchObject({ items: [{ spent_usd: '7.250000000', counter: '' }], next_cursor: null })
  })

  it('is refused with every problem of every field at once', async () => {
    const answer = await ground.make({
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
    expect((await ground.make({ limit_usd: '0' })).code).toBe('fields_invalid')
    expect((await ground.call(ground.ada, 'POST', '/v1/budgets', [])).code).toBe('fields_invalid')
    expect((await ground.make({ slack: { channel_id: 'C0COSTS' } })).code).toBe('fields_invalid')
    expect(await ground.postgres.tables.select().from(budgets)).toEqual([])
  })

  it('is made once by one Idempotency-Key, however often and at once it is sent', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => ground.make({ name: 'once' }, ground.ada, headers)),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(3)
    expect((await ground.make({ name: 'other' }, ground.ada, headers)).code).toBe('idempotency_key_reused')
    expect((await ground.make({ name: 'once' }, ground.ada, { 'idempotency-key': 'k 2' })).code).toBe(
      'idempotency_key_invalid',
    )
    expect((await ground.make({ name: 'once' }, ground.ben, headers)).status).toBe(201)
    expect(await ground.postgres.tables.select().from(budgets)).toHaveLength(2)
    expect(await ground.deeds()).toEqual(['ada budget.made', 'ben budget.made'])
  })

  it('that was refused can be sent again with its key', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const sent = { project_id: 'prj_late' }
    expect((await ground.make(sent, ground.ben, headers)).code).toBe('project_unknown')
    await ground.makeProject('late', ground.orgId)
    expect((await ground.make(sent, ground.ben, headers)).status).toBe(201)
  })

  it('is ended once, and is then not there', async () => {
    const id = await ground.made()
    expect((await ground.call(ground.ada, 'DELETE', `/v1/budgets/${id}`)).status).toBe(204)
    for (const [method, url] of [
      ['DELETE', ''],
      ['GET', ''],
      ['POST', '/stop'],
      ['GET', '/periods'],
    ]) {
      const answer = await ground.call(ground.ada, method ?? '', `/v1/budgets/${id}${url}`)
      expect(answer.code).toBe('budget_unknown')
    }
    expect(idsOf(await ground.get('/v1/budgets'))).toEqual([])
  })

  it('comes in pages, each once', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push(await ground.made({ name: `b${count}` }))
    const paged: string[] = []
    let cursor = ''
    for (let page = 0; page < 3; page++) {
      const { body } = await ground.get(`/v1/budgets?limit=2${cursor}`)
      paged.push(...(body.items as { id: string }[]).map(({ id }) => id))
      cursor = `&cursor=${body.next_cursor}`
      expect(body.next_cursor === null).toBe(page === 2)
    }
    expect(paged).toEqual(ids.toSorted())
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'page=2', 'limit=1&limit=2'])
      expect((await ground.get(`/v1/budgets?${query}`)).code).toBe('fields_invalid')
  })
})
