import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DayLevel } from './day-levels.ts'
import { recentLevel } from './recent-level.ts'
import { weeklyGrowth } from './weekly-growth.ts'

const daysOf = (levels: readonly number[]): DayLevel[] =>
  levels.map((level, daysAgo) => ({ daysAgo, level, weight: 24 }))
const aLevel = fc.double({ min: 0.01, max: 100, noNaN: true })
const levelsOf = (minLength: number) => fc.array(aLevel, { minLength, maxLength: 20 })

describe('the level to go on from', () => {
  it('is never lower for a day that spent more, where days spend something', () => {
    fc.assert(
      fc.property(levelsOf(1), fc.nat(19), aLevel, (levels, at, more) => {
        const raised = levels.map((level, index) => (index === at % levels.length ? level + more : level))
        const before = recentLevel(daysOf(levels)).level
        expect(recentLevel(daysOf(raised)).level).toBeGreaterThanOrEqual(before * (1 - 1e-12))
      }),
    )
  })

  it('is at most 1.3 times the highest day, one day left aside, however high that one is', () => {
    fc.assert(
      fc.property(levelsOf(5), fc.nat(19), (levels, at) => {
        const spiked = levels.map((level, index) => (index === at % levels.length ? 1e9 : level))
        const others = levels.filter((_, index) => index !== at % levels.length)
        expect(recentLevel(daysOf(spiked)).level).toBeLessThanOrEqual(1.3 * Math.max(...others) + 1e-9)
      }),
    )
  })

  it('is all of a step within ten days, and most of it within five', () => {
    const step = (days: number) => daysOf([...Array(days).fill(2), ...Array(20 - days).fill(1)])
    expect(recentLevel(step(5)).level).toBeGreaterThan(1.75)
    expect(recentLevel(step(10)).level).toBe(2)
  })

  it('is the mean where most days spend nothing, and nothing where none spend', () => {
    expect(recentLevel([]).level).toBe(0)
    expect(recentLevel(daysOf(Array(10).fill(0))).level).toBe(0)
    const { level } = recentLevel(daysOf([0, 0, 3, 0, 0, 0, 3, 0, 0, 0]))
    expect(level).toBeGreaterThan(0.3)
    expect(level).toBeLessThan(0.9)
  })
})

describe('weekly growth', () => {
  const weeksOf = (weeks: readonly number[]) => daysOf(weeks.flatMap((level) => Array(7).fill(level)))

  it('is seen when every week has it, and never more of it than there is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.03, max: 0.2, noNaN: true }), (growth) => {
        const found = weeklyGrowth(weeksOf([0, 1, 2, 3, 4].map((ago) => (1 + growth) ** -ago)))
        expect(found).toBeGreaterThan(0)
        expect(found).toBeLessThan(Math.log(1 + growth))
      }),
    )
  })

  it('is none for a launch, and none for a day of incident, however large', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 34 }),
        fc.double({ min: 1, max: 1000, noNaN: true }),
        (at, times) => {
          const even = Array.from({ length: 35 }, () => 1)
          expect(weeklyGrowth(daysOf(even.map((level, ago) => (ago < at ? level * times : level))))).toBe(0)
          expect(weeklyGrowth(daysOf(even.map((level, ago) => (ago === at ? level * times : level))))).toBe(0)
        },
      ),
    )
  })

  it('is not guessed from less than four weeks', () => {
    expect(weeklyGrowth(weeksOf([4, 2, 1]))).toBe(0)
    expect(weeklyGrowth(weeksOf([1.3, 1.2, 1.1, 1]))).toBeGreaterThan(0)
  })
})
