import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addUsd, type NanoUsd, nanoUsd, sumUsd, usd, zeroUsd } from '../money.ts'
import { CAP_PERCENT_MAX, carriedOver, parseRollover, type Rollover, toRolloverJson } from './rollover.ts'

const anAmount: fc.Arbitrary<NanoUsd> = fc.bigInt({ min: 0n, max: 10n ** 15n }).map(nanoUsd)
/** What was put right later may leave less than nothing spent. */
const aSpend: fc.Arbitrary<NanoUsd> = fc.bigInt({ min: -(10n ** 6n), max: 2n * 10n ** 15n }).map(nanoUsd)
const aCap = fc.integer({ min: 1, max: CAP_PERCENT_MAX })
const unused = (capPercent: number): Rollover => ({ kind: 'unused', capPercent })
const aRollover: fc.Arbitrary<Rollover> = fc.oneof(fc.constant('none' as const), aCap.map(unused))
const aClosedPeriod = fc.record({
  limit: anAmount,
  carriedIn: anAmount,
  spent: aSpend,
  rollover: aRollover,
})

/** What each of a run of periods carries into the next, beginning with nothing. */
const carriedAlong = (limit: NanoUsd, rollover: Rollover, spends: readonly NanoUsd[]): NanoUsd[] => {
  let carriedIn = zeroUsd
  return spends.map((spent) => {
    carriedIn = carriedOver({ limit, carriedIn, spent, rollover })
    return carriedIn
  })
}

describe('what a period carries into the next', () => {
  it('is never negative, never more than was left, never above the cap', () => {
    fc.assert(
      fc.property(aClosedPeriod, (period) => {
        const carried = carriedOver(period)
        const capPercent = period.rollover === 'none' ? 0 : period.rollover.capPercent
        const left = period.limit + period.carriedIn - period.spent
        expect(carried >= 0n).toBe(true)
        expect(carried === 0n || carried <= left).toBe(true)
        expect(carried * 100n <= period.limit * BigInt(capPercent)).toBe(true)
      }),
    )
  })

  it('is all that is left while that is below the cap', () => {
    const rollover = unused(20)
    const carriedIn = usd('30')
    expect(carriedOver({ limit: usd('1000'), carriedIn, spent: usd('900'), rollover })).toBe(usd('130'))
    expect(carriedOver({ limit: usd('1000'), carriedIn, spent: usd('829.999'), rollover })).toBe(usd('200'))
  })

  it('is nothing from an overspent period, and no debt', () => {
    fc.assert(
      fc.property(aClosedPeriod, anAmount, (period, over) => {
        const spent = sumUsd([period.limit, period.carriedIn, over])
        expect(carriedOver({ ...period, spent })).toBe(zeroUsd)
      }),
    )
  })

  it('is nothing without rollover', () => {
    fc.assert(
      fc.property(aClosedPeriod, (period) => {
        expect(carriedOver({ ...period, rollover: 'none' })).toBe(zeroUsd)
      }),
    )
  })

  it('shrinks by a late event’s cost at most, and never grows by one', () => {
    fc.assert(
      fc.property(aClosedPeriod, anAmount, (period, late) => {
        const before = carriedOver(period)
        const after = carriedOver({ ...period, spent: addUsd(period.spent, late) })
        expect(after <= before && before - after <= late).toBe(true)
      }),
    )
  })

  it('never grows past the cap, however many quiet periods lie behind', () => {
    fc.assert(
      fc.property(anAmount, aCap, fc.array(aSpend, { maxLength: 40 }), (limit, capPercent, spends) => {
        const most = (limit * BigInt(capPercent)) / 100n
        for (const carried of carriedAlong(limit, unused(capPercent), spends)) {
          expect(carried <= most).toBe(true)
        }
      }),
    )
    const quietYears = Array.from({ length: 24 }, () => zeroUsd)
    expect(carriedAlong(usd('1000'), unused(50), quietYears).at(-1)).toBe(usd('500'))
  })

  it('lets a run of periods spend no more than their limits together, but for overspending', () => {
    const runs = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 24 })
    fc.assert(
      fc.property(anAmount, aCap, runs, (limit, capPercent, percents) => {
        let carriedIn = zeroUsd
        let total = 0n
        for (const percent of percents) {
          const spent = nanoUsd(((limit + carriedIn) * BigInt(percent)) / 100n)
          total += spent
          carriedIn = carriedOver({ limit, carriedIn, spent, rollover: unused(capPercent) })
        }
        expect(total + carriedIn <= limit * BigInt(percents.length)).toBe(true)
      }),
    )
  })
})

describe('the form of a rollover', () => {
  it('is the same after a way through JSON', () => {
    fc.assert(
      fc.property(aRollover, (rollover) => {
        expect(parseRollover(JSON.parse(JSON.stringify(toRolloverJson(rollover))))).toEqual(rollover)
      }),
    )
  })

  it.each([
    [
      undefined,
      'rollover is missing; it must be "none" or an object such as {"carry": "unused", "cap_percent": 50}',
    ],
    [
      'all',
      'rollover is "all"; it must be "none" or an object such as {"carry": "unused", "cap_percent": 50}',
    ],
    [{ carry: 'unused' }, 'cap_percent is missing; it must be a whole number from 1 to 100'],
    [{ carry: 'unused', cap_percent: 101 }, 'cap_percent is 101; it must be a whole number from 1 to 100'],
    [{ carry: 'unused', cap_percent: 0.5 }, 'cap_percent is 0.5; it must be a whole number from 1 to 100'],
    [{ carry: 'debt', cap_percent: 5 }, 'carry is "debt"; it must be "unused", or rollover itself "none"'],
    [
      { carry: 'unused', cap_percent: 5, months: 2 },
      '"months" is no field of rollover; it has carry, cap_percent',
    ],
  ])('%j is refused with what is wrong and the way out', (value, problem) => {
    expect(parseRollover(value)).toEqual({ kind: 'bad', problems: [problem] })
  })
})
