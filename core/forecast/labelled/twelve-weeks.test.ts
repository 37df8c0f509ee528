import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../hour-of-week.ts'
import { MONTHS, WEEKS } from './labelled-periods.ts'
import { SCENARIOS, TWELVE_WEEKS, twelveWeeks } from './twelve-weeks.ts'

describe('the labelled twelve weeks', () => {
  it('are the same for the same seed, and others for another', () => {
    for (const scenario of SCENARIOS) {
      expect(twelveWeeks(scenario, 7)).toEqual(twelveWeeks(scenario, 7))
      expect(twelveWeeks(scenario, 7).hours).not.toEqual(twelveWeeks(scenario, 8).hours)
    }
  })

  it('have every hour of 84 days, one of them of 25 hours', () => {
    const { hours } = twelveWeeks('steady', 1)
    expect(hours).toHaveLength(84 * 24 + 1)
    expect(hours.every(({ from }, n) => from.getTime() === TWELVE_WEEKS.from.getTime() + n * HOUR_MS)).toBe(
      true,
    )
    for (const { from, until } of [...WEEKS, ...MONTHS]) {
      expect(from >= TWELVE_WEEKS.from && until <= TWELVE_WEEKS.until).toBe(true)
    }
  })

  it('hold what their labels say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (seed) => {
        const { labels, hours } = twelveWeeks('everything', seed)
        expect(labels.weeklyGrowth).toBeGreaterThan(0)
        expect(labels.launch).not.toBeNull()
        expect(labels.incidents).toHaveLength(2)
        for (const { span, times } of labels.incidents) {
          const within = hours.filter(({ from }) => from >= span.from && from < span.until)
          expect(within).not.toHaveLength(0)
          const least = BigInt(Math.floor(times * labels.usdPerHour * 1e9))
          expect(within.every(({ spent }) => spent >= least)).toBe(true)
        }
      }),
      { numRuns: 20 },
    )
  })
})
