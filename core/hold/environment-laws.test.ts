import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryLadder } from '../../test/budgets/arbitrary-scopes.ts'
import { aBudget, anOverride, aPeriod } from '../budget/a-budget.ts'
import { explain } from '../budget/explain.ts'
import { measuresAt } from '../budget/ladder.ts'
import { fits } from '../budget/scope.ts'
import { nanoUsd, usd, zeroUsd } from '../money.ts'
import { demandOf, tooLarge } from './decide-hold.ts'

const NOON = new Date('2026-11-20T12:30:00.000Z')
const LIMIT = 1_000n
const factsIn = (environment: string) => ({
  ...{ projectId: 'prj_1', provider: 'openai', model: 'gpt-4o', route: null, userId: null },
  ...{ apiKeyId: 'key_1', environment, tags: {} },
})
const calls = fc.array(
  fc.record({
    environment: fc.constantFrom('a', 'ab', 'b'),
    amount: fc.bigInt({ min: 1n, max: 200n }).map(nanoUsd),
  }),
  { maxLength: 20 },
)

describe('a strict budget whose ladder stops environments', () => {
  it('grants no call that would take spent and held to where its environment is stopped, and further', () => {
    let [granted, refused] = [0, 0]
    fc.assert(
      fc.property(arbitraryLadder, calls, fc.bigInt({ min: 0n, max: 900n }), (ladder, all, spentBefore) => {
        const budget = aBudget({ mode: 'strict', limit: nanoUsd(LIMIT), ladder })
        let [spent, held] = [spentBefore, 0n]
        for (const { environment, amount } of all) {
          const current = aPeriod({ spent: nanoUsd(spent), held: nanoUsd(held) })
          const wanted = { kind: 'known', amount, priceVersion: null } as const
          const facts = factsIn(environment)
          const demand = demandOf({ facts, wanted }, [{ budget, current, liftUrl: null }], [], NOON)
          if (demand.kind === 'refused' || tooLarge(demand.parts, wanted) !== null) {
            refused += 1
            continue
          }
          held += amount
          granted += 1
          // One nano-dollar less, and no rung of this environment is reached: it is at most just reached.
          const below = measuresAt(ladder, nanoUsd(spent + held - 1n), nanoUsd(LIMIT))
          expect(below.stoppedEnvironments.filter((pattern) => fits(pattern, environment))).toEqual([])
          // Settled at once, at what it held.
          if (held > 300n) [spent, held] = [spent + held, 0n]
        }
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(granted, refused)).toBeGreaterThan(100)
  })

  const ladder = [
    { percent: 80, action: { kind: 'stop', environments: ['stag*'] } },
    { percent: 100, action: { kind: 'stop', environments: null } },
  ] as const
  const answerIn = (
    environment: string,
    amount: string,
    period: Parameters<typeof aPeriod>[0],
    mode = 'strict',
  ) => {
    const budget = aBudget({ mode: mode === 'strict' ? 'strict' : 'cached', ladder, limit: usd('10') })
    const wanted = { kind: 'known', amount: usd(amount), priceVersion: null } as const
    const facts = factsIn(environment)
    const demand = demandOf(
      { facts, wanted },
      [{ budget, current: aPeriod(period), liftUrl: null }],
      [],
      NOON,
    )
    return demand.kind === 'refused' ? demand.block : tooLarge(demand.parts, wanted)
  }

  it('counts what is held, says what is left for the environment, and goes on for others', () => {
    const period = { spent: usd('5'), held: usd('2.5') }
    expect(answerIn('staging', '0.5', period)).toBeNull()
    const block = answerIn('staging', '0.51', period)
    expect(block === null ? null : explain(block)).toMatchObject({
      ...{ reason: 'hold_too_large', available_usd: '0.500000000' },
      message: expect.stringContaining(
        'has $0.50 left for this environment, which it stops at $8.00, which is less',
      ),
    })
    expect(answerIn('production', '2.5', period)).toBeNull()
    expect(answerIn('production', '2.51', period)?.ceiling).toBeUndefined()
  })

  it('lets an override lift it, and a cached budget act on what is spent alone', () => {
    const override = anOverride({ ceiling: usd('12') })
    expect(answerIn('staging', '2', { spent: usd('9'), held: zeroUsd, override })).toBeNull()
    expect(answerIn('staging', '2', { spent: usd('7.9'), held: usd('1') }, 'cached')).toBeNull()
    expect(answerIn('staging', '2', { spent: usd('8'), held: zeroUsd }, 'cached')?.reason).toBe('environment')
  })
})
