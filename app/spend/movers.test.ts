import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addUsd, nanoUsd, sumUsd, usd, zeroUsd } from '../../core/money.ts'
import { changeWords } from '../blocks/comparison.ts'
import { changeOf, moversOf } from './movers.ts'

const lines = fc.array(
  fc.record({
    name: fc.constantFrom(...'abcdefghij'),
    cost: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 15n }).map(nanoUsd),
  }),
  { maxLength: 30 },
)
const sum = (costs: readonly { readonly cost: bigint }[]) => sumUsd(costs.map(({ cost }) => nanoUsd(cost)))

describe('what moved', () => {
  it('adds up to all that was spent, however many are shown', () => {
    fc.assert(
      fc.property(lines, lines, fc.integer({ min: 0, max: 5 }), (now, before, eachMax) => {
        const { up, down, rest } = moversOf(now, before, eachMax)
        const all = [...up, ...down, rest]
        expect(sumUsd(all.map((one) => one.now))).toBe(sum(now))
        expect(sumUsd(all.map((one) => one.before))).toBe(sum(before))
      }),
    )
  })

  it('is what moved most: nothing left out rose or fell by more', () => {
    fc.assert(
      fc.property(lines, lines, (now, before) => {
        const { up, down } = moversOf(now, before, 2)
        const all = moversOf(now, before, 100)
        expect(up).toEqual(all.up.slice(0, 2))
        expect(down).toEqual(all.down.slice(0, 2))
        const [least, mildest] = [up.at(-1), down.at(-1)]
        for (const one of all.up.slice(2)) expect(changeOf(one) <= (least ? changeOf(least) : 0n)).toBe(true)
        for (const one of all.down.slice(2))
          expect(changeOf(one) >= (mildest ? changeOf(mildest) : 0n)).toBe(true)
        for (const one of up) expect(changeOf(one)).toBeGreaterThan(0n)
        for (const one of down) expect(changeOf(one)).toBeLessThan(0n)
      }),
    )
  })

  it('says in words which way', () => {
    const words = (now: string, before: string) => changeWords({ now: usd(now), before: usd(before) })
    expect(words('12', '10')).toBe('$2.00 more (+20%)')
    expect(words('8', '10')).toBe('$2.00 less (−20%)')
    expect(words('10', '10')).toBe('the same')
    expect(words('10', '0')).toBe('$10.00 more, from nothing')
    expect(words('0', '10')).toBe('$10.00 less, to nothing')
    expect(words('1000.001', '1000')).toBe('$0.0010 more (+<1%)')
    expect(changeWords({ now: zeroUsd, before: addUsd(zeroUsd, nanoUsd(-5n)) })).toContain('more')
  })
})
