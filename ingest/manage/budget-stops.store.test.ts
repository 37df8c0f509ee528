/** "Stop now" of one budget over HTTP, on a real Postgres. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answered } from '../../test/ingest/manage-ground.ts'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

describe('a budget', () => {
  it('is stopped and resumed by a person, once', async () => {
    const id = await ground.made()
    const said = ['stop', 'stop', 'resume', 'resume']
    const answers: Answered[] = []
    for (const verb of said) answers.push(await ground.post(`/v1/budgets/${id}/${verb}`))
    expect(answers.map(({ body }) => body.changed)).toEqual([true, false, true, false])
    expect(answers[0]?.body).toMatchObject({
      budget: { stopped: { by: 'ada' }, current: { state: 'stopped' } },
    })
    expect(answers[2]?.body).toMatchObject({ budget: { stopped: null, current: { state: 'open' } } })
    expect((await ground.post(`/v1/budgets/${id}/stop`, { why: 'x' })).code).toBe('fields_invalid')
    expect(await ground.deeds()).toEqual(['ada budget.made', 'ada budget.resumed', 'ada budget.stopped'])
  })
})
