import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryFacts, arbitraryScope } from '../../test/budgets/arbitrary-scopes.ts'
import { anInstant, aRuleIn, aZone } from '../../test/period/arbitrary-rules.ts'
import { aBudget } from '../budget/a-budget.ts'
import { counterOf } from '../budget/scope.ts'
import { periodOf } from '../period/period-of.ts'
import { coveringCounters } from './covering-counters.ts'
import { reportedUntilOf } from './hold.ts'
import { TTL_S } from './parse-hold.ts'

/** Asked for by one of these names, a call may be answered by the other. */
const names = fc.constantFrom(
  { asked: 'a', answered: 'a' },
  { asked: 'a', answered: 'a-2024-08-06' },
  { asked: 'ab', answered: 'ab-0613' },
  { asked: 'a-latest', answered: 'a-20240806' },
  { asked: 'a-0613', answered: 'a-0613' },
)
/** Doubles would nearly all lie next to zero. */
const aShare = fc.integer({ min: 0, max: 1_000 }).map((permille) => permille / 1_000)
const asks = fc.record({
  facts: arbitraryFacts,
  scope: fc.oneof(
    fc.constant({ projectId: null, each: null, match: { fields: {}, tags: {} } }),
    arbitraryScope,
    fc.constantFrom('a', 'a-2024*', 'a-latest', '*-0613', 'ab').map((model) => ({
      ...{ projectId: null, each: null },
      match: { fields: { model: [model] }, tags: {} },
    })),
  ),
  names,
  rule: aZone.chain(aRuleIn),
  now: anInstant,
  ttlS: fc.integer({ min: TTL_S.from, max: TTL_S.to }),
  part: aShare,
  /** Of the time until it is reported, before the end of a period. */
  left: aShare,
  isNearEdge: fc.boolean(),
})

describe('a call that is held', () => {
  it('is held by every counter that its event can be counted in, whichever snapshot answers and whenever it is reported', () => {
    let [counted, inNext, byOtherName] = [0, 0, 0]
    fc.assert(
      fc.property(
        asks,
        ({ facts, scope, names: { asked, answered }, rule, ttlS, part, left, isNearEdge, ...of }) => {
          const until = periodOf(rule, of.now)?.until
          const now = isNearEdge && until ? new Date(until.getTime() - left * ttlS * 1_000) : of.now
          const reportedUntil = reportedUntilOf(now, ttlS)
          const ts = new Date(now.getTime() + Math.floor(part * (reportedUntil.getTime() - now.getTime())))
          const settings = { budget: aBudget({ orgId: 'org_1', scope, periodRule: rule }) }
          const held = coveringCounters(
            [settings],
            { ...facts, orgId: 'org_1', model: asked },
            { now, reportedUntil },
          )
          const counter = counterOf(scope, { ...facts, model: answered })
          const period = periodOf(rule, ts)
          if (counter === null || period === null) return
          expect(held.map((one) => `${one.counter} ${one.period.from.toISOString()}`)).toContain(
            `${counter} ${period.from.toISOString()}`,
          )
          counted += 1
          inNext += period.from > now ? 1 : 0
          byOtherName += asked === answered ? 0 : 1
        },
      ),
      { numRuns: 3_000 },
    )
    expect(Math.min(counted, inNext, byOtherName)).toBeGreaterThan(20)
  })
})
