/** Changing a budget over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

describe('a budget', () => {
  it('is changed by who looked at it, and not over what another changed since', async () => {
    const id = await ground.made({ override_policy: { approvers: 'members' }, name: 'x' })
    const { headers } = await ground.get(`/v1/budgets/${id}`)
    const etag = headers.get('etag') ?? ''
    const patch = (sent: object, ifMatch?: string) =>
      ground.call(
        ground.ada,
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
    const id = await ground.made({
      override_policy: { approvers: ['ada', 'ben'], windows_s: [60] },
      name: 'x',
    })
    const { body, headers } = await ground.get(`/v1/budgets/${id}`)
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
    const again = await ground.call(ground.ada, 'PATCH', `/v1/budgets/${id}`, sent, {
      'if-match': headers.get('etag') ?? '',
    })
    expect([again.status, again.headers.get('etag')]).toEqual([200, headers.get('etag')])
    expect(await ground.deeds()).toEqual(['ada budget.made'])
  })
})
