/** The loop that recounts: prompt, one process at a time, and it outlives what fails. */
import { isNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { monthOf } from '../../core/period.ts'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import { dueRecounts, whileRecounting } from '../../db/postgres/recount-queue.ts'
import { budgetRecounts } from '../../db/postgres/schema.ts'
import { layRecountGround, NOON, type RecountGround } from '../../test/budgets/recount-ground.ts'
import { recountNext } from './recount-next.ts'
import { type RecountLog, runRecounts } from './run-recounts.ts'

const GPT = { fields: { model: ['gpt-4o'] }, tags: {} }

let ground: RecountGround
/** By the clock, unless a test says what time it is. */
let at: Date | null
const now = () => at ?? new Date()
let said: string[]
let log: RecountLog
beforeEach(async () => {
  at = null
  ground = await layRecountGround(now)
  said = []
  const say = (_facts: object, sentence: string) => {
    said.push(sentence)
  }
  log = { info: say, warn: say, error: say }
})
afterEach(() => ground.close())

const unfinished = () =>
  ground.postgres.tables.select().from(budgetRecounts).where(isNull(budgetRecounts.finishedAt))

describe('the loop that recounts', () => {
  it('tries again what fails, says why, and finishes once it works', async () => {
    await ground.count('j1', [{ cost: usd('3') }])
    const budgetId = await ground.makeBudget({ match: GPT }, now())
    await ground.archive()
    let isDown = true
    const clickhouse: ClickHouse = Object.create(ground.clickhouse)
    clickhouse.query = (params) =>
      isDown ? Promise.reject(new Error('no such server')) : ground.clickhouse.query(params)
    const running = runRecounts({ ...ground.deps, clickhouse, log })
    await expect.poll(unfinished, { timeout: 10_000 }).toMatchObject([{ lastError: 'no such server' }])
    isDown = false
    await expect.poll(unfinished, { timeout: 10_000 }).toEqual([])
    await running.stop()
    expect(said).toContain('a recount failed; it is tried again')
    expect(await ground.counters(budgetId, monthOf(NOON).from)).toMatchObject({ '': { spent: usd('3') } })
  })

  it('waits for the archive and finishes soon after it', async () => {
    await ground.count('j1', [{ cost: usd('3') }])
    await ground.makeBudget({ match: GPT }, now())
    const running = runRecounts({ ...ground.deps, log })
    await expect.poll(unfinished, { timeout: 10_000 }).toHaveLength(1)
    await ground.archive()
    await expect.poll(unfinished, { timeout: 10_000 }).toEqual([])
    await running.stop()
    expect(said).toEqual([])
  })

  it('leaves to another process what that does', async () => {
    await ground.count('j1', [{ cost: usd('3') }])
    await ground.makeBudget({ match: GPT }, now())
    await ground.archive()
    const [due] = await dueRecounts(ground.postgres.tables)
    if (due === undefined) throw new Error('no recount')
    await whileRecounting(ground.postgres, due.id, async () => {
      expect(await recountNext(ground.deps, due)).toEqual({ kind: 'not_its_turn' })
    })
    expect(await recountNext(ground.deps, due)).toMatchObject({ kind: 'finished' })
  })

  it('finishes one check of a budget before it begins the next', async () => {
    at = NOON
    const budgetId = await ground.makeBudget({ match: GPT, limit: usd('10') })
    await ground.count('j1', [{ cost: usd('8') }])
    const [first] = await dueRecounts(ground.postgres.tables)
    expect(await ground.recount()).toMatchObject([{ kind: 'waits' }])
    await ground.count('j1', [{ cost: usd('3') }])
    const due = await dueRecounts(ground.postgres.tables)
    const second = due.find(({ id }) => id !== first?.id)
    expect(second && (await recountNext(ground.deps, second))).toEqual({ kind: 'not_its_turn' })
    await ground.archive()
    const running = runRecounts({ ...ground.deps, log })
    await expect.poll(unfinished, { timeout: 10_000 }).toEqual([])
    await running.stop()
    expect(await ground.counters(budgetId, monthOf(NOON).from)).toMatchObject({ '': { spent: usd('11') } })
  })
})
