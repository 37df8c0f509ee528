/** Would last month have tripped? Answered from real rows, and held against a walk over the calls themselves. */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_LADDER, type Ladder } from '../../../core/budget/ladder.ts'
import { counterOf, MATCH_ALL, type Scope } from '../../../core/budget/scope.ts'
import { callFactsOf } from '../../../core/event/call-facts.ts'
import type { ArchivedEvent } from '../../../core/event/usage-event.ts'
import { nanoUsd, usd } from '../../../core/money.ts'
import { MONTHLY_UTC } from '../../../core/period/period-rule.ts'
import { aPricedEvent } from '../../../test/events/priced-event.ts'
import { seedEvents } from '../../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from '../open.ts'
import { type PreviewQuestion, previewStop } from './preview-stop.ts'

const NOW = new Date('2026-11-10T12:00:00Z')
const day = (of: number, minute = 0) => new Date(Date.UTC(2026, 9, of, 12, minute))

let fresh: FreshClickHouse
let clickhouse: ClickHouse
beforeAll(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
})
afterAll(async () => {
  await clickhouse.close()
  await fresh.drop()
})
beforeEach(() => clickhouse.command({ query: 'TRUNCATE TABLE events' }))

let calls = 0
const aCall = (given: Partial<ArchivedEvent>): ArchivedEvent => {
  calls += 1
  return { ...aPricedEvent({ requestId: `r${calls}` }), journalId: 'j', journalOffset: calls, ...given }
}
const scope = (each: Scope['each'] = null): Scope => ({ projectId: 'prj_1', match: MATCH_ALL, each })
const ask = (given: Partial<PreviewQuestion>, topMax = 10) =>
  previewStop(
    clickhouse,
    {
      ...{
        orgId: 'org_1',
        scope: scope(),
        limit: usd('10'),
        ladder: DEFAULT_LADDER,
        periodRule: MONTHLY_UTC,
      },
      ...given,
    },
    NOW,
    topMax,
  )

describe('the preview of a stop', () => {
  it('says when it would have tripped, and which routes, users and keys it would have stopped after', async () => {
    await seedEvents(clickhouse, [
      aCall({ ts: new Date('2026-09-30T23:59:59Z'), cost: usd('100') }),
      aCall({ ts: day(1), cost: usd('6'), route: 'chat' }),
      aCall({ ts: day(9), cost: usd('5'), route: 'chat' }),
      aCall({ ts: day(9), cost: null, route: 'chat' }),
      aCall({ ts: day(10), cost: usd('2'), route: 'chat', userId: 'ann' }),
      aCall({ ts: day(11), cost: usd('3'), route: null, userId: 'bob', apiKeyId: 'key_2' }),
      aCall({ ts: day(12), cost: usd('1'), route: 'chat', userId: 'bob' }),
      aCall({ ts: day(12), cost: usd('50'), projectId: 'prj_2' }),
      aCall({ ts: new Date('2026-11-01T00:00:00Z'), cost: usd('100') }),
    ])
    const preview = await ask({})
    expect(preview).toMatchObject({
      period: { from: new Date('2026-10-01T00:00:00Z'), until: new Date('2026-11-01T00:00:00Z') },
      was: { spent: usd('17'), events: 6, unpricedEvents: 1 },
      wouldTrip: true,
      courses: [{ counter: '', trips: [{ at: day(9, 1), spent: usd('11') }], spent: usd('11') }],
      countersReaching: 1,
      stopped: { cost: usd('6'), calls: 3 },
    })
    expect(preview.stopped.routes).toEqual([
      { value: 'chat', cost: usd('3'), calls: 2 },
      { value: null, cost: usd('3'), calls: 1 },
    ])
    expect(preview.stopped.users).toEqual([
      { value: 'bob', cost: usd('4'), calls: 2 },
      { value: 'ann', cost: usd('2'), calls: 1 },
    ])
    expect(preview.stopped.keys).toHaveLength(2)
    expect((await ask({}, 1)).stopped.keys).toEqual([{ value: 'key_1', cost: usd('3'), calls: 2 }])
  })

  it('of a limit that was not reached, or of a budget that stops nothing, stops nobody', async () => {
    await seedEvents(clickhouse, [aCall({ ts: day(1), cost: usd('9') })])
    expect(await ask({})).toMatchObject({ wouldTrip: false, courses: [], stopped: { calls: 0 } })
    const downgrade: Ladder = [{ percent: 50, action: { kind: 'downgrade', from: 'a', to: 'b' } }]
    expect(await ask({ ladder: downgrade })).toMatchObject({
      wouldTrip: false,
      courses: [{ trips: [{ rung: downgrade[0] }] }],
      stopped: { calls: 0 },
    })
  })

  it('names the counters of each user that would have been stopped, and stops no other', async () => {
    await seedEvents(clickhouse, [
      ...[1, 2, 3].map((of) => aCall({ ts: day(of), cost: usd('6'), userId: 'ann' })),
      ...[1, 2, 3].map((of) => aCall({ ts: day(of), cost: usd('1'), userId: 'bob' })),
      ...[4, 5].map((of) => aCall({ ts: day(of), cost: usd('11'), userId: null })),
    ])
    const preview = await ask({ scope: scope('user') })
    expect(preview.courses.map(({ counter, trips }) => [counter, trips[0]?.at])).toEqual([
      ['user:', day(4, 1)],
      ['user:ann', day(2, 1)],
    ])
    expect(preview.stopped.users.map(({ value, cost }) => [value, cost])).toEqual([
      [null, usd('11')],
      ['ann', usd('6')],
    ])
  })

  it('refuses exactly the calls that come after their counter’s stop, in environments that it stops', async () => {
    const rows = fc.array(
      fc.record({
        ts: fc.nat({ max: 600 }).map((minute) => day(1, minute)),
        userId: fc.constantFrom('ann', 'bob', 'cyd', null),
        environment: fc.constantFrom('dev', 'production'),
        cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 9n }).map(nanoUsd)),
      }),
      { minLength: 5, maxLength: 60 },
    )
    const ladder: Ladder = [
      { percent: 50, action: { kind: 'stop', environments: ['dev'] } },
      { percent: 100, action: { kind: 'stop', environments: null } },
    ]
    let refusals = 0
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(null, 'user' as const), async (facts, each) => {
        await clickhouse.command({ query: 'TRUNCATE TABLE events' })
        const events = facts.map(aCall)
        await seedEvents(clickhouse, events)
        const limit = usd('3')
        const { stopped, courses, grainMs } = await ask({ scope: scope(each), limit, ladder })
        const refused = refusedOf(events, { each, limit, ladder, grainMs })
        refusals += refused.length
        expect(stopped.calls).toBe(refused.length)
        expect(stopped.cost).toBe(refused.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n))
        expect(courses.length).toBeGreaterThanOrEqual(
          new Set(refused.map(({ userId }) => each && userId)).size,
        )
      }),
      { numRuns: 25, endOnFailure: true },
    )
    expect(refusals).toBeGreaterThan(50)
  }, 60_000)
})

/** Call by call: refused when what its counter had let pass by the end of an earlier bucket reached a stop. */
function refusedOf(
  events: readonly ArchivedEvent[],
  rules: {
    readonly each: Scope['each']
    readonly limit: bigint
    readonly ladder: Ladder
    readonly grainMs: number
  },
): ArchivedEvent[] {
  const passed: ArchivedEvent[] = []
  const refused: ArchivedEvent[] = []
  const bucketOf = ({ ts }: ArchivedEvent) => Math.floor(ts.getTime() / rules.grainMs)
  const nameOf = (event: ArchivedEvent) => counterOf(scope(rules.each), callFactsOf(event))
  for (const event of events.toSorted((a, b) => a.ts.getTime() - b.ts.getTime())) {
    const before = passed.filter(
      (other) => nameOf(other) === nameOf(event) && bucketOf(other) < bucketOf(event),
    )
    const spent = before.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n)
    const isRefused = rules.ladder.some(
      ({ percent, action }) =>
        action.kind === 'stop' &&
        spent * 100n >= rules.limit * BigInt(percent) &&
        (action.environments === null || action.environments.includes(event.environment)),
    )
    if (isRefused) refused.push(event)
    else passed.push(event)
  }
  return refused
}
