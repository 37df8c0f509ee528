import { sql } from 'drizzle-orm'
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
import { claimNotices, markDelivered } from './notices.ts'
import { COUNTING_IDLE_MS, openPostgres, type Postgres } from './open.ts'
import { expireOverrides, grantOverride } from './overrides.ts'
import { shareScopes } from './project-locks.ts'
import { alerts, budgetPeriods } from './schema.ts'
import { resumeBudget, stopBudget } from './stop-budget.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const NEXT_MONTH = new Date('2026-12-01T00:00:00Z')

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

const set = (limit: string, at = NOON) =>
  setMonthlyBudget(
    ground.postgres,
    {
      orgId: ground.orgId,
      projectId: ground.project.id,
      limit: usd(limit),
      slack: null,
      by: 'U1',
      origin: 'slack',
    },
    at,
  )

/** A replica that counts one event of $0.01 after the other, as fast as it can, until told to stop. */
function replica(journalId: string, ts: (nth: number) => Date = () => NOON) {
  const postgres = openPostgres(database.url, { connectionsMax: 1 })
  let running = true
  const ended = (async () => {
    let offset = 0
    for (; running; offset++) {
      const event = aPricedEvent({
        orgId: ground.orgId,
        projectId: ground.project.id,
        requestId: `${journalId}-${offset}`,
        ts: ts(offset),
        cost: usd('0.01'),
      })
      const batch = {
        journalId,
        fromOffset: offset,
        nextOffset: offset + 1,
        events: [{ offset, ...candidateOf(event) }],
      }
      await countBatch(postgres, batch, NOON)
    }
    return offset
  })()
  return {
    stop: async () => {
      running = false
      const counted = await ended
      await postgres.close()
      return counted
    },
  }
}

describe('people and jobs beside busy replicas', () => {
  it('lose no event, wait in no circle and announce no threshold twice, also over a turn of the month', async () => {
    const made = await set('1')
    const budgetId = made.kind === 'set' ? made.budgetId : ''
    const both = (nth: number) => (nth % 2 === 0 ? NOON : NEXT_MONTH)
    const replicas = ['j1', 'j2', 'j3', 'j4'].map((id) => replica(id, both))
    const { orgId } = ground
    const who = { orgId, budgetId, by: 'U1' }
    const granting = { orgId, budgetId, amount: usd('1'), windowS: 900, reason: 'x', grantedBy: 'U1' }
    for (let round = 1; round <= 12; round++) {
      await Promise.all([
        set(`${round % 3}.5`),
        grantOverride(ground.postgres, granting, NOON),
        expireOverrides(ground.postgres, new Date(NOON.getTime() + 1_000_000)),
        stopBudget(ground.postgres, who, NOON),
        openCurrentPeriods(ground.postgres, NEXT_MONTH),
      ])
      await resumeBudget(ground.postgres, who, NOON)
    }
    const counted = (await Promise.all(replicas.map(({ stop }) => stop()))).reduce((sum, n) => sum + n, 0)
    const periods = await ground.postgres.tables.select().from(budgetPeriods)
    expect(periods.reduce((sum, row) => sum + row.events, 0)).toBe(counted)
    expect(periods.reduce((sum, row) => sum + row.spent, 0n)).toBe(usd('0.01') * BigInt(counted))
    const [current] = await readBudgets(ground.postgres.tables, ofOrganisation(orgId), NOON)
    const said = await ground.postgres.tables.select().from(alerts)
    const names = said.map((row) => `${row.from.toISOString()}/${row.limitRevision}/${row.percent}`)
    expect(new Set(names).size).toBe(names.length)
    expect(current?.current.spent).toBeGreaterThan(0n)
  }, 60_000)

  it('wait no longer for a stop than its turn, however many replicas count that project', async () => {
    const made = await set('1000')
    const budgetId = made.kind === 'set' ? made.budgetId : ''
    const replicas = Array.from({ length: 8 }, (_, index) => replica(`j${index}`))
    const who = { orgId: ground.orgId, budgetId, by: 'U1' }
    const tookMs: number[] = []
    for (let press = 0; press < 5; press++) {
      const began = performance.now()
      await stopBudget(ground.postgres, who, NOON)
      await resumeBudget(ground.postgres, who, NOON)
      tookMs.push(performance.now() - began)
    }
    await Promise.all(replicas.map(({ stop }) => stop()))
    expect(Math.max(...tookMs)).toBeLessThan(10_000)
  }, 60_000)
})

describe('a replica that is gone without a word', () => {
  it('keeps its locks for a minute and a half at most', async () => {
    const [row] = await ground.postgres.tables.execute<{ idle: string }>(
      sql`select current_setting('idle_in_transaction_session_timeout') as idle`,
    )
    expect(row?.idle).toBe('90s')
  })

  it('in the middle of counting gives way to a person by itself, and does its work again', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    const counting = openPostgres(database.url, { idleInTransactionMs: COUNTING_IDLE_MS })
    let isStopped = false
    let begin: () => void = () => undefined
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const stuck = counting.tables.transaction(async (tx) => {
      await shareScopes(tx, [ground.project.id, ground.orgId])
      begin()
      while (!isStopped) await new Promise((resolve) => setTimeout(resolve, 50))
      await tx.execute(sql`select 1`)
    })
    const failure = stuck.then(
      () => null,
      (error: unknown) => error,
    )
    await begun
    const stop = { orgId: ground.orgId, budgetId, by: 'U1' }
    expect(await stopBudget(ground.postgres, stop, NOON)).toBe('done')
    isStopped = true
    expect(await failure).toBeInstanceOf(Error)
    await counting.tables.transaction((tx) => shareScopes(tx, [ground.project.id]))
    await counting.close()
  })
})

describe('two replicas that tell Slack', () => {
  it('never tell the second thing of a budget while the first is being told, and go on in order', async () => {
    await set('1')
    await ground.spend([usd('0.6')], NOON)
    const replicas = [openPostgres(database.url), openPostgres(database.url)] as const
    const told: string[] = []
    const tellNext = (postgres: Postgres) =>
      postgres.tables.transaction(async (tx) => {
        const [pending] = await claimNotices(tx, NOON, 1)
        if (!pending) return null
        told.push(pending.notice.kind)
        // Slack is slow; meanwhile the other replica looks too.
        const seenByOther = await claimNotices(ground.postgres.tables, NOON, 5)
        expect(seenByOther).toEqual([])
        await markDelivered(tx, pending.id, NOON)
        return pending.notice.kind
      })
    while ((await Promise.all(replicas.map(tellNext))).some((kind) => kind !== null));
    expect(told).toEqual(['budget_set', 'crossed'])
    await Promise.all(replicas.map((postgres) => postgres.close()))
  })
})
