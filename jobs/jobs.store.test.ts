import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseKeyring } from '../core/envelope.ts'
import { identityOf } from '../core/event/identity.ts'
import { usd } from '../core/money.ts'
import { type ClickHouse, openClickHouse } from '../db/clickhouse/open.ts'
import { totals } from '../db/clickhouse/queries/spend.ts'
import { openPostgres, type Postgres } from '../db/postgres/open.ts'
import { admissions, callClaims, jobSlots, webhookDeliveries } from '../db/postgres/schema.ts'
import { stopBudget } from '../db/postgres/stop-budget.ts'
import { addWebhook } from '../db/postgres/webhooks.ts'
import { aPricedEvent } from '../test/events/priced-event.ts'
import { seedEvents } from '../test/events/seed-events.ts'
import { freshClickHouse } from '../test/stores/clickhouse.ts'
import { layGround } from '../test/stores/ground.ts'
import { freshDatabase } from '../test/stores/postgres.ts'
import type { Job, JobDeps } from './job.ts'
import { purge } from './purge.ts'
import { runSlot } from './run-slot.ts'
import { spendRollup } from './spend-rollup.ts'

const SLOT = new Date('2026-11-10T11:00:00Z')
const NOW = new Date('2026-11-10T12:05:00Z')

let database: Awaited<ReturnType<typeof freshDatabase>>
let analytics: Awaited<ReturnType<typeof freshClickHouse>>
let postgres: Postgres
let clickhouse: ClickHouse
let deps: JobDeps
beforeEach(async () => {
  database = await freshDatabase()
  analytics = await freshClickHouse()
  postgres = openPostgres(database.url)
  clickhouse = openClickHouse(analytics.url)
  deps = { postgres, clickhouse, now: () => NOW }
})
afterEach(async () => {
  await clickhouse.close()
  await postgres.close()
  await analytics.drop()
  await database.drop()
})

const counting = (work: () => Promise<string>): Job => ({
  name: 'test-job',
  schedule: '* * * * *',
  slotMs: 3_600_000,
  catchUpMs: 0,
  run: work,
})

describe('a slot', () => {
  it('is run by one of many replicas that race for it, once', async () => {
    let runs = 0
    const job = counting(async () => `run ${++runs}`)
    const racers = Array.from({ length: 10 }, (_, index) =>
      runSlot(job, SLOT, { by: `replica-${index}`, again: false }, deps),
    )
    const outcomes = await Promise.all(racers)
    expect(outcomes.filter((outcome) => outcome.kind === 'ran')).toHaveLength(1)
    expect(runs).toBe(1)
    expect(await runSlot(job, SLOT, { by: 'late', again: false }, deps)).toEqual({ kind: 'taken' })
  })

  it('that failed is open to the next try, and keeps why it failed', async () => {
    const broken = counting(() => Promise.reject(new Error('the store is away')))
    expect((await runSlot(broken, SLOT, { by: 'a', again: false }, deps)).kind).toBe('failed')
    const [row] = await postgres.tables.select().from(jobSlots)
    expect(row).toMatchObject({ error: 'the store is away', finishedAt: null })
    const mended = counting(async () => 'done')
    expect(await runSlot(mended, SLOT, { by: 'b', again: false }, deps)).toEqual({
      kind: 'ran',
      summary: 'done',
    })
  })

  it('of a run that died is taken over once its claim is stale, and not before', async () => {
    const hanging = counting(() => new Promise(() => undefined))
    void runSlot(hanging, SLOT, { by: 'dead', again: false }, deps)
    await expect.poll(async () => (await postgres.tables.select().from(jobSlots)).length).toBe(1)
    const job = counting(async () => 'done')
    const at = (minutes: number) => ({ ...deps, now: () => new Date(NOW.getTime() + minutes * 60_000) })
    expect((await runSlot(job, SLOT, { by: 'b', again: false }, at(9))).kind).toBe('taken')
    expect((await runSlot(job, SLOT, { by: 'b', again: false }, at(11))).kind).toBe('ran')
  })

  it('that is finished runs again when a person asks for it', async () => {
    const job = counting(async () => 'done')
    await runSlot(job, SLOT, { by: 'a', again: false }, deps)
    expect((await runSlot(job, SLOT, { by: 'a person', again: true }, deps)).kind).toBe('ran')
  })
})

describe('the hourly rollup', () => {
  it('run once, twice or after late events changes no total', async () => {
    const insert = async (requestId: string, ts: Date) => {
      const event = {
        ...aPricedEvent({ requestId, ts, cost: usd('0.25') }),
        journalId: 'j',
        journalOffset: 1,
      }
      await seedEvents(clickhouse, [event], requestId)
    }
    const spent = async () => {
      const from = new Date('2026-11-10T00:00:00Z')
      return (await totals(clickhouse, { orgId: 'org_1', projectIds: null, from, until: NOW })).cost
    }
    await insert('r1', new Date('2026-11-10T11:30:00Z'))
    await insert('r2', new Date('2026-11-10T09:30:00Z'))
    expect(await spent()).toBe(usd('0.5'))
    expect(await runSlot(spendRollup, SLOT, { by: 'a', again: false }, deps)).toEqual({
      kind: 'ran',
      summary: '2 hours rolled up',
    })
    expect(await spent()).toBe(usd('0.5'))
    await runSlot(spendRollup, SLOT, { by: 'a', again: true }, deps)
    expect(await spent()).toBe(usd('0.5'))
    await insert('r3', new Date('2026-11-10T11:59:59Z'))
    expect(await spent()).toBe(usd('0.75'))
    await runSlot(spendRollup, SLOT, { by: 'a', again: true }, deps)
    expect(await spent()).toBe(usd('0.75'))
  })
})

describe('the purge', () => {
  it('forgets an admission only when ingest would reject a repeat of its event, and a claim likewise', async () => {
    const admit = async (name: string, admittedAt: Date) => {
      const identity = identityOf({ projectId: 'prj_1', requestId: name, attempt: 1 })
      await postgres.tables.insert(admissions).values({ identity, ts: admittedAt, cost: null, admittedAt })
      await postgres.tables
        .insert(callClaims)
        .values({ claim: identity, source: 'sdk', claimedAt: admittedAt })
      return [name, identity] as const
    }
    const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
    const names = new Map(
      [
        await admit('within the horizon', daysAgo(6.9)),
        await admit('waiting in a journal', daysAgo(13)),
        await admit('outlived', daysAgo(15)),
      ].map(([name, identity]) => [identity, name]),
    )
    await runSlot(purge, SLOT, { by: 'a', again: false }, deps)
    const left = await postgres.tables.select({ id: admissions.identity }).from(admissions)
    const claimed = await postgres.tables.select({ id: callClaims.claim }).from(callClaims)
    for (const rows of [left, claimed]) {
      const kept = rows.map(({ id }) => names.get(id.replaceAll('-', '')))
      expect(kept.sort()).toEqual(['waiting in a journal', 'within the horizon'])
    }
  })

  it('forgets a delivery of a webhook 30 days after its last attempt, and none that may still be tried', async () => {
    const { postgres } = deps
    const ground = await layGround(database.url, NOW)
    const keyring = parseKeyring(`k1:${Buffer.alloc(32).toString('base64')}`)
    const endpoint = { url: 'https://hooks.example.com/', events: null }
    const wanted = { orgId: ground.orgId, endpoint, by: 'ada', origin: 'cli' } as const
    await addWebhook(postgres, wanted, keyring, NOW)
    const budgetId = await ground.setBudget('10', NOW)
    await stopBudget(postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOW)
    await ground.postgres.close()
    const [one] = await postgres.tables.select().from(webhookDeliveries)
    if (!one) throw new Error('nothing was queued')
    const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
    await postgres.tables.insert(webhookDeliveries).values([
      { ...one, id: 'msg_old', createdAt: daysAgo(31) },
      { ...one, id: 'msg_replayed', createdAt: daysAgo(31), lastAttemptAt: daysAgo(29) },
      { ...one, id: 'msg_seen', createdAt: daysAgo(29) },
    ])
    await runSlot(purge, SLOT, { by: 'a', again: false }, deps)
    const left = await postgres.tables.select({ id: webhookDeliveries.id }).from(webhookDeliveries)
    expect(left.map(({ id }) => id).sort()).toEqual([one.id, 'msg_replayed', 'msg_seen'].sort())
  })
})
