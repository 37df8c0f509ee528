import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInstant } from './rfc3339.ts'

describe('an instant of RFC 3339', () => {
  it('reads back as it was written, to the millisecond', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(dates, (at) => {
        expect(parseInstant(at.toISOString())).toEqual(at)
      }),
    )
  })

  it.each([
    ['2026-11-23T02:10:00Z', '2026-11-23T02:10:00.000Z'],
    ['2026-11-23t02:10:00.5z', '2026-11-23T02:10:00.500Z'],
    ['2026-11-23T02:10:00.123999999Z', '2026-11-23T02:10:00.123Z'],
    ['2026-11-23T02:10:00+05:30', '2026-11-22T20:40:00.000Z'],
    ['2026-11-23T02:10:00-08:00', '2026-11-23T10:10:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseInstant(text)?.toISOString()).toBe(iso)
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-11-23T00:00:00',
    '2026-11-23T00:00:00+24:00',
    '2026-02-29T00:00:00.000Z',
    '2100-02-29T00:00:00.000Z',
    '2026-04-31T00:00:00.000Z',
    '2026-00-10T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-11-00T00:00:00.000Z',
    '2026-11-23T24:00:00.000Z',
    '2026-11-23T00:60:00.000Z',
    '2016-12-31T23:59:60.000Z',
    '2026-11-23T00:00:00.0000',
    '2026-11-23',
    'yesterday',
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeNull()
  })
})
