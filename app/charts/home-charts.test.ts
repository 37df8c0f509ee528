import fc from 'fast-check'
import { expect, it } from 'vitest'
import { homeChartName } from './home-charts.ts'

const at = new Date('2026-11-25T12:01:00Z')
const nameAt = (usd: string, when = at) =>
  homeChartName(
    {
      kind: 'model',
      choice: { range: '7d', projectId: null },
      sight: { id: 'U1', standing: 'member', places: [], sight: 'common' },
      finding: `gpt-4o is 90% of $${usd} in the last 7 days`,
    },
    when,
  )

it('a chart of Home has another address when what it says has changed by more than a tenth, or after a while', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (cents) => {
      const usd = (more: number) =>
        ((cents / 100) * more).toLocaleString('en-US', { maximumFractionDigits: 6 })
      expect(nameAt(usd(1))).not.toBe(nameAt(usd(1.11)))
      expect(nameAt(usd(1))).not.toBe(nameAt(usd(1), new Date(at.getTime() + 300_000)))
    }),
  )
  // A large sum grows with each call, and Home that many open at once is drawn once.
  expect(nameAt('12,041.10')).toBe(nameAt('12,049.97', new Date(at.getTime() + 60_000)))
})
