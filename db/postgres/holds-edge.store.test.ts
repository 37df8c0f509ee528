/** What a strict budget counts is what it held: whichever snapshot answers, and in whichever period the call is counted. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Match } from '../../core/budget/scope.ts'
import { usd } from '../../core/money.ts'
import { type HoldGround, layHoldGround } from '../../test/holds/hold-ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { changeBudget } from './budgets.ts'
import { expireHolds, settleHold } from './end-holds.ts'
import { budgetPeriods } from './schema.ts'

const MINUTE_MS = 60_000
const EDGE = new Date('2026-11-11T00:00:00Z')
const minus = (minutes: number) => new Date(EDGE.getTime() - minutes * MINUTE_MS)
const plus = (minutes: number) => minus(-minutes)
const DAILY = { kind: 'day', timeZone: 'UTC' } as const
const over = (...model: string[]): Match => ({ fields: { model }, tags: {} })

let database: Awaited<ReturnType<typeof freshDatabase>>
let ground: HoldGround
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layHoldGround(database.url, minus(60))
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

const ask = async (requestId: string, amount: string, at: Date, facts = {}): Promise<string> => {
  const [answer] = await ground.ask([ground.call(requestId, amount, { facts })], at)
  return answer?.kind === 'refused' ? answer.explanation.reason : (answer?.kind ?? 'nothing')
}

/** What was spent and is held of each period, the first first. */
async function byPeriod(): Promise<string[]> {
  await ground.figures()
  const rows = await ground.postgres.tables.select().from(budgetPeriods).orderBy(budgetPeriods.from)
  return rows.map(({ spent, held }) => `${spent / 1_000_000_000n} spent, ${held / 1_000_000_000n} held`)
}

describe('a strict budget over a model', () => {
  it('counts what it held, when a snapshot answers', async () => {
    await ground.makeStrict('10', { match: over('gpt-4o') })
    expect(await ask('a', '6', minus(60))).toBe('granted')
    await ground.report('a', '5', { model: 'gpt-4o-2024-08-06' }, minus(60))
    expect(await byPeriod()).toEqual(['5 spent, 0 held'])
    expect(await ask('b', '6', minus(59))).toBe('hold_too_large')
    expect(await ask('c', '6', minus(59), { model: 'gpt-4o-mini' })).toBe('free')
  })

  it('holds what may be answered by its snapshot, and frees what another answers', async () => {
    await ground.makeStrict('10', { match: over('gpt-4o-2024-08-06') })
    expect(await ask('a', '6', minus(60))).toBe('granted')
    expect(await ask('b', '6', minus(60))).toBe('hold_too_large')
    await ground.report('a', '5', { model: 'gpt-4o-2024-05-13' }, minus(60))
    expect(await byPeriod()).toEqual(['0 spent, 0 held'])
    expect(await ask('b', '6', minus(59))).toBe('granted')
    await ground.report('b', '6', { model: 'gpt-4o-2024-08-06' }, minus(59))
    expect(await byPeriod()).toEqual(['6 spent, 0 held'])
  })
})

describe('a call next to the end of a period', () => {
  it('is held in both periods, and counts in that of its time', async () => {
    await ground.makeStrict('10', { periodRule: DAILY })
    expect(await ask('early', '2', minus(20))).toBe('granted')
    expect(await byPeriod()).toEqual(['0 spent, 2 held'])
    expect(await ask('a', '3', minus(5))).toBe('granted')
    expect(await ask('b', '3', minus(5))).toBe('granted')
    expect(await byPeriod()).toEqual(['0 spent, 8 held', '0 spent, 6 held'])
    await ground.report('a', '3', {}, plus(1))
    await ground.report('b', '3', {}, minus(4))
    expect(await byPeriod()).toEqual(['3 spent, 2 held', '3 spent, 0 held'])
  })

  it('leaves no room in the new period that it may need', async () => {
    await ground.makeStrict('10', { periodRule: DAILY })
    expect(await ask('a', '8', minus(5))).toBe('granted')
    expect(await ask('b', '3', plus(1))).toBe('hold_too_large')
    await ground.report('a', '8', {}, plus(2))
    expect(await ask('b', '3', plus(2))).toBe('hold_too_large')
    expect(await ask('c', '2', plus(2))).toBe('granted')
    expect(await byPeriod()).toEqual(['0 spent, 0 held', '8 spent, 2 held'])
  })

  it('takes the new period to its stop, and no further', async () => {
    await ground.makeStrict('10', { periodRule: DAILY })
    expect(await ask('a', '10', minus(5))).toBe('granted')
    await ground.report('a', '10', {}, plus(1))
    expect(await ask('b', '1', plus(1))).toBe('limit')
  })

  it('settled by its caller counts once, in the period in which it began, until its event says another', async () => {
    await ground.makeStrict('10', { periodRule: DAILY })
    await ask('a', '3', minus(5))
    const ref = { projectId: ground.project.id, holdId: ground.holdId('a') }
    await settleHold(ground.postgres, { ...ref, cost: usd('2') }, plus(1))
    expect(await byPeriod()).toEqual(['2 spent, 0 held', '0 spent, 0 held'])
    await ground.report('a', '2', {}, plus(1))
    expect(await byPeriod()).toEqual(['0 spent, 0 held', '2 spent, 0 held'])
  })

  it('expires in both, also without a price once the period is over', async () => {
    await ground.makeStrict('10', { periodRule: DAILY })
    await ask('a', '3', minus(5))
    await ask('b', '4', minus(5))
    await ground.report('b', null, {}, minus(4))
    expect(await byPeriod()).toEqual(['0 spent, 7 held', '0 spent, 7 held'])
    expect(await expireHolds(ground.postgres, plus(7))).toBe(2)
    expect(await byPeriod()).toEqual(['0 spent, 0 held', '0 spent, 0 held'])
  })

  it('stays held once when its budget gets another period', async () => {
    const budgetId = await ground.makeStrict('10', { periodRule: DAILY })
    await ask('a', '3', minus(5))
    const change = { periodRule: { kind: 'month', timeZone: 'UTC', startsOn: 11 } } as const
    const { orgId, postgres } = ground
    await changeBudget(postgres, { orgId, budgetId, change, by: 'U1', origin: 'api' }, plus(1))
    await ground.report('a', '2', {}, plus(1))
    const figures = await byPeriod()
    expect(figures.every((figure) => figure.endsWith('0 held'))).toBe(true)
    expect(figures.filter((figure) => figure.startsWith('2 spent'))).toHaveLength(1)
  })
})

describe('a strict budget that stops an environment first', () => {
  it('refuses its calls by what others hold, and goes on for others', async () => {
    const ladder = [
      { percent: 80, action: { kind: 'stop', environments: ['staging'] } },
      { percent: 100, action: { kind: 'stop', environments: null } },
    ] as const
    await ground.makeStrict('10', { ladder })
    expect(await ask('a', '7', minus(60))).toBe('granted')
    const staging = { environment: 'staging' }
    expect(await ask('b', '2', minus(60), staging)).toBe('hold_too_large')
    expect(await ask('c', '1', minus(60), staging)).toBe('granted')
    expect(await ask('d', '2', minus(60))).toBe('granted')
    expect(await ask('e', '0.000000001', minus(60))).toBe('hold_too_large')
  })
})
