/** The law of a start in mid-period, beside replicas that count and archive as fast as they can: each call once. */
import { setTimeout as pause } from 'node:timers/promises'
import { isNull } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Match, Scope } from '../../core/budget/scope.ts'
import { nanoUsd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { MONTHLY_UTC, type RecurringRule } from '../../core/period/period-rule.ts'
import { changeBudget } from '../../db/postgres/budgets.ts'
import { budgetRecounts } from '../../db/postgres/schema.ts'
import {
  type CallGiven,
  layRecountGround,
  NOON,
  type RecountGround,
} from '../../test/budgets/recount-ground.ts'
import { runRecounts } from './run-recounts.ts'

const KOLKATA: RecurringRule = { kind: 'month', timeZone: 'Asia/Kolkata', startsOn: 1 }
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude']
const USERS = ['ann', 'bob', null]
const fields = (given: Match['fields']): Match => ({ fields: given, tags: {} })

let ground: RecountGround
beforeAll(async () => {
  ground = await layRecountGround(() => new Date())
})
afterAll(() => ground.close())

const oneOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]
const aCall = (): CallGiven => ({
  model: oneOf(MODELS) ?? 'claude',
  userId: oneOf(USERS) ?? null,
  ts: oneOf([NOON, new Date('2026-10-31T19:00:00Z'), new Date('2026-10-20T00:00:00Z')]) ?? NOON,
  cost: Math.random() < 0.1 ? null : nanoUsd(BigInt(Math.floor(Math.random() * 10 ** 9))),
})

/** Does it again and again until told to stop. */
function again(work: () => Promise<void>): () => Promise<void> {
  let isRunning = true
  const ended = (async () => {
    while (isRunning) await work()
  })()
  return async () => {
    isRunning = false
    await ended
  }
}

describe('budgets that are made and changed beside busy replicas', () => {
  it('come to every call once, whoever counted or archived it when', async () => {
    const log = pino({ level: 'silent' })
    const journals = ['j1', 'j2', 'j3']
    const counting = journals.map((id) => again(() => ground.count(id, [aCall(), aCall(), aCall()])))
    const archiving = again(async () => {
      await ground.archive()
      await pause(Math.random() * 50)
    })
    const recounting = [runRecounts({ ...ground.deps, log }), runRecounts({ ...ground.deps, log })]
    const made: { budgetId: string; scope: Omit<Scope, 'projectId'>; rule: RecurringRule }[] = []
    const wanted = [
      { match: fields({ model: ['gpt*'] }), each: null, rule: MONTHLY_UTC },
      { match: fields({ user: ['*'] }), each: null, rule: KOLKATA },
      { match: fields({}), each: 'user', rule: MONTHLY_UTC },
      { match: fields({ model: ['claude'] }), each: 'user', rule: KOLKATA },
      { match: fields({}), each: null, rule: MONTHLY_UTC },
    ] as const
    for (let round = 0; round < 10; round++) {
      const { match, each, rule } = wanted[round % wanted.length] ?? wanted[0]
      const budgetId = await ground.makeBudget({ match, each, periodRule: rule })
      made.push({ budgetId, scope: { match, each }, rule })
      const changed = made[Math.floor(Math.random() * made.length)]
      if (changed !== undefined && Math.random() < 0.7) {
        changed.scope = { ...changed.scope, match: fields({ model: [oneOf(MODELS) ?? '*'] }) }
        const about = { orgId: ground.orgId, budgetId: changed.budgetId, by: 'U1', origin: 'api' } as const
        await changeBudget(ground.postgres, { ...about, change: { match: changed.scope.match } }, NOON)
      }
      await pause(100)
    }
    for (const stop of counting) await stop()
    await archiving()
    await ground.archive()
    const due = () =>
      ground.postgres.tables.select().from(budgetRecounts).where(isNull(budgetRecounts.finishedAt))
    await expect.poll(due, { timeout: 20_000 }).toEqual([])
    for (const { stop } of recounting) await stop()
    for (const { budgetId, scope, rule } of made) {
      const period = periodOf(rule, NOON)
      const found = await ground.counters(budgetId, period.from)
      expect({ scope, found }).toEqual({ scope, found: ground.truth(scope, period) })
    }
    const ended = await ground.postgres.tables.select().from(budgetRecounts)
    expect(ended.filter(({ corrected }) => corrected !== null).length).toBeGreaterThan(5)
  }, 90_000)
})
