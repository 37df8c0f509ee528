import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres } from '../../../db/postgres/open.ts'
import { keepVerdicts } from '../../../ingest/verdicts/keep-verdicts.ts'
import { breakableLink } from '../../stores/breakable-link.ts'
import { type FreshDatabase, freshDatabase } from '../../stores/postgres.ts'
import { until } from '../../waiting.ts'
import { isStopped, nextSign, openVerdictStage, type VerdictStage } from './verdict-stage.ts'

let database: FreshDatabase
let stage: VerdictStage
beforeEach(async () => {
  database = await freshDatabase()
  stage = await openVerdictStage(database.url)
})
afterEach(async () => {
  await stage.close()
  await database.drop()
})

describe('a lost notification', () => {
  it('delays the stop until the next look, 5 s at most', async () => {
    const postgres = openPostgres(database.url)
    const keeper = keepVerdicts({
      // Nothing is ever heard on this line.
      postgres: { tables: postgres.tables, listen: () => new Promise(() => undefined) },
      now: stage.now,
      log: pino({ level: 'silent' }),
    })
    try {
      let allowed: boolean | null = null
      keeper.watch(stage.ground.project.id, ({ verdict }) => {
        allowed = verdict.allowed
      })
      await until('the first verdict', 5_000, () => allowed === true)
      await stage.stop()
      await until('the stop', 5_000, () => allowed === false)
    } finally {
      await keeper.close()
      await postgres.close()
    }
  })

  it('with the connection that waited for it is not missed: everything is read again', async () => {
    const replica = await stage.openReplica({ lookMs: 600_000 })
    const listener = await replica.listen()
    await listener.waitFor(({ allowed }) => allowed)
    const { tables } = stage.ground.postgres
    // The end of all connections and the stop are one statement after the other: most likely nobody hears of it.
    await tables.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ilike '%listen%'`,
    )
    await stage.stop()
    await listener.waitFor(isStopped)
  })
})

describe('a network that is cut between a client and us', () => {
  it('leaves the client with what it has, and gives it what it missed by any other way', async () => {
    const replica = await stage.openReplica()
    const way = await breakableLink(replica.url)
    try {
      const url = way.url.replace(/\/$/, '')
      const listener = await replica.listen({ url })
      await listener.waitFor(({ allowed }) => allowed)
      const [first] = listener.events.filter(({ name }) => name === 'verdict')
      await nextSign(listener)

      way.silence()
      await sleep(300)
      const before = listener.events.length
      await stage.stop()
      await sleep(1_000)
      // Neither a verdict nor a sign of life, so that within 10 s the client knows.
      expect(listener.events.length).toBe(before)
      const elsewhere = await replica.listen({ has: first?.id ?? '' })
      expect(isStopped(await elsewhere.waitFor(() => true))).toBe(true)

      way.speak()
      await listener.waitFor(isStopped)
    } finally {
      await way.close()
    }
  })

  it('that refuses is over with the next try, which repeats nothing', async () => {
    const replica = await stage.openReplica()
    const way = await breakableLink(replica.url)
    try {
      const url = way.url.replace(/\/$/, '')
      const listener = await replica.listen({ url })
      await listener.waitFor(({ allowed }) => allowed)
      const [first] = listener.events.filter(({ name }) => name === 'verdict')
      await way.cut()
      await listener.ended
      await expect(replica.listen({ url })).rejects.toThrow()
      await way.mend()
      const again = await replica.listen({ url, has: first?.id ?? '' })
      const event = await until('an event', 5_000, () => again.events[0] ?? null)
      expect(event).toMatchObject({ name: 'same', id: first?.id })
    } finally {
      await way.close()
    }
  })
})

describe('a clock that is set anew', () => {
  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('%s makes no verdict older or younger than it is', async (_where, offMs) => {
    const replica = await stage.openReplica()
    const listener = await replica.listen()
    await nextSign(listener)
    replica.setClockOff(offMs)
    for (let count = 0; count < 5; count++) {
      expect((await nextSign(listener)).age_ms).toBeLessThan(10_000)
    }
    await stage.stop()
    await listener.waitFor(isStopped)
    await replica.toPostgres.cut()
    replica.grow(10_000)
    replica.setClockOff(-offMs)
    expect((await nextSign(listener)).age_ms).toBeGreaterThanOrEqual(10_000)
  })
})
