/** The law of budgets' sums: ClickHouse covers a call, and names its counter, exactly as core does. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cut, Figures } from '../../../core/budget/recount.ts'
import { counterOf, type Match, type Scope } from '../../../core/budget/scope.ts'
import { callsOf, unpricedCallsOf } from '../../../core/event/adjustment.ts'
import { callFactsOf } from '../../../core/event/call-facts.ts'
import type { ArchivedEvent } from '../../../core/event/usage-event.ts'
import { nanoUsd } from '../../../core/money.ts'
import { aPricedEvent } from '../../../test/events/priced-event.ts'
import { seedEvents } from '../../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from '../open.ts'
import { scopeSums } from './scope-sums.ts'

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

const MIDNIGHT = Date.UTC(2026, 10, 10)
const oneOf = fc.constantFrom
/** All that LIKE, regular expressions, quoting and parameters could take for more than itself. */
const piece = oneOf(
  'a',
  'b',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '.',
  '[a]',
  '\n',
  '\t',
  '🦆',
  '{p0:String}',
  'N',
  '-- ',
  '/',
)
const value = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''))
/** Few enough that patterns fit some of them. */
const values = fc.oneof(
  { weight: 4, arbitrary: oneOf('a', 'ab', 'a_b', 'a%b', 'a\\b', 'ba') },
  { weight: 1, arbitrary: value },
)
const pattern = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf('*', 'a*', '*b', 'a*b', '**a', 'a', 'ab', 'a_b', '_*', '%*', '*\\*', 'a\\b'),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(piece, fc.constant('*')), { minLength: 1, maxLength: 5 })
      .map((all) => all.join('')),
  },
)
/** With what snapshots end in, and what only looks so. */
const models = fc
  .tuple(
    values,
    oneOf('', '', '-latest', '-2024-08-06', '-20240806', '@20240806', '-0613', '-002', '-0613\n', '-²³¹'),
  )
  .map(([name, end]) => `${name}${end}`)
const modelPattern = fc.oneof(
  pattern,
  models,
  oneOf('*-latest', 'a-latest', 'a-2024*', '*-0613', '*a', 'ab', 'a', 'ba'),
)
const patterns = fc.array(pattern, { minLength: 1, maxLength: 3 })

const rows = fc.array(
  fc.record({
    projectId: oneOf('prj_1', 'prj_2'),
    orgId: oneOf('org_1', 'org_1', 'org_1', 'org_2'),
    ts: oneOf(-1, 0, 1, 2, 500, 999, 1000).map((ms) => new Date(MIDNIGHT + ms)),
    provider: values,
    model: models,
    route: fc.option(values),
    userId: fc.option(fc.oneof(values, fc.constant(''))),
    apiKeyId: values,
    environment: values,
    tags: fc.dictionary(oneOf('team', "t'", 'x\\'), fc.oneof(values, fc.constant('')), {
      noNullPrototype: true,
    }),
    cost: fc.option(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map(nanoUsd)),
    journalId: oneOf('j1', 'j2', "rpr'"),
    journalOffset: fc.nat({ max: 5 }),
    isAdjustment: fc.boolean(),
  }),
  { minLength: 10, maxLength: 40 },
)

const modelPatterns = fc.array(modelPattern, { minLength: 1, maxLength: 3 })

const match: fc.Arbitrary<Match> = fc.record({
  fields: fc.record(
    {
      ...{ provider: patterns, model: modelPatterns, route: patterns, user: patterns, key: patterns },
      environment: patterns,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  tags: fc.dictionary(oneOf('team', "t'", 'x\\', 'none'), patterns, { maxKeys: 2, noNullPrototype: true }),
})
const oneFilter: fc.Arbitrary<Match> = fc
  .tuple(oneOf('provider', 'model', 'model', 'route', 'user', 'key', 'environment'), patterns, modelPatterns)
  .map(([field, wanted, named]) => ({ fields: { [field]: field === 'model' ? named : wanted }, tags: {} }))
const scopes: fc.Arbitrary<Scope> = fc.record({
  projectId: oneOf(null, 'prj_1'),
  match: fc.oneof(fc.constant({ fields: {}, tags: {} }), oneFilter, oneFilter, match),
  each: oneOf(null, 'user', 'key'),
})
const cuts: fc.Arbitrary<Cut> = fc.dictionary(oneOf('j1', 'j2', "rpr'", 'gone'), oneOf(0, 3, 5, 6, 6), {
  noNullPrototype: true,
})

type Facts = typeof rows extends fc.Arbitrary<(infer Row)[]> ? Row : never

const rowOf = ({ isAdjustment, ...facts }: Facts, index: number): ArchivedEvent => {
  const event = { ...aPricedEvent(facts), ...facts, requestId: `r${index}` }
  return isAdjustment
    ? { ...event, source: 'reprice', adjusts: { requestId: 'r', unpricedCalls: index % 2 === 0 ? -1 : 0 } }
    : event
}

it('sums below a cut what core covers, under the counters of core, whatever the patterns hold', async () => {
  const span = { from: new Date(MIDNIGHT), until: new Date(MIDNIGHT + 1000) }
  let covered = 0
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.array(scopes, { minLength: 12, maxLength: 12 }),
      cuts,
      async (facts, many, cut) => {
        await clickhouse.command({ query: 'TRUNCATE TABLE events' })
        const events = facts.map(rowOf)
        if (events.length > 0) await seedEvents(clickhouse, events)
        for (const scope of many) {
          const sums = new Map<string, Figures>()
          for (const event of events) {
            const counter = counterOf(scope, callFactsOf(event))
            if (counter === null || event.orgId !== 'org_1') continue
            if (event.ts < span.from || event.ts >= span.until) continue
            if (event.journalOffset >= (cut[event.journalId] ?? 0)) continue
            const sum = sums.get(counter)
            sums.set(counter, {
              spent: nanoUsd((sum?.spent ?? 0n) + (event.cost ?? 0n)),
              events: (sum?.events ?? 0) + callsOf(event),
              unpricedEvents: (sum?.unpricedEvents ?? 0) + unpricedCallsOf(event),
            })
            covered += 1
          }
          const found = await scopeSums(clickhouse, { orgId: 'org_1', scope, ...span }, cut)
          expect(Object.fromEntries(found)).toEqual(Object.fromEntries(sums))
        }
      },
    ),
    { numRuns: 30, endOnFailure: true },
  )
  expect(covered).toBeGreaterThan(200)
}, 60_000)
