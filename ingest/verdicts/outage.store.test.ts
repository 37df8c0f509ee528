import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import { grantOverride, saveOverridePolicy } from '../../db/postgres/overrides.ts'
import { stopBudget } from '../../db/postgres/stop-budget.ts'
import { type BreakableLink, breakableLink } from '../../test/stores/breakable-link.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { keepVerdicts, type VerdictKeeper } from './keep-verdicts.ts'
import type { VerdictJson } from './verdict-json.ts'

const log = pino({ level: 'silent' })
/** Real time, moved to where a test wants it. */
let movedMs: number
const now = () => new Date(Date.now() + movedMs)
const moveTo = (at: Date) => {
  movedMs = at.getTime() - Date.now()
}

let database: FreshDatabase
let ground: Ground
let link: BreakableLink
let linked: Postgres
let keeper: VerdictKeeper
let heard: VerdictJson[]
beforeEach(async () => {
  moveTo(new Date('2026-11-10T12:00:00Z'))
  database = await freshDatabase()
  ground = await layGround(database.url, now())
  link = await breakableLink(database.url)
  linked = openPostgres(link.url)
  heard = []
})
afterEach(async () => {
  await keeper.close()
  await linked.close()
  await link.close()
  await ground.postgres.close()
  await database.drop()
})

const watch = (lookMs: number) => {
  keeper = keepVerdicts({ postgres: linked, now, log }, { lookMs })
  keeper.watch(ground.project.id, ({ verdict }) => heard.push(verdict))
}
const lastState = () => heard.at(-1)?.budgets[0]?.state ?? null
const within = { timeout: 25_000 }
const limitOf = (limit: string) => ground.setBudget(limit, now())
const stop = (budgetId: string) =>
  stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, now())

describe('while Postgres cannot be reached', () => {
  it('the end of an override still stops, by the clock alone', async () => {
    const budgetId = await limitOf('1')
    await ground.spend([usd('1')], now())
    const { postgres, orgId } = ground
    const policy = { lifters: 'members', windowsS: [2], amountMax: null } as const
    await saveOverridePolicy(postgres, { orgId, policy, by: 'U1' }, now())
    const request = { orgId, budgetId, amount: usd('5'), windowS: 2, reason: 'launch day', grantedBy: 'U1' }
    await grantOverride(postgres, request, now())
    watch(60_000)
    await expect.poll(lastState).toBe('overridden')
    await link.cut()
    await expect.poll(lastState, within).toBe('stopped')
    await expect(keeper.latest(ground.project.id)).resolves.toMatchObject({ verdict: { allowed: false } })
  })

  it('the end of the month still opens, by the clock alone', async () => {
    moveTo(new Date('2026-11-30T23:59:57Z'))
    await limitOf('1')
    await ground.spend([usd('1')], now())
    watch(60_000)
    await expect.poll(lastState).toBe('stopped')
    await link.cut()
    await expect.poll(lastState, within).toBe('open')
    expect(heard.at(-1)?.budgets).toMatchObject([
      { spent_nano_usd: '0', resets_at: '2027-01-01T00:00:00.000Z' },
    ])
  })
})

describe('when Postgres is reached again', () => {
  it('what changed meanwhile is told, without waiting to look', async () => {
    const budgetId = await limitOf('1')
    watch(600_000)
    await expect.poll(lastState).toBe('open')
    await link.cut()
    await stop(budgetId)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(lastState()).toBe('open')
    await link.mend()
    await expect.poll(lastState, within).toBe('stopped')
  }, 60_000)

  it('after a start without it, signals arrive as ever', async () => {
    await link.cut()
    watch(600_000)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(heard).toEqual([])
    await link.mend()
    await expect.poll(() => heard.length, within).toBe(1)
    const budgetId = await limitOf('1')
    await expect.poll(lastState, within).toBe('open')
    await stop(budgetId)
    await expect.poll(lastState, within).toBe('stopped')
  }, 90_000)
})

describe('a lost signal', () => {
  it('delays the news until the next look, and loses nothing', async () => {
    keeper = keepVerdicts(
      // Nothing is ever heard on this line.
      { postgres: { tables: linked.tables, listen: () => new Promise(() => undefined) }, now, log },
      { lookMs: 200 },
    )
    keeper.watch(ground.project.id, ({ verdict }) => heard.push(verdict))
    const budgetId = await limitOf('1')
    await stop(budgetId)
    await expect.poll(lastState, within).toBe('stopped')
  })
})
