import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthOf, periodHolds, utcDay } from './period.ts'

const anInstant = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2100-01-01T00:00:00Z'),
  noInvalidDate: true,
})

describe('a period', () => {
  it('is one of months that follow without gap or overlap', () => {
    fc.assert(
      fc.property(anInstant, (at) => {
        const month = monthOf(at)
        expect(periodHolds(month, at)).toBe(true)
        expect(monthOf(month.until).from).toEqual(month.until)
        expect(monthOf(new Date(month.from.getTime() - 1)).until).toEqual(month.from)
      }),
    )
  })

  it('holds an instant exactly when it is that instant’s month', () => {
    fc.assert(
      fc.property(anInstant, anInstant, (a, b) => {
        expect(periodHolds(monthOf(a), b)).toBe(monthOf(a).from.getTime() === monthOf(b).from.getTime())
      }),
    )
  })

  it('starts with its first millisecond and ends before its last instant', () => {
    const november = monthOf(new Date('2026-11-23T02:10:00Z'))
    expect(november).toEqual({
      from: new Date('2026-11-01T00:00:00.000Z'),
      until: new Date('2026-12-01T00:00:00.000Z'),
    })
    expect(periodHolds(november, new Date('2026-11-01T00:00:00.000Z'))).toBe(true)
    expect(periodHolds(november, new Date('2026-11-30T23:59:59.999Z'))).toBe(true)
    expect(periodHolds(november, new Date('2026-12-01T00:00:00.000Z'))).toBe(false)
  })

  it('names the day in UTC', () => {
    expect(utcDay(new Date('2026-11-23T23:59:59.999Z'))).toBe('2026-11-23')
  })
})
