import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, usd } from '../money.ts'
import { type Line, moversOf } from './movers.ts'

const line = (name: string, cost: string, isOther = false): Line => ({ name, cost: usd(cost), isOther })
const lines = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    cost: fc.bigInt({ min: 0n, max: 10n ** 15n }).map(nanoUsd),
    isOther: fc.constant(false),
  }),
  { selector: ({ name }) => name },
)

describe('what moved', () => {
  it('adds up to the difference of the sums, and turns its sign when the spans change places', () => {
    fc.assert(
      fc.property(lines, lines, (now, before) => {
        const sum = (all: readonly Line[]) => all.reduce((total, { cost }) => total + cost, 0n)
        const movers = moversOf(now, before, 100)
        expect(movers.reduce((total, { delta }) => total + delta, 0n)).toBe(sum(now) - sum(before))
        const turned = moversOf(before, now, 100)
        expect(turned.map(({ name, delta }) => [name, -delta])).toEqual(
          movers.map(({ name, delta }) => [name, delta]),
        )
      }),
    )
  })

  it('comes the largest first, up or down', () => {
    const movers = moversOf([line('up', '5'), line('down', '1')], [line('down', '9'), line('gone', '2')], 2)
    expect(movers.map(({ name, delta }) => [name, delta])).toEqual([
      ['down', -usd('8')],
      ['up', usd('5')],
    ])
  })

  it('leaves out what one list has and the other folded away', () => {
    expect(moversOf([line('new', '5')], [line('other', '9', true)], 3)).toEqual([])
  })
})
