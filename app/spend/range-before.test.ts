import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RangeAsked, rangeOf } from './range.ts'
import { comparedRanges } from './range-before.ts'

function compared(asked: RangeAsked, now: string, timeZone: string) {
  const at = new Date(now)
  const read = rangeOf(asked, at, timeZone)
  if (read.kind === 'bad') throw new Error(read.problem)
  return comparedRanges(asked, read.range, at)
}
const span = ({ from, until }: { readonly from: Date; readonly until: Date }) =>
  [from, until].map((at) => at.toISOString().slice(0, 16)).join(' ')

describe('the time that another is compared with', () => {
  it('is the same days of last month, up to the same time of day', () => {
    const { range, before } = compared({ kind: 'mtd' }, '2026-11-25T12:30:00Z', 'UTC')
    expect(span(range)).toBe('2026-11-01T00:00 2026-11-25T12:30')
    expect(span(before)).toBe('2026-10-01T00:00 2026-10-25T12:30')
  })

  it('is the whole month before, where that has no such day', () => {
    const { before } = compared({ kind: 'mtd' }, '2026-03-30T09:00:00Z', 'UTC')
    expect(span(before)).toBe('2026-02-01T00:00 2026-03-01T00:00')
    expect(span(compared({ kind: 'last_month' }, '2026-03-30T09:00:00Z', 'UTC').before)).toBe(
      '2026-01-01T00:00 2026-02-01T00:00',
    )
  })

  it('is as many days, though one of them has 25 hours', () => {
    const asked = { kind: 'days', days: 7 } as const
    const { range, before } = compared(asked, '2026-10-27T11:00:00Z', 'Europe/Berlin')
    expect(span(range)).toBe('2026-10-20T22:00 2026-10-27T11:00')
    expect(span(before)).toBe('2026-10-13T22:00 2026-10-20T10:00')
  })

  it('never overlaps it, and never lies in the future', () => {
    const asked = fc.oneof(
      fc.constantFrom<RangeAsked>(
        { kind: 'today' },
        { kind: 'yesterday' },
        { kind: 'mtd' },
        { kind: 'last_month' },
        { kind: 'span', first: '2026-01-01', last: '2026-12-31' },
      ),
      fc.integer({ min: 1, max: 366 }).map((days): RangeAsked => ({ kind: 'days', days })),
    )
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata')
    const minutes = fc.integer({ min: 0, max: 365 * 1440 - 1 })
    fc.assert(
      fc.property(asked, zones, minutes, (one, zone, minute) => {
        const now = new Date(Date.UTC(2026, 0, 2) + minute * 60_000)
        const { range, before } = compared(one, now.toISOString(), zone)
        expect(before.until.getTime()).toBeLessThanOrEqual(range.from.getTime())
        expect(before.from.getTime()).toBeLessThan(before.until.getTime())
        expect(range.until.getTime()).toBeLessThanOrEqual(now.getTime())
      }),
      { examples: [[{ kind: 'today' }, 'UTC', 0]] },
    )
  })
})
