import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeWords, progressLine, wrapped } from './progress.ts'

const budget = (state: string, spent = '1.48') => ({
  state,
  spent_usd: spent,
  limit_usd: '2',
  lift_url: null,
})

describe('the progress of a replay', () => {
  it('shows the calls, the money and the state in one line', () => {
    const line = progressLine({ done: 9_683, total: 19_366, budget: budget('warned') })
    expect(line).toBe(
      `${'█'.repeat(12)}${'░'.repeat(12)}  9,683 of 19,366 calls   $1.48 of $2.00 (74%)   warned`,
    )
  })

  it('has a bar of one length, whatever is done', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const line = progressLine({ done: Math.min(a, b), total: Math.max(a, b), budget: null })
        return /^█*░*/.exec(line)?.[0].length === 24
      }),
    )
  })

  it('says at a stop what to do, and at a lift how long it lasts', () => {
    expect(progressLine({ done: 1, total: 2, budget: budget('stopped') })).toContain('STOPPED')
    expect(changeWords(budget('stopped'))).toContain('press Override on its card')
    expect(changeWords(budget('overridden'))).toContain('until the override is spent or its window ends')
  })

  it('wraps between words, loses none, and keeps addresses whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^\w{1,30}$/)),
        fc.integer({ min: 10, max: 80 }),
        (words, columns) => {
          const lines = wrapped(words.join(' '), columns).split('\n')
          expect(lines.join(' ')).toBe(words.join(' '))
          for (const line of lines) expect(line.length <= columns || !line.includes(' ')).toBe(true)
        },
      ),
    )
  })
})
