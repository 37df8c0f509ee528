import { describe, expect, it } from 'vitest'
import { usd } from '../money.ts'
import type { Forecast } from './forecast.ts'
import { sayForecast } from './say-forecast.ts'

const NOW = new Date('2026-11-24T09:00:00Z')
const BERLIN = { timeZone: 'Europe/Berlin', now: NOW }
const at = (text: string) => new Date(`${text}Z`)

const REACHES: Forecast = {
  kind: 'reaches',
  at: at('2026-11-26T13:40:00'),
  earliestAt: at('2026-11-25T16:00:00'),
  latestAt: at('2026-11-30T22:30:00'),
  expectedAtEnd: usd('1234.5'),
}

describe('a forecast in words', () => {
  it('names the day and hour at which the limit is reached, by the clock of the team', () => {
    expect(sayForecast(REACHES, BERLIN)).toEqual({
      headline: 'at this rate 100% on Thursday 14:00',
      detail:
        'likely between Wednesday 17:00 and Monday 30 November, 23:00; without a stop $1,234.50 by the end of the period',
    })
    expect(sayForecast(REACHES, { timeZone: 'America/New_York', now: NOW }).headline).toBe(
      'at this rate 100% on Thursday 08:00',
    )
  })

  it('names the date too when the weekday could be another week’s', () => {
    const far = { ...REACHES, at: at('2026-12-03T13:40:00') }
    expect(sayForecast(far, BERLIN).headline).toBe('at this rate 100% on Thursday 3 December, 14:00')
  })

  it('names minutes only of what is hours away', () => {
    const near = { ...REACHES, at: at('2026-11-24T10:47:12') }
    expect(sayForecast(near, BERLIN).headline).toBe('at this rate 100% on Tuesday 11:47')
  })

  it('says when it may not be reached at all', () => {
    expect(sayForecast({ ...REACHES, latestAt: null }, BERLIN).detail).toContain(
      'Wednesday 17:00 at the earliest, perhaps not in this period',
    )
  })

  it('says what is expected when the limit holds, and when that is close', () => {
    const holds: Forecast = { kind: 'holds', mayReachAt: null, expectedAtEnd: usd('80') }
    expect(sayForecast(holds, BERLIN)).toEqual({
      headline: 'at this rate $80.00 by the end of the period, below the limit',
      detail: null,
    })
    expect(sayForecast({ ...holds, mayReachAt: at('2026-11-28T11:00:00') }, BERLIN).detail).toBe(
      'it is close: 100% on Saturday 12:00 at the earliest',
    )
  })

  it('says what is missing when it is too early', () => {
    expect(sayForecast({ kind: 'too_early', hoursKnown: 1, hoursNeeded: 24 }, BERLIN)).toEqual({
      headline: 'too early for a forecast',
      detail: 'known: 1 hour of spend; needed: 24 hours',
    })
    expect(sayForecast({ kind: 'reached' }, BERLIN).headline).toBe('100% is reached')
  })
})
