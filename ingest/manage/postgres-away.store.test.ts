/** What the manage API answers when Postgres cannot be asked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layManaged, type Managed } from '../../test/ingest/managed.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: Managed
beforeEach(async () => {
  ground = await layManaged(() => NOON)
})
afterEach(() => ground.close())

describe('while Postgres is away', () => {
  it('what is managed is answered as not available for the moment, and nothing is said of the inside', async () => {
    const id = await ground.made()
    await ground.get('/v1/budgets')
    await ground.postgres.close()
    for (const [method, url, key] of [
      ['GET', '/v1/budgets', ground.reader],
      ['POST', `/v1/budgets/${id}/stop`, ground.ada],
      ['GET', '/v1/webhooks', ground.ben],
      ['POST', '/v1/webhooks/whk_x/rotate', ground.ben],
    ] as const) {
      const answer = await ground.call(key, method, url)
      expect([answer.status, answer.code]).toEqual([503, 'unavailable'])
      expect(answer.headers.get('retry-after')).not.toBeNull()
      expect(JSON.stringify(answer.body)).not.toMatch(/CONNECTION|select|budgets where/)
    }
  })
})
