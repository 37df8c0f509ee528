import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, usd } from '../money.ts'
import { aBudget, anOverride, aPeriod } from './a-budget.ts'
import type { BudgetPeriod } from './budget.ts'
import { type Crossing, decide, type SpendEntry } from './decide.ts'

const NOW = new Date('2026-11-20T12:30:00.000Z')

/** Dollars up to 40 against a limit of 100, so that a few entries cross several thresholds; some have no price. */
const aCost = fc.option(fc.bigInt({ min: 0n, max: usd('40') }).map(nanoUsd), { freq: 5 })
const entries = fc
  .array(aCost, { maxLength: 12 })
  .map((costs) => costs.map((cost, index): SpendEntry => ({ requestId: `r${index}`, attempt: 1, cost })))
/** The same, where each call without a price is taken to cost $15. */
const estimated = (all: readonly SpendEntry[]): SpendEntry[] =>
  all.map((entry) =>
    entry.cost === null ? { ...entry, estimate: usd('15'), unpricedModel: `m/${entry.requestId}` } : entry,
  )
const startOf = fc
  .record({ spent: fc.bigInt({ min: 0n, max: usd('120') }).map(nanoUsd), overridden: fc.boolean() })
  .map(({ spent, overridden }) => {
    const before = decide(aBudget(), aPeriod(), [{ requestId: 'r', attempt: 1, cost: spent }], NOW).next
    const override = anOverride({ ceiling: nanoUsd(spent + usd('30')) })
    return overridden ? { ...before, override } : before
  })

interface Told {
  readonly next: BudgetPeriod
  readonly crossings: readonly Crossing[]
  readonly overridesSpent: number
}

function decideEach(start: BudgetPeriod, batches: readonly (readonly SpendEntry[])[]): Told {
  let told: Told = { next: start, crossings: [], overridesSpent: 0 }
  for (const batch of batches) {
    const decision = decide(aBudget(), told.next, batch, NOW)
    told = {
      next: decision.next,
      crossings: [...told.crossings, ...decision.crossings],
      overridesSpent: told.overridesSpent + (decision.overrideSpent ? 1 : 0),
    }
  }
  return told
}

describe('calls without a price that are estimated', () => {
  it('cross, stop and use overrides up where calls that cost as much would, and are no part of what is spent', () => {
    fc.assert(
      fc.property(startOf, entries, (start, all) => {
        const priced = all.map((entry) => ({ ...entry, cost: entry.cost ?? usd('15') }))
        const [is, was] = [decideEach(start, [estimated(all)]), decideEach(start, [priced])]
        expect(is.crossings.map(({ percent }) => percent)).toEqual(
          was.crossings.map(({ percent }) => percent),
        )
        expect(is.next.limitReachedAt).toEqual(was.next.limitReachedAt)
        expect(is.overridesSpent).toBe(was.overridesSpent)
        expect(is.next.spent + is.next.estimated).toBe(was.next.spent)
        expect(is.next.spent).toBe(decideEach(start, [all]).next.spent)
      }),
    )
  })

  it('come to the same, models included, in whatever order and batches', () => {
    const shuffled = entries.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(12)),
    )
    fc.assert(
      fc.property(shuffled, ([all, other, cut]) => {
        const whole = decideEach(aPeriod(), [estimated(all)]).next
        const apart = decideEach(aPeriod(), [
          estimated(other.slice(0, cut)),
          estimated(other.slice(cut)),
        ]).next
        expect(apart).toEqual(whole)
      }),
    )
  })
})

describe('counting spend', () => {
  it('comes to the same however the events are batched', () => {
    fc.assert(
      fc.property(startOf, entries, fc.nat(12), (start, all, cut) => {
        const whole = decideEach(start, [all])
        expect(decideEach(start, [all.slice(0, cut), [], all.slice(cut)])).toEqual(whole)
        expect(
          decideEach(
            start,
            all.map((entry) => [entry]),
          ),
        ).toEqual(whole)
      }),
    )
  })

  it('comes to the same totals and thresholds in whatever order the events arrive', () => {
    const shuffled = entries.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    fc.assert(
      fc.property(startOf, shuffled, (start, [all, other]) => {
        const a = decide(aBudget(), start, all, NOW)
        const b = decide(aBudget(), start, other, NOW)
        expect(b.next).toEqual(a.next)
        expect(b.crossings.map(({ percent }) => percent)).toEqual(a.crossings.map(({ percent }) => percent))
      }),
    )
  })

  it('tells each threshold exactly once, when it is reached and not before', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 6 }), (batches) => {
        const { next, crossings } = decideEach(aPeriod(), batches)
        const due = aBudget().thresholdsPercent.filter((percent) => next.spent >= usd(String(percent)))
        expect(crossings.map(({ percent }) => percent)).toEqual(due)
        expect(next.announcedPercent).toEqual(due)
        for (const { percent, spent } of crossings) expect(spent >= usd(String(percent))).toBe(true)
      }),
    )
  })

  it('counts each event once: the sum is exact, and what has no price is counted as such', () => {
    fc.assert(
      fc.property(startOf, entries, (start, all) => {
        const { next } = decide(aBudget(), start, all, NOW)
        expect(next.spent - start.spent).toBe(all.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n))
        expect(next.events - start.events).toBe(all.length)
        expect(next.unpricedEvents - start.unpricedEvents).toBe(
          all.filter(({ cost }) => cost === null).length,
        )
      }),
    )
  })

  it('tells every threshold that one event jumps over, and blames that event', () => {
    const start = decide(aBudget(), aPeriod(), [{ requestId: 'a', attempt: 1, cost: usd('40') }], NOW)
    expect(start.crossings).toEqual([])
    const jump = decide(aBudget(), start.next, [{ requestId: 'b', attempt: 2, cost: usd('60') }], NOW)
    expect(jump.crossings).toEqual(
      [50, 75, 90, 100].map((percent) => ({ percent, requestId: 'b', attempt: 2, spent: usd('100') })),
    )
    expect(jump.next.limitReachedAt).toEqual(NOW)
  })

  it('reaches the limit at the last nano-dollar and not one before', () => {
    const almost = [{ requestId: 'a', attempt: 1, cost: usd('99.999999999') }]
    expect(decide(aBudget(), aPeriod(), almost, NOW).next.limitReachedAt).toBeNull()
    const exactly = [...almost, { requestId: 'b', attempt: 1, cost: usd('0.000000001') }]
    expect(decide(aBudget(), aPeriod(), exactly, NOW).next.limitReachedAt).toEqual(NOW)
  })

  it('dates the limit by the decision that reached it, however much is spent later', () => {
    const reached = decide(aBudget(), aPeriod(), [{ requestId: 'a', attempt: 1, cost: usd('100') }], NOW).next
    const later = new Date(NOW.getTime() + 60_000)
    const more = decide(aBudget(), reached, [{ requestId: 'b', attempt: 1, cost: usd('5') }], later)
    expect(more.next.limitReachedAt).toEqual(NOW)
    expect(more.crossings).toEqual([])
  })
})

describe('an override', () => {
  const spent100 = aPeriod({ spent: usd('100'), announcedPercent: [50, 75, 90, 100], limitReachedAt: NOW })

  it('is used up by the event that reaches its ceiling, once', () => {
    const running = { ...spent100, override: anOverride() }
    const below = decide(aBudget(), running, [{ requestId: 'a', attempt: 1, cost: usd('9.99') }], NOW)
    expect(below.overrideSpent).toBeNull()
    const at = decide(aBudget(), below.next, [{ requestId: 'b', attempt: 1, cost: usd('0.01') }], NOW)
    expect(at.overrideSpent).toEqual(anOverride())
    expect(at.next.override).toBeNull()
    expect(
      decide(aBudget(), at.next, [{ requestId: 'c', attempt: 1, cost: usd('1') }], NOW).overrideSpent,
    ).toBeNull()
  })

  it('that ended by the clock is not said to be used up by calls that were still in flight', () => {
    const ended = { ...spent100, override: anOverride() }
    const after = new Date('2026-11-20T13:00:00.000Z')
    const late = decide(aBudget(), ended, [{ requestId: 'a', attempt: 1, cost: usd('50') }], after)
    expect(late.overrideSpent).toBeNull()
    expect(late.next.limitReachedAt).toEqual(NOW)
  })
})

describe('adjustments', () => {
  const adjusts = { requestId: 'r', unpricedCalls: 0 } as const
  const aRow: fc.Arbitrary<SpendEntry> = fc.oneof(
    aCost.map((cost) => ({ requestId: 'r', attempt: 1, cost })),
    fc
      .record({
        cost: fc.bigInt({ min: -usd('60'), max: usd('40') }).map(nanoUsd),
        unpricedCalls: fc.constantFrom(0, -1),
      })
      .map(({ cost, unpricedCalls }) => ({
        requestId: 'reprice:r:1',
        attempt: 1,
        cost,
        adjusts: { requestId: 'r', unpricedCalls },
      })),
  )
  const rows = fc.array(aRow, { maxLength: 12 })
  const shuffled = rows.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(12)),
  )

  it('come to the same totals and the same stop in whatever order and batches, and count no call', () => {
    fc.assert(
      fc.property(startOf, shuffled, (start, [all, other, cut]) => {
        const totals = ({ next }: Told) => [next.spent, next.events, next.unpricedEvents, isStopped(next)]
        const whole = decideEach(start, [all])
        expect(totals(decideEach(start, [other.slice(0, cut), other.slice(cut)]))).toEqual(totals(whole))
        expect(isStopped(whole.next)).toBe(whole.next.spent >= usd('100'))
        const calls = all.filter((entry) => entry.adjusts === undefined)
        expect(whole.next.events - start.events).toBe(calls.length)
      }),
    )
  })

  it('announce no threshold twice, however often the spend falls below it and comes back', () => {
    fc.assert(
      fc.property(startOf, fc.array(rows, { maxLength: 6 }), (start, batches) => {
        const percents = decideEach(start, batches).crossings.map(({ percent }) => percent)
        expect(new Set(percents).size).toBe(percents.length)
        expect(percents.filter((percent) => start.announcedPercent.includes(percent))).toEqual([])
      }),
    )
  })

  it('that take the spend below its limit lift the stop once, and it stops again with a word', () => {
    const call = (cost: string) => [{ requestId: 'r', attempt: 1, cost: usd(cost) }]
    const stopped = decide(aBudget(), aPeriod(), call('120'), NOW).next
    const less = [{ requestId: 'reprice:r:1', attempt: 1, cost: nanoUsd(-usd('40')), adjusts }]
    const lifted = decide(aBudget(), stopped, less, NOW)
    expect(lifted).toMatchObject({ limitLifted: true, limitReachedAgain: false, crossings: [] })
    expect(lifted.next).toMatchObject({ spent: usd('80'), limitReachedAt: null, events: 1 })
    expect(lifted.next.announcedPercent).toEqual([50, 75, 90, 100])
    const later = new Date(NOW.getTime() + 60_000)
    const between = decide(aBudget(), lifted.next, call('15'), later)
    expect(between).toMatchObject({ limitLifted: false, limitReachedAgain: false, crossings: [] })
    const again = decide(aBudget(), between.next, call('5'), later)
    expect(again).toMatchObject({ limitReachedAgain: true, crossings: [] })
    expect(again.next.limitReachedAt).toEqual(later)
    expect(decide(aBudget(), again.next, call('5'), later)).toMatchObject({ limitReachedAgain: false })
  })
})

const isStopped = ({ limitReachedAt }: BudgetPeriod): boolean => limitReachedAt !== null
