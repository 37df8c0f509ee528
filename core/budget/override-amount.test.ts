import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, parseUsd, usd } from '../money.ts'
import { parseOverrideAmount, sumOfAmount } from './override-amount.ts'

describe('how much more is asked for', () => {
  it('is read as a sum wherever money is, and as a percent only with its sign', () => {
    for (const text of ['10', '$1,250.50', '0.000000001', '0'])
      expect(parseOverrideAmount(text)).toBe(parseUsd(text))
    for (const text of ['25%', ' 25 % ']) expect(parseOverrideAmount(text)).toEqual({ percent: 25 })
    for (const text of ['', '%', '0%', '1001%', '2.5%', '-5%', '25 percent', '25%%', '$25%'])
      expect(parseOverrideAmount(text)).toBeNull()
  })

  it('never comes to more than its percent of the limit, and to less than that by under a nano-dollar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.bigInt(0n, 10n ** 18n), (percent, nanos) => {
        const sum = sumOfAmount({ percent }, nanoUsd(nanos)) * 100n
        const exact = nanos * BigInt(percent)
        expect(sum <= exact && exact - sum < 100n).toBe(true)
      }),
    )
    expect(sumOfAmount(usd('3'), usd('10'))).toBe(usd('3'))
  })
})
