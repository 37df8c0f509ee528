import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GRACE_MS } from '../../core/hold/hold.ts'
import { usd } from '../../core/money.ts'
import { type HoldGround, layHoldGround } from '../../test/holds/hold-ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { changeBudget } from './budgets.ts'
import { expireHolds, releaseHold, settleHold } from './end-holds.ts'
import { type HoldAnswer, NO_LEASING } from './grant-holds.ts'
import { readHold } from './hold-rows.ts'
import { expireLeases } from './leases.ts'
import { claimNotices } from './notices.ts'
import type { Postgres } from './open.ts'
import { grantOverride } from './overrides.ts'
import { recheckHeld } from './recheck-held.ts'
import { budgetPeriods, outbox } from './schema.ts'
import { readSettledAhead } from './settled-ahead.ts'
import { liftWideStop, resumeBudget, stopBudget, stopWidely } from './stop-budget.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const later = (ms: number) => new Date(NOON.getTime() + ms)
const TTL_MS = 600_000

let database: Awaited<ReturnType<typeof freshDatabase>>
let ground: HoldGround
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layHoldGround(database.url, NOON)
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

const ask = async (requestId: string, amount: string, at = NOON): Promise<string> =>
  said((await ground.ask([ground.call(requestId, amount)], at))[0])

function said(answer: HoldAnswer | undefined): string {
  if (answer?.kind === 'refused') return answer.explanation.reason
  return answer?.kind ?? 'nothing'
}

const settle = (requestId: string, cost: string, at = NOON) =>
  settleHold(
    ground.postgres,
    { projectId: ground.project.id, holdId: ground.holdId(requestId), cost: usd(cost) },
    at,
  )
const release = (requestId: string, at = NOON) =>
  releaseHold(ground.postgres, { projectId: ground.project.id, holdId: ground.holdId(requestId) }, at)
const kept = (requestId: string) =>
  readHold(ground.postgres.tables, { projectId: ground.project.id, holdId: ground.holdId(requestId) })

describe('a strict budget', () => {
  it('lets calls begin while spent and held fit, and no further, in one batch and over several', async () => {
    await ground.makeStrict('10')
    const calls = ['a', 'b', 'c'].map((id) => ground.call(id, '4'))
    expect((await ground.ask(calls)).map(said)).toEqual(['granted', 'granted', 'hold_too_large'])
    expect(await ask('d', '2')).toBe('granted')
    expect(await ask('e', '0.000000001')).toBe('hold_too_large')
    expect(await ground.figures()).toEqual({ spent: '0', held: '10', leased: '' })
  })

  it('says all of why it refuses', async () => {
    const budgetId = await ground.makeStrict('10')
    await ask('a', '9')
    const [answer] = await ground.ask([ground.call('b', '1.5')])
    expect(answer?.kind === 'refused' && answer.explanation).toEqual({
      reason: 'hold_too_large',
      budget_id: budgetId,
      title: 'support-bot',
      scope: {},
      counter: '',
      period: 'November 2026',
      spent_usd: '0.000000000',
      estimated_usd: '0.000000000',
      held_usd: '9.000000000',
      limit_usd: '10.000000000',
      available_usd: '1.000000000',
      wanted_usd: '1.500000000',
      price_version: 'test',
      since: null,
      resets_at: '2026-12-01T00:00:00.000Z',
      lifters: 'admins',
      lift_url: null,
      message:
        'The budget "support-bot" (November 2026) has $1.00 left, which is less than the $1.50 this call may cost, with $0.00 spent and $9.00 held of $10.00 by the prices of genai-prices@0.1.8; it resets on Tue 1 Dec 2026, 00:00 UTC, and an admin can lift the stop.',
    })
  })

  it('holds a call once, however often it is asked for', async () => {
    await ground.makeStrict('10')
    const twice = await ground.ask([ground.call('a', '4'), ground.call('a', '4')])
    expect(await ground.ask([ground.call('a', '4')], later(1000))).toEqual([twice[0]])
    expect(twice[1]).toEqual(twice[0])
    expect((await ground.figures()).held).toBe('4')
  })

  it('holds nothing where no budget asks, and on a cached budget from near its stop on', async () => {
    expect(await ask('a', '4')).toBe('free')
    await ground.setBudget('10', NOON)
    expect(await ask('b', '4')).toBe('free')
    await ground.report('c', '9.5')
    expect(await ask('d', '0.4')).toBe('granted')
    // The last one may pass the limit by what it costs, so that the budget is spent and not stuck below.
    expect(await ask('e', '0.4')).toBe('granted')
    expect(await ask('h', '0.01')).toBe('hold_too_large')
    await ground.report('f', '0.5')
    expect(await ask('g', '0.01')).toBe('limit')
  })

  it('is answered for by the strictest of all that cover the call', async () => {
    await ground.makeStrict('10', { name: 'wide', projectId: null })
    const narrow = await ground.makeStrict('5', { name: 'narrow' })
    const [answer] = await ground.ask([ground.call('a', '20')])
    expect(answer?.kind === 'refused' && answer.explanation.title).toBe('narrow')
    expect(await ask('b', '3')).toBe('granted')
    expect((await ground.figures()).held).toBe('3 3')
    const { orgId } = ground
    await stopBudget(ground.postgres, { orgId, budgetId: narrow, by: 'U1' }, NOON)
    expect(await ask('c', '1')).toBe('person')
    const stop = { orgId, projectId: ground.project.id, by: 'U1', origin: 'api', reason: 'incident' } as const
    await stopWidely(ground.postgres, stop, NOON)
    expect(await ask('d', '1')).toBe('wide_stop')
  })

  it('holds for each user apart', async () => {
    await ground.makeStrict('5', { each: 'user' })
    const by = (id: string, userId: string | null) => ground.call(id, '3', { facts: { userId } })
    const calls = [by('a', 'u1'), by('b', 'u2'), by('c', 'u1'), by('d', null), by('e', null)]
    const answers = (await ground.ask(calls)).map(said)
    expect(answers).toEqual(['granted', 'granted', 'hold_too_large', 'granted', 'hold_too_large'])
  })

  it('does with a model without a price what it is told to', async () => {
    const wanted = { kind: 'unpriced', amount: usd('3'), priceVersion: 'high' } as const
    const high = await ground.makeStrict('10', { name: 'high' })
    await ground.makeStrict('10', { name: 'lax', onUnpriced: 'allow' })
    const [granted] = await ground.ask([ground.call('a', '0', { wanted })])
    expect(granted?.kind === 'granted' && granted.hold.entries.map(({ budgetId }) => budgetId)).toEqual([
      high,
    ])
    await ground.makeStrict('10', { name: 'strict', onUnpriced: 'deny' })
    expect((await ground.ask([ground.call('b', '0', { wanted })])).map(said)).toEqual(['unpriced'])
  })

  it('lends up to the ceiling of an override, and no further', async () => {
    const budgetId = await ground.makeStrict('10')
    await ask('a', '10')
    const { orgId, postgres } = ground
    const granting = { orgId, budgetId, amount: usd('5'), windowS: 900, reason: 'x', grantedBy: 'U1' }
    await grantOverride(postgres, granting, NOON)
    expect(await ask('b', '5')).toBe('granted')
    expect(await ask('c', '0.01')).toBe('hold_too_large')
  })
})

describe('the event of a call', () => {
  it('ends its hold in the transaction that counts it', async () => {
    await ground.makeStrict('10')
    await ask('a', '4')
    await ground.report('a', '1.5')
    expect(await ground.figures()).toEqual({ spent: '1.5', held: '0', leased: '' })
    expect(await kept('a')).toMatchObject({
      state: 'settled',
      settled: usd('1.5'),
      isOver: false,
      entries: [],
    })
    expect(await ask('b', '8.5')).toBe('granted')
  })

  it('posts what is above its hold, and says so', async () => {
    await ground.makeStrict('10')
    await ask('a', '4')
    await ground.report('a', '4.5')
    expect((await ground.figures()).spent).toBe('4.5')
    expect(await kept('a')).toMatchObject({ state: 'settled', isOver: true })
  })

  it('posts only the difference to what its caller settled, and announces nothing twice', async () => {
    await ground.makeStrict('10')
    await ask('a', '8')
    await settle('a', '6')
    expect(await ground.figures()).toEqual({ spent: '6', held: '0', leased: '' })
    await settle('a', '7')
    expect((await ground.figures()).spent).toBe('6')
    await ground.report('a', '5.5')
    expect((await ground.figures()).spent).toBe('5.5')
    await settle('a', '6')
    await ground.report('a', '5.5')
    expect((await ground.figures()).spent).toBe('5.5')
    const notices = await claimNotices(ground.postgres.tables, NOON, 100)
    expect(notices.filter(({ notice }) => notice.kind === 'crossed').length).toBeLessThanOrEqual(1)
  })

  it('takes back what was settled from counters that its own facts do not fall under', async () => {
    await ground.makeStrict('10', { match: { fields: { model: ['gpt-4o'] }, tags: {} } })
    await ask('a', '4')
    await settle('a', '3')
    await ground.report('a', '3', { model: 'gpt-4o-mini' })
    expect(await ground.figures()).toEqual({ spent: '0', held: '0', leased: '' })
  })

  it('without a price leaves the hold counted to the end of the period', async () => {
    await ground.makeStrict('10')
    await ask('a', '4')
    await ground.report('a', null)
    await release('a')
    await expireHolds(ground.postgres, later(TTL_MS + GRACE_MS))
    expect(await ground.figures()).toEqual({ spent: '0', held: '4', leased: '' })
    await expireHolds(ground.postgres, new Date('2026-12-01T00:00:00Z'))
    expect((await ground.figures()).held).toBe('0')
  })

  it('that was counted before its hold was asked for leaves nothing to hold', async () => {
    await ground.makeStrict('10')
    await ground.report('a', '4')
    expect(await ask('a', '5')).toBe('granted')
    expect(await ground.figures()).toEqual({ spent: '4', held: '0', leased: '' })
  })
})

describe('a hold that nobody settles', () => {
  it('stays counted through its grace, and is then free, though no job has run', async () => {
    await ground.makeStrict('10')
    await ask('a', '10')
    expect(await ask('b', '10', later(TTL_MS))).toBe('hold_too_large')
    expect(await ask('c', '10', later(TTL_MS + GRACE_MS - 1))).toBe('hold_too_large')
    expect(await ask('d', '10', later(TTL_MS + GRACE_MS))).toBe('granted')
    expect(await kept('a')).toMatchObject({ state: 'expired' })
    expect((await ground.figures()).held).toBe('10')
  })

  it('still posts what it cost, late, by its caller or its event, once', async () => {
    await ground.makeStrict('10')
    await ask('a', '4')
    await ask('b', '4')
    expect(await expireHolds(ground.postgres, later(TTL_MS + GRACE_MS))).toBe(2)
    expect(await expireHolds(ground.postgres, later(TTL_MS + GRACE_MS))).toBe(0)
    await settle('a', '2', later(TTL_MS + GRACE_MS))
    await ground.report('b', '3')
    expect((await ground.figures()).spent).toBe('5')
    await ground.report('a', '2')
    expect(await ground.figures()).toEqual({ spent: '5', held: '0', leased: '' })
  })

  it('is free as soon as it is released, once', async () => {
    await ground.makeStrict('10')
    await ask('a', '10')
    await release('a')
    await release('a')
    expect(await ground.figures()).toEqual({ spent: '0', held: '0', leased: '' })
    expect(await ask('b', '10')).toBe('granted')
    expect(
      await releaseHold(ground.postgres, { projectId: 'prj_2', holdId: ground.holdId('b') }, NOON),
    ).toEqual({
      kind: 'unknown',
    })
  })
})

describe('beside holds', () => {
  it('a budget that gets another period goes on holding the calls under way', async () => {
    const budgetId = await ground.makeStrict('10')
    await ask('a', '4')
    const change = { periodRule: { kind: 'day', timeZone: 'UTC' } } as const
    const { orgId, postgres } = ground
    await changeBudget(postgres, { orgId, budgetId, change, by: 'U1', origin: 'api' }, NOON)
    expect((await ground.figures()).held).toBe('0 4')
    expect(await ask('b', '7')).toBe('hold_too_large')
    await ground.report('a', '1')
    expect((await ground.figures()).held).toBe('0 0')
  })

  it('what a counter holds is healed from its holds and leases, and told', async () => {
    const budgetId = await ground.makeStrict('10')
    await ask('a', '4')
    const { postgres } = ground
    await postgres.tables.update(budgetPeriods).set({ held: usd('9') })
    const run = () => holdCheckOf(postgres)
    expect(await run()).toEqual([{ budgetId, held: usd('9'), derived: usd('4') }])
    expect(await run()).toEqual([])
    expect((await ground.figures()).held).toBe('4')
  })

  it('what was settled ahead of its event is told apart, until the event has come', async () => {
    const budgetId = await ground.makeStrict('10')
    await ask('a', '4')
    await settle('a', '3')
    const from = new Date('2026-11-01T00:00:00Z')
    const ahead = () => readSettledAhead(ground.postgres.tables, budgetId, from)
    expect(await ahead()).toEqual(new Map([['', usd('3')]]))
    await ground.report('a', '3')
    expect(await ahead()).toEqual(new Map())
  })

  it('a figure that is wrong refuses nobody: it is put right before it does, and that is told', async () => {
    const budgetId = await ground.makeStrict('10')
    await ground.report('a', '2')
    await ground.postgres.tables.update(budgetPeriods).set({ spent: usd('9') })
    expect(await ask('b', '4')).toBe('granted')
    expect((await ground.figures()).spent).toBe('2')
    const told = await ground.postgres.tables.select().from(outbox)
    expect(told.filter((row) => JSON.stringify(row.notice).includes('figure_corrected'))).toHaveLength(1)
    expect(await ask('c', '9')).toBe('hold_too_large')
    expect(budgetId).toMatch(/^bud_/)
  })

  it('many people, replicas and the ledger leave what adds up, and wait for each other in no circle', async () => {
    const { orgId, postgres, project } = ground
    const wide = await ground.makeStrict('40', { name: 'wide', projectId: null })
    const narrow = await ground.makeStrict('30', { name: 'narrow', each: 'user' })
    const users = ['u1', 'u2', 'u3', null]
    const id = (nth: number, at: number) => `c${nth}-${at}`
    const caller = async (nth: number) => {
      for (let at = 0; at < 12; at++) {
        const calls = [0, 1, 2].map((part) =>
          ground.call(id(nth, at * 3 + part), '0.5', { facts: { userId: users[(nth + part) % 4] ?? null } }),
        )
        await ground.ask(calls, NOON, { ...NO_LEASING, replicaId: `r${nth}`, wishOf: () => usd('1') })
        await settle(id(nth, at * 3), '0.25')
        await release(id(nth, at * 3 + 1))
      }
    }
    const ledger = async () => {
      for (let at = 0; at < 30; at++)
        await ground.report(id(at % 4, at), '0.3', { userId: users[at % 3] ?? null })
    }
    const people = async () => {
      for (let at = 0; at < 6; at++) {
        const change = { limit: usd(String(20 + at)) }
        await changeBudget(postgres, { orgId, budgetId: wide, change, by: 'U1', origin: 'api' }, NOON)
        await stopBudget(postgres, { orgId, budgetId: narrow, by: 'U1' }, NOON)
        await resumeBudget(postgres, { orgId, budgetId: narrow, by: 'U1' }, NOON)
        const stop = { orgId, projectId: project.id, by: 'U1', origin: 'api', reason: 'x' } as const
        await stopWidely(postgres, stop, NOON)
        await liftWideStop(postgres, { orgId, projectId: project.id, by: 'U1', origin: 'api' }, NOON)
      }
    }
    const clock = async () => {
      for (let at = 0; at < 6; at++) {
        await expireHolds(postgres, later(TTL_MS + GRACE_MS))
        await expireLeases(postgres, later(60_000))
      }
    }
    await Promise.all([...[0, 1, 2, 3].map(caller), ledger(), people(), clock()])
    await ground.figures()
  })
})

const holdCheckOf = async (postgres: Postgres) =>
  (await recheckHeld(postgres)).map(({ budgetId, held, derived }) => ({ budgetId, held, derived }))
