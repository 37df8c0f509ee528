import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideHalfEven, nanoUsd, parseUsd, percentOf, showUsd, toUsdDecimal, usd } from './money.ts'

const anAmount = fc.bigInt({ min: 0n, max: 999_999_999_994_999_999n }).map(nanoUsd)

describe('money', () => {
  it('comes back from the wire as it went, to the nano-dollar', () => {
    fc.assert(
      fc.property(anAmount, (amount) => {
        expect(parseUsd(toUsdDecimal(amount))).toBe(amount)
      }),
    )
  })

  it('reads back what it shows, for every whole cent', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999n }), (cents) => {
        const amount = nanoUsd(cents * 10_000_000n)
        expect(parseUsd(showUsd(amount))).toBe(amount)
      }),
    )
  })

  it('never shows a cost as nothing, and is at most half of its last place off', () => {
    fc.assert(
      fc.property(fc.oneof(anAmount, fc.bigInt({ min: 1n, max: 20_000_000n }).map(nanoUsd)), (amount) => {
        const shown = parseUsd(showUsd(amount))
        expect(shown === 0n).toBe(amount === 0n)
        const difference = (shown ?? 0n) - amount
        expect(difference <= 5_000_000n && difference >= -5_000_000n).toBe(true)
      }),
    )
  })

  it.each([
    ['0', '$0.00'],
    ['0.000000005', '$0.000000005'],
    ['0.000000123', '$0.00000012'],
    ['0.004', '$0.0040'],
    ['0.005', '$0.0050'],
    ['0.015', '$0.02'],
    ['0.025', '$0.02'],
    ['1234.565', '$1,234.56'],
    ['1234567.89', '$1,234,567.89'],
  ])('shows %s as %s', (amount, shown) => {
    expect(showUsd(usd(amount))).toBe(shown)
  })

  it('shows a negative amount with a minus sign', () => {
    expect(showUsd(nanoUsd(-12_340_000_000n))).toBe('−$12.34')
    expect(toUsdDecimal(nanoUsd(-1n))).toBe('-0.000000001')
  })

  it.each([
    ['25', 25_000_000_000n],
    ['$1,250.5', 1_250_500_000_000n],
    [' $ 7 ', 7_000_000_000n],
    ['999,999,999.999999999', 999_999_999_999_999_999n],
  ])('reads %j', (text, amount) => {
    expect(parseUsd(text)).toBe(amount)
  })

  it.each([
    '',
    '-1',
    '1e3',
    '1,25',
    '12,34,567',
    '1.',
    '.5',
    '1.0000000001',
    '1000000000',
    '1,000,000,000',
    '٣',
    '5 USD',
  ])('refuses %j', (text) => {
    expect(parseUsd(text)).toBeNull()
  })

  it('throws on a literal that is no amount', () => {
    expect(() => usd('ten')).toThrow(RangeError)
  })

  it('divides to the nearest, and halves to the even', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 9n }), (a, b) => {
        const quotient = divideHalfEven(a, b)
        const twiceOff = (quotient * b - a) * 2n
        expect(twiceOff <= b && twiceOff >= -b).toBe(true)
        if (twiceOff === b || twiceOff === -b) expect(quotient % 2n).toBe(0n)
      }),
    )
    expect([5n, 15n, 25n, 35n].map((half) => divideHalfEven(half, 10n))).toEqual([0n, 2n, 2n, 4n])
  })

  it('rounds a share down, so that 100 means all of it', () => {
    expect(percentOf(usd('24.999999999'), usd('25'))).toBe(99)
    expect(percentOf(usd('25'), usd('25'))).toBe(100)
    expect(percentOf(usd('1'), usd('0'))).toBe(0)
  })
})
