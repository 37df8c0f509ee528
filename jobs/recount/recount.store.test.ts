/** Promises about budgets that begin or change in mid-period: what the scope had spent counts, each call once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Match } from '../../core/budget/scope.ts'
import { budgetState } from '../../core/budget/state.ts'
import { type NanoUsd, nanoUsd, usd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import type { RecurringRule } from '../../core/period/period-rule.ts'
import { monthOf } from '../../core/period.ts'
import { ofOrganisation } from '../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../db/postgres/budget-snapshots.ts'
import { changeBudget } from '../../db/postgres/budgets.ts'
import { finishRecount } from '../../db/postgres/finish-recount.ts'
import { dueRecounts } from '../../db/postgres/recount-queue.ts'
import { takeCut } from '../../db/postgres/recount-requests.ts'
import { budgetRecounts, outbox } from '../../db/postgres/schema.ts'
import { layRecountGround, NOON, type RecountGround } from '../../test/budgets/recount-ground.ts'
import { aPricedEvent as aCall } from '../../test/events/priced-event.ts'
import { sumsOf } from './recount-next.ts'

const NOVEMBER = monthOf(NOON)
const match = (fields: Match['fields']): Match => ({ fields, tags: {} })
const GPT = match({ model: ['gpt-4o*'] })
const BERLIN: RecurringRule = { kind: 'month', timeZone: 'Europe/Berlin', startsOn: 1 }

let at = NOON
let ground: RecountGround
beforeEach(async () => {
  at = NOON
  ground = await layRecountGround(() => at)
})
afterEach(() => ground.close())

const dollars = (spent: Record<string, { readonly spent: NanoUsd }>) =>
  Object.fromEntries(Object.entries(spent).map(([counter, figures]) => [counter, figures.spent]))
const recounts = () => ground.postgres.tables.select().from(budgetRecounts)
const told = async (kind: string) => {
  const rows = await ground.postgres.tables.select().from(outbox).orderBy(outbox.id)
  return rows.map(({ notice }) => notice).filter((notice) => (notice as { kind: string }).kind === kind)
}

describe('a budget that begins in mid-period', () => {
  it('starts from what its filter has spent, once the archive has passed the cut, and not before', async () => {
    await ground.count('j1', [
      { model: 'gpt-4o-mini', cost: usd('3') },
      { model: 'claude', cost: usd('5') },
    ])
    await ground.count('j2', [
      { model: 'gpt-4o', cost: usd('4') },
      { model: 'gpt-4o', cost: null },
    ])
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await ground.archive('j1')
    expect(await ground.recount()).toMatchObject([{ kind: 'waits', why: 'journal j2 is archived to 0 of 2' }])
    await ground.count('j1', [{ model: 'gpt-4o', cost: usd('0.5') }])
    await ground.archive('j2')
    expect(await ground.recount()).toMatchObject([{ kind: 'finished', lack: null }])
    expect(await ground.counters(budgetId, NOVEMBER.from)).toEqual({
      '': { spent: usd('7.5'), events: 4, unpricedEvents: 1 },
    })
    expect(await told('crossed')).toMatchObject([{ percents: [50, 75] }])
    expect(await recounts()).toMatchObject([{ corrected: usd('7'), lastError: null, finishedAt: NOON }])
    expect(await ground.recount()).toEqual([])
  })

  it('of each user has a counter for each that spent, and for calls that name none', async () => {
    const users = ['ann', 'bob', 'ann', null]
    await ground.count(
      'j1',
      users.map((userId, index) => ({ userId, cost: usd(`${index + 1}`) })),
    )
    const budgetId = await ground.makeBudget({ each: 'user', limit: usd('4') })
    await ground.count('j1', [
      { userId: 'cyd', cost: usd('1') },
      { userId: 'bob', cost: usd('0.25') },
    ])
    await ground.archive()
    await ground.recount()
    const expected = {
      'user:ann': usd('4'),
      'user:bob': usd('2.25'),
      'user:': usd('4'),
      'user:cyd': usd('1'),
    }
    expect(dollars(await ground.counters(budgetId, NOVEMBER.from))).toEqual(expected)
    const all = await readBudgets(ground.postgres.tables, ofOrganisation(ground.orgId), NOON)
    const stopped = all.filter((stored) => budgetState(stored, NOON).kind === 'stopped')
    expect(stopped.map(({ current }) => current.counter).sort()).toEqual(['user:', 'user:ann'])
  })

  it('counts a month of its own time zone, and late calls in the period of their time', async () => {
    const berlin = periodOf(BERLIN, NOON)
    const before = new Date(berlin.from.getTime() - 1)
    await ground.count('j1', [
      { ts: before, cost: usd('100') },
      { ts: berlin.from, cost: usd('1') },
    ])
    const budgetId = await ground.makeBudget({ periodRule: BERLIN })
    await ground.count('j1', [
      { ts: before, cost: usd('7') },
      { ts: berlin.from, cost: usd('2') },
    ])
    await ground.archive()
    await ground.recount()
    expect(dollars(await ground.counters(budgetId, berlin.from))).toEqual({ '': usd('3') })
  })

  it('has corrected prices of what it starts from, counted before and after the cut, once each', async () => {
    await ground.count('j1', [
      { requestId: 'a', model: 'gpt-4o', cost: null },
      { requestId: 'b', model: 'gpt-4o', cost: usd('5') },
    ])
    const adjustment = (requestId: string, cost: NanoUsd, unpricedCalls: 0 | -1) => {
      const own = { orgId: ground.orgId, projectId: ground.project.id, model: 'gpt-4o', ts: NOON, cost }
      const adjusts = { requestId, unpricedCalls } as const
      return { ...aCall(own), requestId: `reprice:${requestId}:1`, source: 'reprice' as const, adjusts }
    }
    await ground.adjust([adjustment('a', usd('2'), -1)])
    const budgetId = await ground.makeBudget({ match: GPT })
    await ground.adjust([adjustment('b', nanoUsd(-usd('1')), 0)])
    await ground.archive('j1')
    const [waits] = await ground.recount()
    expect(waits).toMatchObject({ kind: 'waits' })
    await ground.archive()
    await ground.recount()
    expect(await ground.counters(budgetId, NOVEMBER.from)).toEqual({
      '': { spent: usd('6'), events: 2, unpricedEvents: 0 },
    })
  })
})

describe('a budget that is changed in mid-period', () => {
  const change = (budgetId: string, wanted: Match) =>
    changeBudget(
      ground.postgres,
      { orgId: ground.orgId, budgetId, by: 'U1', origin: 'api', change: { match: wanted } },
      NOON,
    )

  it('counts what its new scope has spent, and keeps its stop until that is known', async () => {
    await ground.count('j1', [
      { model: 'gpt-4o', cost: usd('9') },
      { model: 'claude', cost: usd('4') },
    ])
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('9') })
    await ground.archive()
    await ground.recount()
    const state = async () => {
      const [stored] = await readBudgets(ground.postgres.tables, ofOrganisation(ground.orgId), NOON)
      return stored && budgetState(stored, NOON).kind
    }
    expect(await state()).toBe('stopped')
    await change(budgetId, match({ model: ['claude'] }))
    await ground.count('j1', [{ model: 'claude', cost: usd('0.5') }])
    expect(await state()).toBe('stopped')
    await ground.archive()
    await ground.recount()
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({
      '': { spent: usd('4.5'), events: 2 },
    })
    expect(await state()).toBe('warned')
    expect(await told('figure_corrected')).toHaveLength(1)
  })

  it('twice before the first was counted has what the last scope spent, and nothing of the other', async () => {
    await ground.count('j1', [
      { model: 'gpt-4o', cost: usd('9') },
      { model: 'claude', cost: usd('4') },
    ])
    const budgetId = await ground.makeBudget({ match: GPT })
    await change(budgetId, match({ model: ['claude'] }))
    await ground.archive()
    await ground.recount()
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({
      '': { spent: usd('4'), events: 1 },
    })
    await change(budgetId, match({}))
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({
      '': { spent: usd('13'), events: 2 },
    })
    expect(await dueRecounts(ground.postgres.tables)).toEqual([])
  })

  it('in its limit or its thresholds alone counts nothing anew', async () => {
    await ground.count('j1', [{ model: 'gpt-4o', cost: usd('9') }])
    const budgetId = await ground.makeBudget({ match: GPT })
    await ground.archive()
    await ground.recount()
    const changing = { orgId: ground.orgId, budgetId, by: 'U1', origin: 'api' } as const
    await changeBudget(ground.postgres, { ...changing, change: { limit: usd('20') } }, NOON)
    expect(await dueRecounts(ground.postgres.tables)).toEqual([])
    expect(await ground.counters(budgetId, NOVEMBER.from)).toMatchObject({ '': { spent: usd('9') } })
  })
})

describe('a recount', () => {
  it('that was killed between its sums and their commit is done again, and one that was finished changes nothing', async () => {
    await ground.count('j1', [{ model: 'gpt-4o', cost: usd('3') }])
    const budgetId = await ground.makeBudget({ match: GPT })
    await ground.archive()
    const [due] = await dueRecounts(ground.postgres.tables)
    const taken = due && (await takeCut(ground.postgres, due, NOON))
    if (!due || taken?.kind !== 'taken') throw new Error('no cut')
    // These sums were read by a process that died; another one did it all meanwhile.
    const sums = await sumsOf(ground.deps, due, taken.cut)
    if (sums === null) throw new Error('no budget')
    await ground.count('j1', [{ model: 'gpt-4o', cost: usd('0.5') }])
    expect(await ground.recount()).toMatchObject([{ kind: 'finished' }])
    expect(await finishRecount(ground.postgres, { ...due, sums, isComplete: true }, NOON)).toEqual({
      kind: 'ended',
    })
    expect(dollars(await ground.counters(budgetId, NOVEMBER.from))).toEqual({ '': usd('3.5') })
  })

  it('whose replica is gone says so, sets what is archived, and is exact if the rest comes after all', async () => {
    await ground.count('j1', [{ model: 'gpt-4o', cost: usd('3') }])
    await ground.count('gone', [{ model: 'gpt-4o', cost: usd('2') }])
    const budgetId = await ground.makeBudget({ match: GPT })
    await ground.archive('j1')
    at = new Date(NOON.getTime() + 61_000)
    await ground.recount()
    await ground.count('j1', [{ model: 'gpt-4o', cost: usd('0.5') }])
    await ground.recount()
    expect(dollars(await ground.counters(budgetId, NOVEMBER.from))).toEqual({ '': usd('3.5') })
    expect(await recounts()).toMatchObject([
      { finishedAt: null, lastError: 'journal gone is archived to 0 of 1' },
    ])
    await ground.archive()
    await ground.recount()
    expect(dollars(await ground.counters(budgetId, NOVEMBER.from))).toEqual({ '': usd('5.5') })
    expect(await recounts()).toMatchObject([{ finishedAt: at, lastError: null }])
  })
})
