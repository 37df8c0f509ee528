import { isNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { candidateOf } from './admit.ts'
import { openCurrentPeriods } from './budget-periods.ts'
import { ofOrganisation } from './budget-settings.ts'
import { readBudgets } from './budget-snapshots.ts'
import { countBatch } from './ledger.ts'
import { setMonthlyBudget } from './monthly-budget.ts'
import { grantOverride } from './overrides.ts'
import { outbox, overrides } from './schema.ts'
import { readVerdict } from './verdicts.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)
const DECEMBER = new Date('2026-12-01T00:00:00Z')

let database: Awaited<ReturnType<typeof freshDatabase>>
let ground: Ground
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

const set = async (limit: string, at = NOON) => {
  const { orgId, project } = ground
  const outcome = await setMonthlyBudget(
    ground.postgres,
    { orgId, projectId: project.id, limit: usd(limit), slack: null, by: 'U1', origin: 'slack' },
    at,
  )
  if (outcome.kind !== 'set') throw new Error(outcome.refusal)
  return outcome.budgetId
}
const only = async (at: Date) => {
  const [stored] = await readBudgets(ground.postgres.tables, ofOrganisation(ground.orgId), at)
  if (!stored) throw new Error('no budget')
  return stored
}
const noticesSaid = async () => {
  const rows = await ground.postgres.tables
    .select()
    .from(outbox)
    .where(isNull(outbox.deliveredAt))
    .orderBy(outbox.id)
  return rows.map((row) => row.notice)
}
const override = (amount: string, windowS: number, at: Date, budgetId: string) =>
  grantOverride(
    ground.postgres,
    { orgId: ground.orgId, budgetId, amount: usd(amount), windowS, reason: 'launch day', grantedBy: 'U1' },
    at,
  )
/** Counts an event of $1 whose time is `ts`, at the instant `now`. */
const countAt = (now: Date, ts: Date) => {
  const { orgId, project } = ground
  const event = aPricedEvent({ orgId, projectId: project.id, requestId: 'ahead', ts, cost: usd('1') })
  const batch = {
    journalId: 'journal-ahead',
    fromOffset: 0,
    nextOffset: 1,
    events: [{ offset: 0, ...candidateOf(event) }],
  }
  return countBatch(ground.postgres, batch, now)
}

describe('a monthly budget', () => {
  it('asks for its card at the new period also when a clock that runs ahead opened that period', async () => {
    await set('10')
    await countAt(new Date('2026-11-30T23:59:58Z'), DECEMBER)
    await openCurrentPeriods(ground.postgres, DECEMBER)
    await openCurrentPeriods(ground.postgres, DECEMBER)
    const opened = (await noticesSaid()).filter(
      (notice) => (notice as { kind: string }).kind === 'period_opened',
    )
    expect(opened).toHaveLength(1)
  })

  it('made just before a new period has what a clock that runs ahead has spent in that one', async () => {
    const eve = new Date('2026-11-30T23:59:58Z')
    await countAt(eve, DECEMBER)
    await set('10', eve)
    await ground.spend([usd('2')], DECEMBER)
    expect((await only(DECEMBER)).current).toMatchObject({ spent: usd('3'), events: 2 })
    expect((await only(eve)).current).toMatchObject({ spent: usd('0'), events: 0 })
  })

  it('saved again with the same limit changes nothing: its override holds and nobody is told twice', async () => {
    const budgetId = await set('10')
    await ground.spend([usd('12')], NOON)
    await override('5', 3600, NOON, budgetId)
    const before = await noticesSaid()
    await Promise.all([set('10', later(1)), set('10', later(1))])
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(2))).allowed).toBe(true)
    expect((await only(later(2))).budget.limitRevision).toBe(1)
    expect(await noticesSaid()).toEqual(before)
  })

  it('is not raised by who may only lower it, whatever limit they had seen', async () => {
    const { orgId, project } = ground
    await set('100')
    await set('50', later(1))
    const setting = { orgId, projectId: project.id, slack: null, by: 'U2', origin: 'slack' as const }
    const raise = { ...setting, limit: usd('90'), mayRaise: false }
    expect(await setMonthlyBudget(ground.postgres, raise, later(2))).toEqual({
      kind: 'refused',
      refusal: 'raise_not_allowed',
    })
    expect((await only(later(2))).budget.limit).toBe(usd('50'))
    const lower = { ...raise, limit: usd('40') }
    expect(await setMonthlyBudget(ground.postgres, lower, later(2))).toMatchObject({ kind: 'set' })
  })
})

describe('an override', () => {
  it('can be granted in a new period also when no job has recorded the end of the last one', async () => {
    const budgetId = await set('10')
    await override('5', 3600, new Date('2026-11-30T23:50:00Z'), budgetId)
    const at = new Date('2026-12-01T00:05:00Z')
    await ground.spend([usd('12')], at)
    expect(await override('5', 3600, at, budgetId)).toMatchObject({ kind: 'granted' })
    expect((await readVerdict(ground.postgres.tables, ground.project.id, at)).allowed).toBe(true)
    const rows = await ground.postgres.tables.select().from(overrides).orderBy(overrides.grantedAt)
    expect(rows.map((row) => row.endedBy)).toEqual(['expired', null])
  })

  it('is not cut short by a limit that is raised below its ceiling, and is by one that is lowered', async () => {
    const budgetId = await set('10')
    await ground.spend([usd('13')], NOON)
    await override('5', 3600, NOON, budgetId)
    const isAllowed = async (at: Date) =>
      (await readVerdict(ground.postgres.tables, ground.project.id, at)).allowed
    await set('12', later(1))
    expect(await isAllowed(later(2))).toBe(true)
    await set('11', later(3))
    expect(await isAllowed(later(4))).toBe(false)
    await override('5', 3600, later(5), budgetId)
    await set('30', later(6))
    const [row] = await ground.postgres.tables.select().from(overrides).where(isNull(overrides.endedAt))
    expect(row).toBeUndefined()
    expect(await isAllowed(later(7))).toBe(true)
  })

  it('that is submitted twice is granted once', async () => {
    const budgetId = await set('10')
    await ground.spend([usd('12')], NOON)
    const request = {
      orgId: ground.orgId,
      budgetId,
      amount: usd('5'),
      windowS: 900,
      reason: 'launch day',
      grantedBy: 'U1',
      submissionId: 'V1',
    }
    const twice = await Promise.all([
      grantOverride(ground.postgres, request, NOON),
      grantOverride(ground.postgres, request, NOON),
    ])
    expect(twice.map(({ kind }) => kind).sort()).toEqual(['already', 'granted'])
    expect(await ground.postgres.tables.select().from(overrides)).toHaveLength(1)
  })
})
