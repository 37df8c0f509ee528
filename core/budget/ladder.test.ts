import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryLadder } from '../../test/budgets/arbitrary-scopes.ts'
import { nanoUsd, usd } from '../money.ts'
import { aBudget, anOverride, aPeriod } from './a-budget.ts'
import { decide } from './decide.ts'
import { downgradeOf, measuresAt, NO_MEASURES, stopPercentOf } from './ladder.ts'
import { parseLadder, toLadderJson } from './parse-ladder.ts'
import { budgetState, measuresOf, stopLineOf } from './state.ts'

const NOW = new Date('2026-11-20T12:30:00.000Z')
const LIMIT = usd('100')
const spends = fc.bigInt({ min: 0n, max: usd('200') }).map(nanoUsd)

const spentTo = (ladder: ReturnType<typeof aBudget>['ladder'], spent: bigint) => {
  const budget = aBudget({ ladder, thresholdsPercent: [50] })
  const { next } = decide(budget, aPeriod(), [{ requestId: 'r', attempt: 1, cost: nanoUsd(spent) }], NOW)
  return { budget, current: next }
}

describe('a ladder', () => {
  it('stops all calls exactly from the percent of its lowest full stop on, and never without one', () => {
    fc.assert(
      fc.property(arbitraryLadder, spends, (ladder, spent) => {
        const snapshot = spentTo(ladder, spent)
        const stop = stopPercentOf(ladder)
        const isStopped = budgetState(snapshot, NOW).kind === 'stopped'
        expect(isStopped).toBe(stop !== null && spent * 100n >= LIMIT * BigInt(stop))
        if (stop !== null) expect(isStopped).toBe(spent >= stopLineOf(snapshot))
      }),
    )
  })

  it('takes no measure back while the spend grows, and none at all while an override runs', () => {
    fc.assert(
      fc.property(arbitraryLadder, spends, spends, (ladder, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a]
        const before = measuresAt(ladder, less, LIMIT)
        const then = measuresAt(ladder, more, LIMIT)
        expect(then.stoppedEnvironments).toEqual(expect.arrayContaining([...before.stoppedEnvironments]))
        if (before.callsPerMinute !== null) {
          expect(then.callsPerMinute).toBeLessThanOrEqual(before.callsPerMinute)
        }
        const { budget, current } = spentTo(ladder, more)
        const override = anOverride({ ceiling: nanoUsd(more + 1n) })
        const overridden = { budget, current: { ...current, override } }
        const during = new Date(override.until.getTime() - 1)
        expect(measuresOf(overridden, budgetState(overridden, during))).toEqual(NO_MEASURES)
      }),
    )
  })

  it('sends a model to the one of the highest rung that names it, and none to itself', () => {
    const parsed = parseLadder([
      { percent: 50, action: 'downgrade', from: 'gpt-4o*', to: 'gpt-4o-mini' },
      { percent: 80, action: 'downgrade', from: 'gpt-4o*', to: 'gpt-4.1-nano' },
    ])
    const ladder = parsed.kind === 'parsed' ? parsed.ladder : []
    const half = measuresAt(ladder, usd('60'), LIMIT)
    expect(downgradeOf(half, 'gpt-4o')).toBe('gpt-4o-mini')
    expect(downgradeOf(half, 'gpt-4o-mini')).toBeNull()
    expect(downgradeOf(half, 'o1')).toBeNull()
    expect(downgradeOf(measuresAt(ladder, usd('80'), LIMIT), 'gpt-4o')).toBe('gpt-4.1-nano')
  })

  it('is the same after it was written down and read', () => {
    fc.assert(
      fc.property(arbitraryLadder, (ladder) => {
        expect(parseLadder(JSON.parse(JSON.stringify(toLadderJson(ladder))))).toEqual({
          kind: 'parsed',
          ladder,
        })
      }),
    )
  })

  it.each<[unknown, RegExp]>([
    [{}, /must be a list/],
    [[{ percent: 0, action: 'stop' }], /ladder\[0\]\.percent is 0; it must be a whole number from 1 to 1000/],
    [
      [{ percent: 80, action: 'warn' }],
      /ladder\[0\]\.action is "warn"; it must be downgrade, throttle, stop/,
    ],
    [[{ percent: 80, action: 'throttle' }], /calls_per_minute is undefined/],
    [[{ percent: 80, action: 'stop', to: 'x' }], /no "to"; a stop has percent, action, environments/],
    [[{ percent: 80, action: 'stop', environments: [] }], /environments must be a list of 1 to/],
  ])('that is %o is refused with what is wrong and the way out', (given, said) => {
    const parsed = parseLadder(given)
    expect(parsed.kind === 'bad' && parsed.problems.join('; ')).toMatch(said)
  })
})
