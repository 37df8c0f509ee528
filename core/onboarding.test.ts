import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, parseUsd, showUsd, toUsdDecimal, usd } from './money.ts'
import { proposeBudget, readProjectName, roundUpUsd } from './onboarding.ts'

const amounts = fc.bigInt({ min: 1n, max: 1_000_000n * 1_000_000_000n }).map(nanoUsd)

describe('the budget that a first hour suggests', () => {
  it('is thirty days at that pace, rounded up to a figure that a person would choose', () => {
    const proposal = proposeBudget(usd('0.42'))
    expect([proposal?.hour, proposal?.month, proposal?.limit].map((one) => showUsd(one ?? usd('0')))).toEqual(
      ['$0.42', '$302.40', '$400.00'],
    )
  })

  it('is never below that pace, and at most half as much again above five dollars', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const limit = roundUpUsd(amount)
        expect(limit >= amount).toBe(true)
        if (amount > usd('5')) expect(limit <= nanoUsd(((amount + usd('1')) * 3n) / 2n)).toBe(true)
        else expect(limit).toBe(usd('5'))
      }),
    )
  })

  it('stays as it is once rounded, and a form can hold it', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const limit = roundUpUsd(amount)
        expect(roundUpUsd(limit)).toBe(limit)
        expect(parseUsd(toUsdDecimal(limit))).toBe(limit)
      }),
    )
  })

  it('is none where nothing with a price was called', () => {
    expect(proposeBudget(usd('0'))).toBeNull()
  })
})

describe('the name of a project', () => {
  it('is one line of what can be seen', () => {
    expect(readProjectName('  support \n bot ')).toEqual({ kind: 'read', name: 'support bot' })
    expect(readProjectName('Förderung 2')).toMatchObject({ kind: 'read' })
    for (const bad of ['', '   ', '---', 'a\u200bb', 'a\u0007b', 'x'.repeat(61)])
      expect(readProjectName(bad)).toMatchObject({ kind: 'bad' })
  })
})
