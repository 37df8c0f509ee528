/** Stops of a project and of everything over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

describe('a stop of everything', () => {
  const allowed = async () => {
    const key = await ground.makeKey({ scopes: ['verdicts'] })
    return (await ground.get('/v1/verdicts', key)).body.allowed
  }

  it('and of a project refuses calls at once, until it is lifted', async () => {
    const project = `/v1/projects/${ground.project.id}`
    for (const [base, key] of [
      [project, ground.ada],
      ['/v1', ground.ben],
    ] as const) {
      expect((await ground.post(`${base}/stop`, {}, key)).code).toBe('fields_invalid')
      const stop = () => ground.post(`${base}/stop`, { reason: 'a leaked key' }, key)
      expect([(await stop()).body.changed, (await stop()).body.changed]).toEqual([true, false])
      await expect.poll(allowed).toBe(false)
      expect((await ground.post(`${base}/resume`, undefined, key)).body).toMatchObject({
        changed: true,
        stopped: false,
      })
      await expect.poll(allowed).toBe(true)
    }
    expect(await ground.deeds()).toEqual([
      ...['ada calls.resumed', 'ada calls.stopped', 'ben calls.resumed', 'ben calls.stopped'],
    ])
  })

  it('takes a key that reaches everything', async () => {
    expect((await ground.post('/v1/stop', { reason: 'x' })).code).toBe('scope_missing')
    expect((await ground.post('/v1/resume')).code).toBe('scope_missing')
    expect((await ground.make({ project_id: null })).code).toBe('scope_missing')
    const { body } = await ground.make({ project_id: null }, ground.ben)
    expect(body).toMatchObject({ project_id: null, project: null })
    expect((await ground.get(`/v1/budgets/${body.id}`, ground.ada)).code).toBe('budget_unknown')
    expect((await ground.get(`/v1/budgets/${body.id}`, ground.ben)).status).toBe(200)
  })
})
