import { fork } from 'node:child_process'
import { once } from 'node:events'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { changeBudget } from '../../db/postgres/budgets.ts'
import { expireLeases } from '../../db/postgres/leases.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import { budgetLeases, holds as holdRows } from '../../db/postgres/schema.ts'
import { stopBudget } from '../../db/postgres/stop-budget.ts'
import { askOf } from '../../test/holds/ask-of.ts'
import { type HoldGround, layHoldGround } from '../../test/holds/hold-ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { eventually } from '../../test/waiting.ts'
import { type OpenHolds, openHolds } from './open-holds.ts'

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const now = () => new Date()
const CENT = '0.01'

let database: Awaited<ReturnType<typeof freshDatabase>>
let ground: HoldGround
let closers: (() => Promise<void>)[]
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layHoldGround(database.url, now())
  closers = []
})
afterEach(async () => {
  for (const close of closers.reverse()) await close()
  await ground.postgres.close()
  await database.drop()
})

function replica(): OpenHolds {
  const postgres = openPostgres(database.url, { connectionsMax: 4 })
  const holds = openHolds({ postgres, now, log }, { answerMsMax: 20_000 })
  closers.push(async () => {
    await holds.close()
    await postgres.close()
  })
  return holds
}

const ask = async (holds: OpenHolds, requestId: string, amount = CENT): Promise<string> => {
  const { orgId, project } = ground
  const answer = await holds.ask(askOf({ orgId, projectId: project.id, requestId, amount }))
  return answer.kind === 'refused' ? answer.explanation.reason : answer.kind
}

/** Asks on and on, several at once, until refused; says how many were granted. */
async function askAll(holds: OpenHolds, name: string, atOnce: number, most = Number.POSITIVE_INFINITY) {
  let granted = 0
  let started = 0
  const worker = async () => {
    while (started < most) {
      started += 1
      if ((await ask(holds, `${name}-${started}`)) !== 'granted') return
      granted += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return granted
}

const liveLeases = async () => {
  const rows = await ground.postgres.tables.select().from(budgetLeases)
  return rows.filter(({ endedAt }) => endedAt === null)
}

describe('replicas that grant from leases', () => {
  it('race for the last dollar and give all of it and no more, each call once', async () => {
    await ground.makeStrict('20')
    const replicas = [replica(), replica(), replica()]
    const granted = await Promise.all(replicas.map((holds, nth) => askAll(holds, `r${nth}`, 12)))
    expect(granted.reduce((sum, count) => sum + count, 0)).toBe(2_000)
    expect(await ground.figures()).toEqual({ spent: '0', held: '20', leased: expect.anything() })
    expect((await ground.postgres.tables.select().from(holdRows)).length).toBe(2_000)
  })

  it('hold a call once that is asked of several at the same time', async () => {
    await ground.makeStrict('20')
    const replicas = [replica(), replica()]
    // Warm, so that both have a lease.
    await Promise.all(replicas.map((holds, nth) => askAll(holds, `warm${nth}`, 8, 200)))
    expect((await liveLeases()).length).toBe(2)
    const same = Array.from({ length: 200 }, (_, nth) => `same-${nth}`)
    await Promise.all(replicas.flatMap((holds) => same.map((requestId) => ask(holds, requestId))))
    await Promise.all(same.map((requestId) => ask(replicas[0] ?? replica(), requestId)))
    expect((await ground.postgres.tables.select().from(holdRows)).length).toBe(600)
    await ground.figures()
  })

  it('refuse nobody for what lies idle in the lease of another', async () => {
    await ground.makeStrict('10')
    const [busy, other] = [replica(), replica()]
    await askAll(busy, 'busy', 8, 200)
    const [lease] = await liveLeases()
    expect(lease?.amount).toBeGreaterThan(0n)
    expect(await ask(other, 'large', '8')).toBe('granted')
    expect(await ground.figures()).toMatchObject({ held: '10', leased: '' })
  })

  it('grant nothing by what a budget was before, from the commit of a change on', async () => {
    const budgetId = await ground.makeStrict('10')
    const holds = replica()
    const { orgId, postgres } = ground
    const asking = askAll(holds, 'a', 8)
    await eventually(async () => expect((await liveLeases()).length).toBe(1))
    const change = { limit: usd('1') }
    await changeBudget(postgres, { orgId, budgetId, change, by: 'U1', origin: 'api' }, now())
    const [at] = await postgres.tables.select().from(holdRows).limit(1)
    expect(at).toBeDefined()
    const before = (await postgres.tables.select().from(holdRows)).length
    const granted = await asking
    // Either the limit was not reached yet, and then it is kept to the cent; or nothing was granted any more.
    expect(granted).toBe(Math.max(100, before))
    await ground.figures()
  })

  it('stop at once when a person stops the budget', async () => {
    const budgetId = await ground.makeStrict('1000')
    const holds = replica()
    const { orgId, postgres } = ground
    const asking = askAll(holds, 'a', 8)
    await eventually(async () => expect((await liveLeases()).length).toBe(1))
    await stopBudget(postgres, { orgId, budgetId, by: 'U1' }, now())
    const before = (await postgres.tables.select().from(holdRows)).length
    expect(await asking).toBe(before)
    expect(await liveLeases()).toEqual([])
  })

  it('give back what they do not use, and everything when they end', async () => {
    await ground.makeStrict('10')
    const holds = replica()
    await askAll(holds, 'a', 8, 200)
    expect((await liveLeases()).length).toBe(1)
    await eventually(async () => expect(await liveLeases()).toEqual([]), 5_000)
    expect((await ground.figures()).held).toBe('2')
    await askAll(holds, 'b', 8, 200)
    expect((await liveLeases()).length).toBe(1)
    await holds.close()
    expect(await liveLeases()).toEqual([])
    expect((await ground.figures()).held).toBe('4')
  })

  it('lose no hold that was answered when they are killed, and their leases are free soon after', async () => {
    await ground.makeStrict('100000')
    const { orgId, project, postgres } = ground
    const file = new URL('../../test/holds/granting.test-child.ts', import.meta.url)
    const child = fork(file, [database.url, orgId, project.id, 'k', CENT, '16'], {
      execArgv: ['--import', 'tsx'],
    })
    const heard = new Set<string>()
    child.on('message', (message: { granted?: string }) => {
      if (message.granted !== undefined) heard.add(message.granted)
    })
    await eventually(async () => {
      expect(heard.size).toBeGreaterThan(300)
      expect((await liveLeases()).length).toBe(1)
    }, 20_000)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const rows = await postgres.tables.select().from(holdRows).where(eq(holdRows.state, 'live'))
    const kept = new Set(rows.map(({ id }) => id))
    expect([...heard].filter((id) => !kept.has(id))).toEqual([])
    await ground.figures()
    expect((await liveLeases()).length).toBe(1)
    expect(await expireLeases(postgres, new Date(Date.now() + 10_000))).toBe(1)
    expect((await ground.figures()).held).toBe(String(Number(CENT) * kept.size))
  })
})
