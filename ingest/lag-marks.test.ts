import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lagMarks } from './lag-marks.ts'

describe('the lag of a reader', () => {
  it('is the age of the oldest event that it has not passed, to the look that first saw it', () => {
    const steps = fc.array(fc.record({ events: fc.nat({ max: 50 }), ms: fc.nat({ max: 100 }) }), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(steps, fc.nat({ max: 2_000 }), (looks, wanted) => {
        const marks = lagMarks()
        let [end, now] = [0, 0]
        const seenAt: number[] = []
        for (const { events, ms } of looks) {
          end += events
          now += ms
          marks.note(end, now)
          while (seenAt.length < end) seenAt.push(now)
        }
        const next = Math.min(wanted, end)
        expect(marks.ageMs(next, now)).toBe(next < end ? now - (seenAt[next] ?? 0) : 0)
      }),
    )
  })

  it('stays the same when what lies below is forgotten', () => {
    const marks = lagMarks()
    for (let look = 1; look <= 100; look += 1) marks.note(look * 10, look)
    const before = marks.ageMs(500, 200)
    marks.forgetBelow(500)
    expect([marks.ageMs(500, 200), before]).toEqual([149, 149])
  })

  it('is never told too long when a reader is so far behind that looks are forgotten', () => {
    const marks = lagMarks(16)
    for (let look = 1; look <= 10_000; look += 1) marks.note(look, look)
    for (let next = 0; next < 10_000; next += 97) {
      const age = marks.ageMs(next, 10_000)
      expect(age).toBeLessThanOrEqual(10_000 - next - 1)
      expect(age).toBeGreaterThanOrEqual(0)
    }
    expect(marks.ageMs(9_999, 10_000)).toBe(0)
  })
})
