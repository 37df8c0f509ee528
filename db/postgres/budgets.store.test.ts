import { eq, isNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { budgetState } from '../../core/budget/state.ts'
import { usd } from '../../core/money.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { openCurrentPeriods } from './budget-periods.ts'
import { ofOrganisation } from './budget-settings.ts'
import { readBudgets } from './budget-snapshots.ts'
import { setMonthlyBudget } from './monthly-budget.ts'
import { expireOverrides, grantOverride, saveOverridePolicy } from './overrides.ts'
import { alerts, auditLog, outbox, overrides } from './schema.ts'
import { resumeBudget, stopBudget } from './stop-budget.ts'
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

const set = (limit: string, at = NOON) => ground.setBudget(limit, at)
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

describe('a monthly budget', () => {
  it('made in mid-period starts from what the project has already spent', async () => {
    await ground.spend([usd('3'), usd('4.5'), null], NOON)
    await set('10')
    const { current } = await only(NOON)
    expect(current).toMatchObject({
      spent: usd('7.5'),
      events: 3,
      unpricedEvents: 1,
      announcedPercent: [50, 75],
    })
  })

  it('made while the ledger counts has every event once', async () => {
    const counting = Array.from({ length: 20 }, () => ground.spend([usd('0.01'), usd('0.02')], NOON))
    const [, ...counted] = await Promise.all([set('100'), ...counting])
    const { current } = await only(NOON)
    // Batches that lost the race for their place in the journal are refused whole, and count nothing.
    const kept = counted.filter((outcome) => outcome.kind === 'counted').length
    expect(current.spent).toBe(usd('0.03') * BigInt(kept))
  })

  it('announces each threshold once, however many events sit above it', async () => {
    await set('10')
    await ground.spend([usd('5'), usd('1')], NOON)
    await ground.spend([usd('1')], NOON)
    await ground.spend([usd('0.4'), usd('4')], NOON)
    const rows = await ground.postgres.tables.select().from(alerts).orderBy(alerts.percent)
    expect(rows.map((row) => [row.percent, row.requestId])).toEqual([
      [50, 'r0'],
      [75, 'r4'],
      [90, 'r4'],
      [100, 'r4'],
    ])
    const crossed = (await noticesSaid()).filter((notice) => (notice as { kind: string }).kind === 'crossed')
    expect(crossed).toMatchObject([{ percents: [50] }, { percents: [75, 90, 100] }])
  })

  it('re-arms thresholds above the spend when its limit is raised, and stays quiet about those below', async () => {
    await set('10')
    await ground.spend([usd('9')], NOON)
    await set('15', later(1))
    expect((await only(later(1))).current.announcedPercent).toEqual([50])
    await ground.spend([usd('3')], later(2))
    const { current, budget } = await only(later(2))
    expect(budget.limitRevision).toBe(2)
    expect(current.announcedPercent).toEqual([50, 75])
    const crossed = (await noticesSaid()).filter((notice) => (notice as { kind: string }).kind === 'crossed')
    expect(crossed).toMatchObject([{ percents: [50, 75, 90] }, { percents: [75] }])
  })

  it('counts a late event in the period of its own time', async () => {
    await set('10')
    await ground.spend([usd('9')], new Date('2026-11-30T23:59:59.999Z'))
    await ground.spend([usd('2')], DECEMBER)
    expect((await only(NOON)).current.spent).toBe(usd('9'))
    expect((await only(DECEMBER)).current.spent).toBe(usd('2'))
  })

  it('is open again in the new period, whether or not any job ran', async () => {
    await set('10')
    await ground.spend([usd('12')], NOON)
    expect(budgetState(await only(NOON), NOON).kind).toBe('stopped')
    expect(budgetState(await only(DECEMBER), DECEMBER).kind).toBe('open')
    expect(await openCurrentPeriods(ground.postgres, DECEMBER)).toBe(1)
    expect(await openCurrentPeriods(ground.postgres, DECEMBER)).toBe(0)
    expect((await noticesSaid()).at(-1)).toEqual({ kind: 'period_opened' })
  })

  it('of nothing or less, or of a project that is not there, is refused', async () => {
    const { orgId, project } = ground
    const setting = { orgId, projectId: project.id, slack: null, by: 'U1', origin: 'slack' as const }
    expect(await setMonthlyBudget(ground.postgres, { ...setting, limit: usd('0') }, NOON)).toEqual({
      kind: 'refused',
      refusal: 'limit_not_positive',
    })
    const elsewhere = { ...setting, orgId: 'org_other', limit: usd('5') }
    expect(await setMonthlyBudget(ground.postgres, elsewhere, NOON)).toEqual({
      kind: 'refused',
      refusal: 'project_unknown',
    })
    expect(await noticesSaid()).toEqual([])
  })
})

describe('an override', () => {
  it('lifts the stop, and the whole amount can be spent before it stops again, told once', async () => {
    const budgetId = await set('10')
    await ground.spend([usd('12')], NOON)
    expect(await override('3', 3600, later(1), budgetId)).toMatchObject({ kind: 'granted' })
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(1))).allowed).toBe(true)
    await ground.spend([usd('2.99')], later(2))
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(2))).allowed).toBe(true)
    await ground.spend([usd('0.01'), usd('1')], later(3))
    await ground.spend([usd('1')], later(4))
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(4))).allowed).toBe(false)
    const ends = (await noticesSaid()).filter(
      (notice) => (notice as { kind: string }).kind === 'override_ended',
    )
    expect(ends).toMatchObject([{ end: 'spent' }])
  })

  it('ends by the clock before any job, and the job tells it once', async () => {
    const budgetId = await set('10')
    await ground.spend([usd('12')], NOON)
    await override('100', 900, NOON, budgetId)
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(899))).allowed).toBe(true)
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(900))).allowed).toBe(false)
    expect(await expireOverrides(ground.postgres, later(899))).toBe(0)
    expect(await expireOverrides(ground.postgres, later(905))).toBe(1)
    expect(await expireOverrides(ground.postgres, later(906))).toBe(0)
    expect(budgetState(await only(later(906)), later(906))).toEqual({
      kind: 'stopped',
      by: 'limit',
      since: later(900),
    })
    const ends = (await noticesSaid()).filter(
      (notice) => (notice as { kind: string }).kind === 'override_ended',
    )
    expect(ends).toMatchObject([{ end: 'expired' }])
  })

  it('replaces the one before, and never stacks', async () => {
    const budgetId = await set('10')
    await ground.spend([usd('12')], NOON)
    await override('5', 3600, NOON, budgetId)
    await override('1', 900, later(1), budgetId)
    const rows = await ground.postgres.tables.select().from(overrides).where(isNull(overrides.endedAt))
    expect(rows.map((row) => row.ceiling)).toEqual([usd('13')])
  })

  it('cannot pass the end of the period', async () => {
    const budgetId = await set('10')
    const eve = new Date('2026-11-30T23:50:00Z')
    await override('5', 3600, eve, budgetId)
    const [row] = await ground.postgres.tables.select().from(overrides)
    expect(row?.until).toEqual(DECEMBER)
  })

  it('outside the policy, without a reason, or of another organisation is refused and changes nothing', async () => {
    const budgetId = await set('10')
    const policy = { lifters: 'admins', windowsS: [60], amountMax: usd('5') } as const
    await saveOverridePolicy(ground.postgres, { orgId: ground.orgId, policy, by: 'U1' }, NOON)
    expect(await override('6', 60, NOON, budgetId)).toMatchObject({ refusal: 'amount_above_policy' })
    expect(await override('5', 900, NOON, budgetId)).toMatchObject({ refusal: 'window_not_offered' })
    const request = { budgetId, amount: usd('1'), windowS: 60, grantedBy: 'U1' }
    const { orgId } = ground
    const blank = await grantOverride(ground.postgres, { ...request, orgId, reason: ' ' }, NOON)
    expect(blank).toMatchObject({ refusal: 'reason_missing' })
    const foreign = await grantOverride(ground.postgres, { ...request, orgId: 'org_x', reason: 'x' }, NOON)
    expect(foreign).toEqual({ kind: 'budget_unknown' })
    expect(await ground.postgres.tables.select().from(overrides)).toEqual([])
  })
})

describe('a stop by a person', () => {
  it('refuses every call until a person resumes, over the end of the period too', async () => {
    const budgetId = await set('10')
    const who = { orgId: ground.orgId, budgetId, by: 'U2' }
    expect(await stopBudget(ground.postgres, who, NOON)).toBe('done')
    expect(await stopBudget(ground.postgres, who, later(1))).toBe('already')
    expect((await readVerdict(ground.postgres.tables, ground.project.id, DECEMBER)).allowed).toBe(false)
    expect(await override('1', 900, later(2), budgetId)).toMatchObject({ refusal: 'stopped_by_person' })
    expect(await resumeBudget(ground.postgres, who, later(3))).toBe('done')
    expect((await readVerdict(ground.postgres.tables, ground.project.id, later(3))).allowed).toBe(true)
    const deeds = await ground.postgres.tables.select().from(auditLog).where(eq(auditLog.actor, 'U2'))
    expect(deeds.map((deed) => deed.action).sort()).toEqual(['budget.resumed', 'budget.stopped'])
  })
})
