/** The law of the rollups: whichever hours are rolled up, every answer is the same, and the right one. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callsOf, unpricedCallsOf } from '../../core/event/adjustment.ts'
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { nanoUsd } from '../../core/money.ts'
import { arbitraryArchivedEvent, arbitraryRow } from '../../test/events/archived-event.ts'
import { seedEvents } from '../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from './open.ts'
import { latencyBy, latencyCourse, latencyPercentiles } from './queries/latency.ts'
import type { SpendScope } from './queries/scope.ts'
import { spendBy, spendOverTime, totals } from './queries/spend.ts'
import { unpricedModels } from './queries/unpriced-models.ts'
import { hoursToRoll, rollUpHour, sweepGenerations } from './rollup.ts'

let fresh: FreshClickHouse
let clickhouse: ClickHouse

beforeEach(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
})
afterEach(async () => {
  await clickhouse.close()
  await fresh.drop()
})

const START = Date.UTC(2026, 9, 31, 22)
const HOUR_MS = 3_600_000
const HOURS = 5
/** The laws ask a hundred questions each, on machines that do other things too. */
const LAW_TIMEOUT_MS = 90_000
/** A failure is told at once: making it smaller would outlast the test. */
const slowLaw = { endOnFailure: true }
const hourAt = (index: number) => new Date(START + index * HOUR_MS)
const rolledAt = hourAt(HOURS + 1)
const everything: SpendScope = { orgId: 'org_a', projectIds: null, from: hourAt(0), until: hourAt(HOURS) }

const oneOf = fc.constantFrom
/** Few values in each dimension, so that groups collide; hours on both sides of a day and of a month. */
const spendOf = (row: fc.Arbitrary<ArchivedEvent>): fc.Arbitrary<ArchivedEvent> =>
  fc
    .tuple(
      row,
      fc.record({
        orgId: oneOf('org_a', 'org_a', 'org_b'),
        projectId: oneOf('prj_1', 'prj_2'),
        ts: fc
          .oneof(
            fc.nat({ max: HOURS * HOUR_MS - 1 }),
            // The first and the last moments of an hour are where ranges go wrong.
            fc
              .tuple(fc.nat({ max: HOURS - 1 }), oneOf(0, 1, HOUR_MS - 999, HOUR_MS - 1))
              .map(([h, ms]) => h * HOUR_MS + ms),
          )
          .map((ms) => new Date(START + ms)),
        model: oneOf('gpt', 'claude', 'gemini', 'other'),
        userId: oneOf(null, '', 'u1', 'u2'),
        route: oneOf(null, '/chat'),
        cost: fc.option(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }).map(nanoUsd)),
        latencyMs: fc.nat({ max: 90_000 }),
      }),
    )
    .map(([event, overlay]) => ({ ...event, ...overlay }))
const spendEvent = spendOf(arbitraryRow)
const spendEvents = fc.array(spendEvent, { minLength: 1, maxLength: 60 })
const someHours = fc.subarray(Array.from({ length: HOURS }, (_, index) => hourAt(index)))
const someOffset = fc.oneof(
  fc.nat({ max: HOURS * HOUR_MS }),
  fc.tuple(fc.nat({ max: HOURS }), oneOf(0, 1)).map(([h, ms]) => h * HOUR_MS + ms),
)
const someScope: fc.Arbitrary<SpendScope> = fc
  .tuple(someOffset, someOffset, oneOf(null, ['prj_1'], []))
  .map(([a, b, projectIds]) => ({
    orgId: 'org_a',
    projectIds,
    from: new Date(START + Math.min(a, b)),
    until: new Date(START + Math.max(a, b)),
  }))

const archive = async (events: readonly ArchivedEvent[]) => await seedEvents(clickhouse, events)
const rollUp = async (hours: readonly Date[]) => {
  for (const hour of hours) await rollUpHour(clickhouse, hour, rolledAt)
}
const empty = async () => {
  for (const table of ['events', 'spend_hourly', 'user_spend_hourly', 'rolled_hours'])
    await clickhouse.command({ query: `TRUNCATE TABLE ${table}` })
}

/** Every question there is, at once. */
const answers = async (scope: SpendScope) => {
  const [total, byModel, byUser, byDay, byHour, latency, latencyByModel, latencyByDay, unpriced] =
    await Promise.all([
      totals(clickhouse, scope),
      spendBy(clickhouse, { ...scope, by: 'model', limit: 2 }),
      spendBy(clickhouse, { ...scope, by: 'user', limit: 10 }),
      spendOverTime(clickhouse, { ...scope, by: 'model', bucket: 'day', topN: 2 }),
      spendOverTime(clickhouse, { ...scope, by: 'route', bucket: 'hour', topN: 5 }),
      latencyPercentiles(clickhouse, scope),
      latencyBy(clickhouse, { ...scope, by: 'model', limit: 10 }),
      latencyCourse(clickhouse, { ...scope, bucket: 'day' }),
      unpricedModels(clickhouse, { ...scope, limit: 10 }),
    ])
  return { total, byModel, byUser, byDay, byHour, latency, latencyByModel, latencyByDay, unpriced }
}

const isIn =
  ({ orgId, projectIds, from, until }: SpendScope) =>
  (event: ArchivedEvent): boolean =>
    event.orgId === orgId &&
    (projectIds === null || projectIds.includes(event.projectId)) &&
    event.ts >= from &&
    event.ts < until

const totalOf = (events: readonly ArchivedEvent[]) => ({
  cost: events.reduce((sum, event) => sum + (event.cost ?? 0n), 0n),
  events: events.reduce((sum, event) => sum + callsOf(event), 0),
  unpricedEvents: events.reduce((sum, event) => sum + unpricedCallsOf(event), 0),
  tokensIn: events.reduce((sum, event) => sum + event.tokens.in, 0),
  tokensOut: events.reduce((sum, event) => sum + event.tokens.out, 0),
  tokensCacheRead: events.reduce((sum, event) => sum + event.tokens.cacheRead, 0),
})

describe('every answer', () => {
  it(
    'is the same whichever hours are rolled up, and exact to the nano-dollar',
    async () => {
      await fc.assert(
        fc.asyncProperty(spendEvents, someHours, someScope, async (events, hours, scope) => {
          await empty()
          await archive(events)
          const raw = await answers(scope)
          expect(raw.total).toEqual(totalOf(events.filter(isIn(scope))))
          expect(raw.latencyByDay.overall).toEqual(raw.latency)
          // By route, which a call may be without.
          for (const by of ['model', 'route'] as const) {
            const { overall, groups } = await latencyBy(clickhouse, { ...scope, by, limit: 100 })
            expect(overall).toEqual(raw.latency)
            expect(groups.reduce((sum, one) => sum + one.calls, 0)).toBe(raw.latency?.calls ?? 0)
            expect(new Set(groups.map(({ value }) => value)).size).toBe(groups.length)
          }
          await rollUp(hours)
          expect(await answers(scope)).toEqual(raw)
        }),
        { ...slowLaw, numRuns: 6 },
      )
    },
    LAW_TIMEOUT_MS,
  )

  it(
    'includes late events at once, before their hour is rolled again and after',
    async () => {
      await fc.assert(
        fc.asyncProperty(spendEvents, spendEvents, someHours, async (events, late, hours) => {
          await empty()
          await archive(events)
          await rollUp(hours)
          await archive(late)
          const expected = totalOf([...events, ...late].filter(isIn(everything)))
          expect(await totals(clickhouse, everything)).toEqual(expected)
          await rollUp(await hoursToRoll(clickhouse, { before: rolledAt }))
          expect(await totals(clickhouse, everything)).toEqual(expected)
          expect(await hoursToRoll(clickhouse, { before: rolledAt })).toEqual([])
        }),
        { ...slowLaw, numRuns: 5 },
      )
    },
    LAW_TIMEOUT_MS,
  )

  it('adds up: the groups and the points of any cut make the total', async () => {
    const events = fc.sample(spendEvent, 100)
    await archive(events)
    await rollUp([hourAt(1), hourAt(2)])
    const { total, byModel, byUser, byHour } = await answers(everything)
    for (const parts of [byModel, byUser, byHour]) {
      expect(parts.reduce((sum, { cost }) => sum + cost, 0n)).toBe(total.cost)
      expect(parts.reduce((sum, { events: count }) => sum + count, 0)).toBe(total.events)
    }
  })
})

describe('rolling up', () => {
  const oneEach = fc
    .sample(spendOf(arbitraryArchivedEvent), HOURS)
    .map((event, index) => ({ ...event, orgId: 'org_a', cost: nanoUsd(1n), ts: hourAt(index) }))

  it('takes an adjustment of a rolled hour in at once, and the hour is due again', async () => {
    const [call] = oneEach
    if (call === undefined) throw new Error('no call')
    const unpriced = { ...call, cost: null, latencyMs: 700, status: 'ok' as const }
    await archive([unpriced])
    await rollUp([hourAt(0)])
    expect(await totals(clickhouse, everything)).toMatchObject({ cost: 0n, events: 1, unpricedEvents: 1 })
    const adjusts = { requestId: call.requestId, unpricedCalls: -1 as const }
    await archive([
      { ...call, requestId: 'reprice:1', cost: nanoUsd(5n), latencyMs: 0, status: 'ok', adjusts },
    ])
    const repriced = { cost: 5n, events: 1, unpricedEvents: 0 }
    for (const hours of [[hourAt(0)], []]) {
      expect(await totals(clickhouse, everything)).toMatchObject(repriced)
      expect(await unpricedModels(clickhouse, { ...everything, limit: 10 })).toEqual([])
      expect(await latencyPercentiles(clickhouse, everything)).toMatchObject({ calls: 1 })
      expect((await latencyPercentiles(clickhouse, everything))?.p50Ms).toBeGreaterThan(690)
      expect(await hoursToRoll(clickhouse, { before: rolledAt })).toEqual(hours)
      await rollUp(hours)
    }
  })

  it('names the hours that have ended and were not rolled', async () => {
    await archive(oneEach)
    expect(await hoursToRoll(clickhouse, { before: new Date(hourAt(3).getTime() - 1) })).toEqual([
      hourAt(0),
      hourAt(1),
    ])
    await rollUp([hourAt(0)])
    expect(await hoursToRoll(clickhouse, { before: hourAt(3) })).toEqual([hourAt(1), hourAt(2)])
  })

  it('changes nothing the second time', async () => {
    await archive(oneEach)
    expect(await rollUpHour(clickhouse, hourAt(2), rolledAt)).toEqual({ events: 1 })
    expect(await rollUpHour(clickhouse, hourAt(2), rolledAt)).toEqual({ events: 0 })
    expect((await totals(clickhouse, everything)).events).toBe(HOURS)
  })

  it('leaves the old answer standing when it dies between writing and switching', async () => {
    await archive(oneEach)
    await rollUp([hourAt(0)])
    await clickhouse.command({
      query: `INSERT INTO spend_hourly SELECT * REPLACE (generateUUIDv4() AS generation, 2 * events AS events)
        FROM spend_hourly`,
    })
    expect((await totals(clickhouse, everything)).events).toBe(HOURS)
    await archive(oneEach)
    await rollUp([hourAt(0)])
    expect((await totals(clickhouse, everything)).events).toBe(2 * HOURS)
  })

  it('keeps the spend of raw events that expired', async () => {
    await archive(oneEach)
    await rollUp(oneEach.map((event) => event.ts))
    const before = await totals(clickhouse, everything)
    await clickhouse.command({
      query: `DELETE FROM events WHERE ts < {ts:DateTime64(3)}`,
      query_params: { ts: hourAt(3) },
    })
    expect(await totals(clickhouse, everything)).toEqual(before)
    await rollUp([hourAt(0)])
    expect(await totals(clickhouse, everything)).toEqual(before)
  })

  it(
    'never shows an event twice or not at all to who reads meanwhile',
    async () => {
      // In one month: a file of two months becomes visible as two parts, one after the other.
      const ofOneMonth = oneEach.filter((event) => event.ts >= new Date('2026-11-01T00:00:00Z'))
      await archive(ofOneMonth)
      let rolling = true
      const roll = async () => {
        for (let round = 0; round < 8; round++) {
          await archive(ofOneMonth)
          await Promise.all(ofOneMonth.map((event) => rollUpHour(clickhouse, event.ts, rolledAt)))
        }
        rolling = false
      }
      const seen: number[] = []
      const read = async () => {
        while (rolling) seen.push((await totals(clickhouse, everything)).events)
      }
      await Promise.all([roll(), read(), read()])
      expect(seen.length).toBeGreaterThan(10)
      expect(seen.filter((events) => events % ofOneMonth.length !== 0)).toEqual([])
    },
    LAW_TIMEOUT_MS,
  )

  it('sweeps away only what nobody reads', async () => {
    await archive(oneEach)
    await rollUp([hourAt(0)])
    await archive(oneEach)
    await rollUp([hourAt(0)])
    const before = await totals(clickhouse, everything)
    const old = `written_at = now() - INTERVAL 2 DAY`
    await clickhouse.command({
      query: `ALTER TABLE spend_hourly UPDATE ${old} WHERE 1 SETTINGS mutations_sync = 1`,
    })
    const generations = async () => {
      const result = await clickhouse.query({
        query: 'SELECT uniqExact(generation) AS generations FROM spend_hourly',
        format: 'JSONEachRow',
      })
      return await result.json()
    }
    await sweepGenerations(clickhouse)
    expect(await generations()).toEqual([{ generations: '2' }])
    await clickhouse.command({
      query:
        'ALTER TABLE rolled_hours UPDATE switched_at = now() - INTERVAL 2 HOUR WHERE 1 SETTINGS mutations_sync = 1',
    })
    await sweepGenerations(clickhouse)
    expect(await generations()).toEqual([{ generations: '1' }])
    expect(await totals(clickhouse, everything)).toEqual(before)
  })
})
