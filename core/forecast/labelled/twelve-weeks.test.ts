import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type NanoUsd, sumUsd } from '../../money.ts'
import { HOUR_MS } from '../hour-of-week.ts'
import type { HourlySpend } from '../past-hours.ts'
import { MONTHS, WEEKS } from './labelled-periods.ts'
import { SCENARIOS, TWELVE_WEEKS, twelveWeeks } from './twelve-weeks.ts'

const spentIn = (hours: readonly HourlySpend[], from: Date, until: Date): NanoUsd =>
  sumUsd(hours.filter((hour) => hour.from >= from && hour.from < until).map(({ spent }) => spent))

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
        for (const { span } of labels.incidents) {
          const length = span.until.getTime() - span.from.getTime()
          const day = new Date(span.from.getTime() - 24 * HOUR_MS)
          const same = new Date(day.getTime() + length)
          expect(spentIn(hours, span.from, span.until) > spentIn(hours, day, same)).toBe(true)
        }
      }),
      { numRuns: 20 },
    )
  })
})
