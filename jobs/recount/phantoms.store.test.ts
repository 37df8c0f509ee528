/** A figure that is wrong, whatever made it so, heals before anyone is refused by it, and is reported. */
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NanoUsd, usd } from '../../core/money.ts'
import { monthOf } from '../../core/period.ts'
import { checkedBeforeRefusal } from '../../db/postgres/decide-checked.ts'
import { lockBudget } from '../../db/postgres/lock-budget.ts'
import { auditLog, budgetPeriods, budgetRecounts, outbox } from '../../db/postgres/schema.ts'
import { readVerdict } from '../../db/postgres/verdicts.ts'
import { layRecountGround, NOON, type RecountGround } from '../../test/budgets/recount-ground.ts'

const NOVEMBER = monthOf(NOON)
const GPT = { fields: { model: ['gpt-4o'] }, tags: {} }

let ground: RecountGround
beforeEach(async () => {
  ground = await layRecountGround()
})
afterEach(() => ground.close())

const corrupt = (budgetId: string, by: NanoUsd) =>
  ground.postgres.tables
    .update(budgetPeriods)
    .set({ spent: sql`${budgetPeriods.spent} + ${by.toString()}::bigint` })
    .where(eq(budgetPeriods.budgetId, budgetId))
const isAllowed = async () => {
  const { allowed, budgets } = await readVerdict(ground.postgres.tables, ground.project.id, NOON)
  return allowed && budgets.every(({ state }) => state.kind !== 'stopped')
}
const told = async () => {
  const rows = await ground.postgres.tables.select().from(outbox).orderBy(outbox.id)
  return rows.map(({ notice }) => notice as { kind: string })
}
const toldPercents = async () =>
  (await told()).flatMap((notice) => ('percents' in notice ? [notice.percents] : []))
const deeds = () =>
  ground.postgres.tables.select().from(auditLog).where(eq(auditLog.action, 'budget.figure_corrected'))
const spend = (cost: string, model = 'gpt-4o') => ground.count('j1', [{ cost: usd(cost), model }])

describe('a phantom in the figure of a whole project', () => {
  it('that would stop calls heals in the transaction that would have stopped them, and is told', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    await spend('3')
    await corrupt(budgetId, usd('6.5'))
    await spend('1')
    expect(await isAllowed()).toBe(true)
    expect(await ground.counters(budgetId, NOVEMBER.from)).toEqual({
      '': { spent: usd('4'), events: 2, unpricedEvents: 0 },
    })
    expect(await toldPercents()).toEqual([])
    expect((await told()).filter(({ kind }) => kind === 'figure_corrected')).toMatchObject([
      { from: { nano_usd: '10500000000' }, to: { nano_usd: '4000000000' } },
    ])
    expect(await deeds()).toMatchObject([
      {
        subject: budgetId,
        before: { spent_nano_usd: '10500000000' },
        after: { spent_nano_usd: '4000000000' },
      },
    ])
    await spend('6')
    expect(await isAllowed()).toBe(false)
    expect(await toldPercents()).toEqual([[50, 75, 90, 100]])
    expect(await deeds()).toHaveLength(1)
  })

  it('leaves what is right as it is: what callers settled before their events is no phantom', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    await settleAhead(budgetId, usd('4'))
    await spend('7')
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({
      '': { spent: usd('11'), events: 1 },
    })
    expect(await isAllowed()).toBe(false)
    expect(await deeds()).toEqual([])
  })

  it('of an earlier period is let be: it stops nobody', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    const october = new Date('2026-10-31T23:00:00Z')
    await ground.count('j1', [{ ts: october, cost: usd('1') }])
    await corrupt(budgetId, usd('20'))
    await ground.count('j1', [{ ts: october, cost: usd('1') }])
    expect(await ground.counters(budgetId, monthOf(october).from)).toMatchObject({ '': { spent: usd('22') } })
    expect(await deeds()).toEqual([])
  })
})

describe('a phantom in the figure of a filter', () => {
  it('heals when it comes near the limit, before it stops anyone', async () => {
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await spend('3')
    await corrupt(budgetId, usd('4'))
    await spend('1')
    await ground.archive()
    expect(await ground.recount()).toMatchObject([{ kind: 'finished' }])
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({
      '': { spent: usd('4'), events: 2 },
    })
    expect(await isAllowed()).toBe(true)
    await spend('3')
    expect(await isAllowed()).toBe(true)
    expect(await deeds()).toMatchObject([{ after: { spent_nano_usd: '4000000000' }, origin: 'job' }])
  })

  it('that jumped past the limit at once is gone when the check is done, and calls pass', async () => {
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await corrupt(budgetId, usd('40'))
    await spend('1')
    await corrupt(budgetId, usd('40'))
    await spend('1')
    expect(await isAllowed()).toBe(false)
    await ground.archive()
    await ground.recount()
    expect(await isAllowed()).toBe(true)
    expect((await told()).at(-1)).toMatchObject({ kind: 'figure_corrected', to: { nano_usd: '2000000000' } })
  })

  it('is checked once near the limit and once at the stop, and a right figure is left alone', async () => {
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    for (const cost of ['8', '1', '0.5', '1', '1']) {
      await spend(cost)
      await ground.archive()
      await ground.recount()
    }
    const checks = await ground.postgres.tables.select().from(budgetRecounts)
    expect(checks).toMatchObject([
      { purpose: 'check', corrected: 0n },
      { purpose: 'check', corrected: 0n },
    ])
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({ '': { spent: usd('11.5') } })
    expect(await deeds()).toEqual([])
  })

  it('that callers settled before their events is no phantom, and is kept through a check', async () => {
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await spend('1')
    await settleAhead(budgetId, usd('5'))
    await spend('3')
    await ground.archive()
    expect(await ground.recount()).toMatchObject([{ kind: 'finished', counters: [] }])
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({
      '': { spent: usd('9'), events: 2 },
    })
    expect(await deeds()).toEqual([])
  })

  it('is not “healed” by an archive that lacks what was counted', async () => {
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await spend('3')
    await spend('5')
    await ground.archive()
    await ground.clickhouse.command({
      query: 'DELETE FROM events WHERE journal_offset = 0',
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    })
    expect(await ground.recount()).toMatchObject([{ kind: 'archive_lacks' }])
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({ '': { spent: usd('8') } })
    const [check] = await ground.postgres.tables.select().from(budgetRecounts)
    expect(check).toMatchObject({ corrected: null, lastError: expect.stringContaining('$8.00 in 2 calls') })
  })
})

describe('a figure that is about to refuse a hold', () => {
  const checked = (budgetId: string) =>
    ground.postgres.tables.transaction(async (tx) => {
      const stored = await lockBudget(tx, { orgId: ground.orgId, budgetId }, NOON)
      if (stored === null) throw new Error('no budget')
      const { current } = await checkedBeforeRefusal(tx, stored, NOON)
      return current
    })

  it('heals first where the ledger knows better, and lifts the stop that it had made', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    await spend('3')
    await corrupt(budgetId, usd('6.5'))
    expect(await checked(budgetId)).toMatchObject({ spent: usd('3'), events: 1, limitReachedAt: null })
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({ '': { spent: usd('3') } })
    expect(await deeds()).toHaveLength(1)
    expect(await checked(budgetId)).toMatchObject({ spent: usd('3') })
    expect(await deeds()).toHaveLength(1)
  })

  it('asks once where only the archive knows, however many holds it refuses', async () => {
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await spend('3')
    await checked(budgetId)
    await checked(budgetId)
    await ground.archive()
    expect(await ground.recount()).toHaveLength(1)
    await checked(budgetId)
    expect(await ground.recount()).toHaveLength(0)
  })
})

/** As an explicit settlement posts: the hold says what it cost, and each counter that it held has that spent. */
async function settleAhead(budgetId: string, cost: NanoUsd): Promise<void> {
  const { tables } = ground.postgres
  await tables.execute(sql`
    insert into holds (id, org_id, project_id, identity, request_id, attempt, amount_nano_usd, state, created_at,
      expires_at, counted_until)
    values ('hld_1', ${ground.orgId}, ${ground.project.id}, gen_random_uuid(), 'settled', 1, 0, 'settled',
      ${NOON.toISOString()}, ${NOON.toISOString()}, ${NOON.toISOString()})`)
  await tables.execute(sql`
    insert into hold_entries (hold_id, org_id, budget_id, period_from, counter, amount_nano_usd)
    values ('hld_1', ${ground.orgId}, ${budgetId}, ${NOVEMBER.from.toISOString()}, '', ${cost.toString()}::bigint)`)
  await corrupt(budgetId, cost)
}
