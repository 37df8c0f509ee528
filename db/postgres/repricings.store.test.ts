import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Adjustment } from '../../core/event/adjustment.ts'
import { nanoUsd, usd } from '../../core/money.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { readProjectSpend } from './project-spend.ts'
import {
  countAdjustments,
  countPending,
  finishRepricings,
  forgetPending,
  nextPending,
  whileRepricing,
} from './repricings.ts'
import { auditLog, repricings } from './schema.ts'

const NOW = new Date('2026-11-10T12:00:00Z')
const MONTH = { from: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-12-01T00:00:00Z') }

let database: FreshDatabase
let ground: Ground
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOW)
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

const anAdjustment = (requestId: string, facts: Partial<Adjustment> = {}): Adjustment => ({
  ...aPricedEvent({ orgId: ground.orgId, projectId: ground.project.id, ts: NOW, cost: usd('3') }),
  ...{ requestId: `reprice:${requestId}:1`, source: 'reprice', adjusts: { requestId, unpricedCalls: -1 } },
  ...facts,
})
const request = () => ({ orgId: ground.orgId, by: 'operator', scope: { model: 'new-1' } })
const count = (adjustments: readonly Adjustment[], repricingId: string | null = null) =>
  countAdjustments(ground.postgres, request(), repricingId, adjustments, NOW)
const spend = async () => {
  const [row] = await readProjectSpend(ground.postgres.tables, { orgId: ground.orgId, ...MONTH })
  return row && [row.spent, row.events, row.unpricedEvents]
}

describe('counting adjustments', () => {
  it('counts one that two repricings made of the same past once, even without a lock between them', async () => {
    await ground.spend([null, null], NOW)
    const both = [anAdjustment('r0'), anAdjustment('r1')]
    const ranges = await Promise.all([count(both), count([...both].reverse())])
    expect(ranges.flatMap(({ events }) => events)).toHaveLength(2)
    expect(await spend()).toEqual([usd('6'), 2, 0])
    expect(await countPending(ground.postgres.tables, ground.orgId)).toBe(2)
  })

  it('keeps them as they are, numbered on from batch to batch, until they are in the archive', async () => {
    const tags = { at: '2026-11-10T12:00:00Z', nano_usd: '5', 'wide 🦆': '' }
    const below = anAdjustment('r1', { cost: nanoUsd(-(2n ** 60n)), tags, userId: null })
    const first = await count([anAdjustment('r0')])
    const second = await count([below, anAdjustment('r2')], first.repricingId)
    expect([first.fromOrdinal, second.fromOrdinal, second.nextOrdinal]).toEqual([0, 1, 3])
    for (const range of [first, second]) {
      expect(await nextPending(ground.postgres.tables, ground.orgId)).toMatchObject(range)
      expect(range.events.map(({ journalOffset }) => journalOffset)[0]).toBe(range.fromOrdinal)
      await forgetPending(ground.postgres.tables, range)
    }
    expect(second.events[0]).toEqual({ ...below, journalId: first.repricingId, journalOffset: 1 })
    expect(await nextPending(ground.postgres.tables, ground.orgId)).toBeNull()
  })

  it('counts all of a batch or nothing of it', async () => {
    const broken = anAdjustment('r1', { projectId: 'a project\u0000' })
    await expect(count([anAdjustment('r0'), broken])).rejects.toThrow()
    expect(await spend()).toBeUndefined()
    expect(await ground.postgres.tables.select().from(repricings)).toEqual([])
    expect(await ground.postgres.tables.select().from(auditLog)).toEqual([])
  })
})

describe('the end of a repricing', () => {
  it('is recorded once, with what it came to', async () => {
    const { repricingId } = await count([anAdjustment('r0'), anAdjustment('r1', { cost: usd('1') })])
    const later = new Date(NOW.getTime() + 1_000)
    expect(await finishRepricings(ground.postgres, ground.orgId, later)).toBe(1)
    expect(await finishRepricings(ground.postgres, ground.orgId, later)).toBe(0)
    const deeds = await ground.postgres.tables.select().from(auditLog).orderBy(auditLog.at)
    const of = { actor: 'operator', subject: repricingId }
    expect(deeds).toMatchObject([
      { ...of, action: 'spend.repricing_begun', after: { model: 'new-1' } },
      {
        ...of,
        action: 'spend.repriced',
        after: { adjustments: 2, newly_priced: 2, difference_nano_usd: '4000000000' },
      },
    ])
  })
})

describe('the turn to reprice', () => {
  it('is one organisation’s and one at a time, and is given back when the work fails', async () => {
    const { postgres, orgId } = ground
    const outcome = whileRepricing(postgres, orgId, async (stillHeld) => {
      await stillHeld()
      const others = [orgId, 'org_other'].map((id) => whileRepricing(postgres, id, async () => id))
      expect(await Promise.all(others)).toEqual([null, 'org_other'])
      throw new Error('it failed')
    })
    await expect(outcome).rejects.toThrow('it failed')
    expect(await whileRepricing(postgres, orgId, async () => 'mine')).toBe('mine')
  })
})
