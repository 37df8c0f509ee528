/** What previews are answered when ClickHouse cannot be asked, and that nothing else hears of it. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

it('a preview is not available for the moment, says when to come again, and budgets are made all the same', async () => {
  for (let time = 0; time < 2; time++) {
    const answer = await ground.post('/v1/budgets/preview', { limit_usd: '10' })
    expect([answer.status, answer.code]).toEqual([503, 'unavailable'])
    expect(answer.headers.get('retry-after')).toBe('10')
    expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1/)
  }
  expect((await ground.make()).status).toBe(201)
})
