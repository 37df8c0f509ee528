/** What was done, as it is read over HTTP from a real Postgres. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditLog } from '../../db/postgres/schema.ts'
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

describe('the audit', () => {
  it('is read by what, who, when and whose, the youngest first, in pages', async () => {
    const id = await ground.made()
    now = minutesLater(1)
    await ground.post(`/v1/budgets/${id}/stop`)
    now = minutesLater(2)
    await ground.post(`/v1/budgets/${id}/resume`, undefined, ground.ben)
    const actions = async (query: string) =>
      ((await ground.get(`/v1/audit${query}`)).body.items as { action: string }[]).map(({ action }) => action)
    expect(await actions('')).toEqual(['budget.resumed', 'budget.stopped', 'budget.made'])
    expect(await actions('?actor=ben')).toEqual(['budget.resumed'])
    expect(await actions('?action=budget.made')).toEqual(['budget.made'])
    expect(
      await actions(
        `?subject=${id}&since=${minutesLater(1).toISOString()}&until=${minutesLater(2).toISOString()}`,
      ),
    ).toEqual(['budget.stopped'])
    const first = await ground.get('/v1/audit?limit=2')
    expect(await actions(`?limit=2&cursor=${first.body.next_cursor}`)).toEqual(['budget.made'])
    expect((await ground.get('/v1/audit?since=yesterday')).code).toBe('fields_invalid')
    const [deed] = await ground.postgres.tables
      .select()
      .from(auditLog)
      .where(eq(auditLog.action, 'budget.stopped'))
    expect(deed).toMatchObject({ actor: 'ada', origin: 'api', subject: id })
  })
})
