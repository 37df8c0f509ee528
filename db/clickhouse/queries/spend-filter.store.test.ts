/** The law of filters: what they say of a row is what a budget's patterns say of the call, rolled up or not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fits } from '../../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd, sumUsd } from '../../../core/money.ts'
import { aPricedEvent } from '../../../test/events/priced-event.ts'
import { seedEvents } from '../../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from '../open.ts'
import { rollUpHour } from '../rollup.ts'
import type { Cut, SpendFilter } from './scope.ts'
import { spendBy, spendOverTime, totals } from './spend.ts'
import { dearestOf } from './spend-course-of-many.ts'

let fresh: FreshClickHouse
let clickhouse: ClickHouse
const hour = new Date('2026-11-10T22:00:00Z')
const models = ['gpt-4o', 'gpt-4o-mini', 'o_1', 'o11']
const events = Array.from({ length: 48 }, (_, index) => ({
  ...aPricedEvent({
    requestId: `r${index}`,
    ts: new Date(hour.getTime() + (index % 4) * 1_800_000),
    model: models[index % models.length] ?? '',
    route: index % 3 === 0 ? null : `/r${index % 3}`,
    userId: index % 5 === 0 ? null : `u${index % 5}`,
    tags: index % 2 === 0 ? {} : { team: `t${index % 7}` },
    cost: nanoUsd(BigInt(index) ** 5n + 1n),
  }),
  ...{ journalId: 'j1', journalOffset: index },
}))

beforeAll(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
  await seedEvents(clickhouse, events)
})
afterAll(async () => {
  await clickhouse.close()
  await fresh.drop()
})

const scope = {
  ...{ orgId: 'org_1', projectIds: null, from: hour },
  until: new Date(hour.getTime() + 2 * 3_600_000),
}
const filters: readonly SpendFilter[] = [
  { fields: {}, tags: {} },
  { fields: { model: ['gpt-4o*'] }, tags: {} },
  { fields: { model: ['o_1', 'gpt-4o'], route: ['*'] }, tags: {} },
  { fields: { user: ['u1', 'u2'] }, tags: {} },
  { fields: { user: ['u*'], model: ['o_*'] }, tags: {} },
  { fields: { status: ['ok'] }, tags: { team: ['t1', 't3'] } },
]
const cuts: readonly Cut[] = ['model', 'user', 'route', 'project', { tag: 'team' }]

const isMeant = ({ fields, tags }: SpendFilter, event: (typeof events)[number]): boolean => {
  const any = (patterns: readonly string[] | undefined, value: string | null | undefined) =>
    patterns === undefined || (value != null && patterns.some((pattern) => fits(pattern, value)))
  return (
    any(fields.model, event.model) &&
    any(fields.route, event.route) &&
    any(fields.user, event.userId) &&
    any(fields.status, event.status) &&
    Object.entries(tags).every(([name, patterns]) => any(patterns, event.tags[name] ?? null))
  )
}

async function holds(): Promise<void> {
  for (const filter of filters) {
    const meant = events.filter((event) => isMeant(filter, event))
    const cost = sumUsd(meant.map((event) => event.cost as NanoUsd))
    const all = await totals(clickhouse, { ...scope, filter })
    expect({ cost: all.cost, events: all.events }).toEqual({ cost, events: meant.length })
    for (const by of cuts) {
      const groups = await spendBy(clickhouse, { ...scope, filter, by, limit: 2 })
      expect(sumUsd(groups.map((group) => group.cost))).toBe(cost)
      const days = { bucket: 'day', timeZone: 'Europe/Berlin', topN: 2 } as const
      const points = await spendOverTime(clickhouse, { ...scope, filter, by, ...days })
      const asked = await spendBy(clickhouse, { ...scope, filter, by, limit: days.topN + 4 })
      const dearest = dearestOf(asked).slice(0, days.topN)
      expect(await spendOverTime(clickhouse, { ...scope, filter, by, ...days, dearest })).toEqual(points)
      expect(sumUsd(points.map((point) => point.cost))).toBe(cost)
      for (const { at } of points)
        expect(['2026-11-09T23:00:00.000Z', '2026-11-10T23:00:00.000Z']).toContain(at.toISOString())
    }
  }
}

describe('spend of some calls', () => {
  it('is that of the calls whose facts fit, whatever it is cut by, rolled up or not', async () => {
    await holds()
    await rollUpHour(clickhouse, hour, new Date('2026-11-11T00:00:00Z'))
    await holds()
  })
})
