/** The law of the pages: every call of the scope once, with the sums of all its rows, whatever the size of a page. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callsOf, unpricedCallsOf } from '../../../core/event/adjustment.ts'
import type { ArchivedEvent } from '../../../core/event/usage-event.ts'
import { nanoUsd } from '../../../core/money.ts'
import type { CallSoFar } from '../../../core/pricing/reprice-event.ts'
import { aPricedEvent } from '../../../test/events/priced-event.ts'
import { seedEvents } from '../../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../../test/stores/clickhouse.ts'
import { type ClickHouse, openClickHouse } from '../open.ts'
import { callsToReprice, type RepriceScope } from './calls-to-reprice.ts'

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
const DAY_MS = 86_400_000
const oneOf = fc.constantFrom
/** Few instants and names, so that calls share them; both sides of two midnights. */
const aFew = fc.record({
  requestId: oneOf('a', 'b', 'ß→🦆', "'"),
  attempt: fc.integer({ min: 1, max: 2 }),
  projectId: oneOf('prj_1', 'prj_2'),
  orgId: oneOf('org_a', 'org_a', 'org_b'),
  ts: oneOf(-1, 0, 1, DAY_MS - 1, DAY_MS).map((ms) => new Date(MIDNIGHT + ms)),
  model: oneOf('gpt', 'claude'),
  cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }).map(nanoUsd)),
  differences: fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map(nanoUsd), { maxLength: 3 }),
})
const someCalls = fc.uniqueArray(aFew, {
  maxLength: 25,
  selector: ({ orgId, projectId, requestId, attempt }) => [orgId, projectId, requestId, attempt].join('\n'),
})
const aScope: fc.Arbitrary<RepriceScope> = fc.record({
  orgId: fc.constant('org_a'),
  from: oneOf(-DAY_MS, 0, 1).map((ms) => new Date(MIDNIGHT + ms)),
  until: oneOf(DAY_MS, DAY_MS + 1).map((ms) => new Date(MIDNIGHT + ms)),
  provider: oneOf(null, 'openai', 'groq'),
  model: oneOf(null, 'gpt'),
  unpricedOnly: fc.boolean(),
})

type CallFacts = typeof aFew extends fc.Arbitrary<infer Facts> ? Facts : never

const rowsOf = ({ differences, ...facts }: CallFacts): ArchivedEvent[] => {
  const call = { ...aPricedEvent(facts), journalId: 'j', journalOffset: 0 }
  const adjustments = differences.map((cost, index): ArchivedEvent => {
    const unpricedCalls = facts.cost === null && index === 0 ? -1 : 0
    const adjusts = { requestId: call.requestId, unpricedCalls } as const
    return { ...call, requestId: `reprice:${facts.requestId}:${index}`, source: 'reprice', cost, adjusts }
  })
  return [call, ...adjustments]
}

interface Expected {
  readonly key: string
  readonly cost: bigint | null
  readonly tokensIn: number
  readonly adjustments: number
}

const expectedOf = (rows: readonly ArchivedEvent[]): Expected => {
  const call = rows.find((row) => callsOf(row) === 1)
  const unpriced = rows.reduce((sum, row) => sum + unpricedCallsOf(row), 0)
  return {
    key: call === undefined ? '' : keyOf(call),
    cost: unpriced > 0 ? null : rows.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n),
    tokensIn: rows.reduce((sum, { tokens }) => sum + tokens.in, 0),
    adjustments: rows.length - 1,
  }
}
const keyOf = (of: Pick<ArchivedEvent, 'projectId' | 'ts' | 'requestId' | 'attempt' | 'model'>) =>
  [of.projectId, of.ts.toISOString(), of.requestId, of.attempt, of.model].join('\n')
const found = ({ call, cost, tokens, adjustments }: CallSoFar): Expected => ({
  ...{ key: keyOf(call), cost, tokensIn: tokens.in, adjustments },
})
const inOrder = (calls: readonly Expected[]) => [...calls].sort((a, b) => (a.key < b.key ? -1 : 1))

it('reads each call of the scope once, with what it and its adjustments come to, in pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(someCalls, aScope, fc.integer({ min: 1, max: 7 }), async (calls, scope, rowsMax) => {
      await clickhouse.command({ query: 'TRUNCATE TABLE events' })
      const rows = calls.map(rowsOf)
      if (rows.length > 0) {
        await seedEvents(clickhouse, rows.flat())
      }
      const expected = rows.flatMap((own) => {
        const [call] = own
        if (call === undefined || call.orgId !== scope.orgId) return []
        if (call.ts < scope.from || call.ts >= scope.until) return []
        if (scope.provider !== null && call.provider !== scope.provider) return []
        if (scope.model !== null && call.model !== scope.model) return []
        const sums = expectedOf(own)
        return scope.unpricedOnly && sums.cost !== null ? [] : [sums]
      })
      const seen: Expected[] = []
      for await (const page of callsToReprice(clickhouse, scope, rowsMax)) {
        expect(page.length).toBeLessThanOrEqual(rowsMax)
        seen.push(...page.map(found))
      }
      expect(inOrder(seen)).toEqual(inOrder(expected))
    }),
    { numRuns: 25, endOnFailure: true },
  )
})
