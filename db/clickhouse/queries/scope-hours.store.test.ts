/** The law of a budget's hours: each is the sum of the calls that its scope covers, whichever hours are rolled up. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Scope } from '../../../core/budget/scope.ts'
import { covers } from '../../../core/budget/scope.ts'
import { nanoUsd, sumUsd } from '../../../core/money.ts'
import { aPricedEvent } from '../../../test/events/priced-event.ts'
import { seedEvents } from '../../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from '../open.ts'
import { rollUpHour } from '../rollup.ts'
import { scopeHours } from './scope-hours.ts'

const HOUR_MS = 3_600_000
const first = new Date('2026-11-10T20:00:00Z')
const hour = (index: number) => new Date(first.getTime() + index * HOUR_MS)
const models = ['gpt-4o', 'gpt-4o-2024-08-06', 'o3']
const events = Array.from({ length: 60 }, (_, index) => ({
  ...aPricedEvent({
    requestId: `r${index}`,
    projectId: `prj_${(index % 2) + 1}`,
    ts: new Date(first.getTime() + (index % 4) * HOUR_MS + index * 50_000),
    model: models[index % models.length] ?? '',
    route: index % 4 === 0 ? null : `/r${index % 3}`,
    userId: index % 5 === 0 ? null : `u${index % 5}`,
    tags: index % 2 === 0 ? {} : { team: `t${index % 3}` },
    cost: index % 7 === 0 ? null : nanoUsd(BigInt(index) ** 4n + 1n),
  }),
  ...{ journalId: 'j1', journalOffset: index },
}))

let fresh: FreshClickHouse
let clickhouse: ClickHouse
beforeAll(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
  await seedEvents(clickhouse, events)
})
afterAll(async () => {
  await clickhouse.close()
  await fresh.drop()
})

const scopes: readonly Scope[] = [
  { projectId: null, match: { fields: {}, tags: {} }, each: null },
  { projectId: 'prj_1', match: { fields: {}, tags: {} }, each: null },
  { projectId: null, match: { fields: { model: ['gpt-4o'] }, tags: {} }, each: null },
  { projectId: 'prj_2', match: { fields: { route: ['/r*'] }, tags: {} }, each: null },
  { projectId: null, match: { fields: { user: ['u1', 'u2'] }, tags: {} }, each: null },
  { projectId: null, match: { fields: { user: ['u1'], model: ['o3'] }, tags: {} }, each: null },
  { projectId: null, match: { fields: {}, tags: { team: ['t1'] } }, each: null },
]
/** From the middle of an hour to the middle of another. */
const span = {
  from: new Date(first.getTime() + HOUR_MS / 3),
  until: new Date(first.getTime() + 4.6 * HOUR_MS),
}

function expectedOf(scope: Scope) {
  const covered = events.filter(
    ({ ts, ...event }) => ts >= span.from && ts < span.until && covers(scope, event),
  )
  const hours = new Map<number, (typeof covered)[number][]>()
  for (const event of covered) {
    const at = Math.floor(event.ts.getTime() / HOUR_MS) * HOUR_MS
    hours.set(at, [...(hours.get(at) ?? []), event])
  }
  return [...hours]
    .map(([at, those]) => ({
      from: new Date(at),
      spent: sumUsd(those.map(({ cost }) => cost ?? nanoUsd(0n))),
    }))
    .filter(({ spent }) => spent !== 0n)
    .sort((a, b) => a.from.getTime() - b.from.getTime())
}

it.each([0, 2, 5])('are the sums of the calls covered, with %i hours rolled up', async (rolled) => {
  for (let index = 0; index < rolled; index += 1) await rollUpHour(clickhouse, hour(index), hour(9))
  for (const scope of scopes)
    expect(await scopeHours(clickhouse, { orgId: 'org_1', scope, ...span })).toEqual(expectedOf(scope))
})
