import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { hourOfWeekIn } from './hour-of-week.ts'

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Asia/Kolkata', 'Asia/Kathmandu'],
  ...['Australia/Lord_Howe', 'Pacific/Chatham', 'Pacific/Apia', 'Africa/Casablanca', 'America/Sao_Paulo'],
]

describe('the hour of the week', () => {
  it('is what the clock of the zone shows, through every change of it', () => {
    const anInstant = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2040-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), anInstant, (zone, at) => {
        const hourOfWeek = hourOfWeekIn(zone)
        for (let hours = 0; hours < 72; hours += 1) {
          const ms = at.getTime() + hours * 3_600_000
          const shown = DateTime.fromMillis(ms, { zone })
          expect(hourOfWeek(ms)).toBe((shown.weekday - 1) * 24 + shown.hour)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is 25 hours of a Sunday in Berlin when the clock goes back', () => {
    const hourOfWeek = hourOfWeekIn('Europe/Berlin')
    const midnight = new Date('2026-10-24T22:00:00Z').getTime()
    const hours = Array.from({ length: 25 }, (_, hour) => hourOfWeek(midnight + hour * 3_600_000) - 144)
    expect(hours).toEqual([0, 1, 2, 2, ...Array.from({ length: 21 }, (_, hour) => hour + 3)])
  })
})
