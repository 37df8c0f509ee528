import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RangeAsked, rangeOf } from './range.ts'

const ask = (asked: RangeAsked, now: string, timeZone: string) => {
  const read = rangeOf(asked, new Date(now), timeZone)
  if (read.kind === 'bad') throw new Error(read.problem)
  return [read.range.from.toISOString(), read.range.until.toISOString()]
}

describe('a time that is asked for', () => {
  it('is whole days of the zone, also where a day has 25 hours', () => {
    const span = { kind: 'span', first: '2026-10-25', last: '2026-10-25' } as const
    expect(ask(span, '2026-11-01T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
    expect(ask({ kind: 'today' }, '2026-11-24T20:00:00Z', 'Asia/Kolkata')[0]).toBe('2026-11-24T18:30:00.000Z')
    expect(ask({ kind: 'last_month' }, '2026-03-31T12:00:00Z', 'UTC')).toEqual([
      '2026-02-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ])
  })

  it('is refused where it has not begun', () => {
    const span = { kind: 'span', first: '2026-11-26', last: '2026-11-27' } as const
    const read = rangeOf(span, new Date('2026-11-25T12:00:00Z'), 'UTC')
    expect(read).toMatchObject({ kind: 'bad', problem: expect.stringContaining('has not begun') })
  })

  it('is followed by the next without a gap', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), zones, (days, zone) => {
        const now = new Date(Date.UTC(2026, 0, days, 12))
        const today = ask({ kind: 'today' }, now.toISOString(), zone)
        expect(ask({ kind: 'yesterday' }, now.toISOString(), zone)[1]).toBe(today[0])
      }),
    )
  })
})
