import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usd } from '../money.ts'
import type { Period } from '../period.ts'
import type { Forecast } from './forecast.ts'
import { type Evaluated, type ForecastWatch, forecastAlert } from './forecast-alert.ts'
import { HOUR_MS } from './hour-of-week.ts'

const WEEKS: readonly Period[] = ['2026-11-02', '2026-11-09', '2026-11-16'].map((day) => {
  const from = new Date(`${day}T00:00:00Z`)
  return { from, until: new Date(from.getTime() + 168 * HOUR_MS) }
})
const WEEK = WEEKS[1] as Period

const hoursIn = (hours: number, period: Period = WEEK): Date =>
  new Date(period.from.getTime() + hours * HOUR_MS)

const SURE: Forecast = {
  kind: 'reaches',
  at: hoursIn(150),
  earliestAt: hoursIn(140),
  latestAt: hoursIn(160),
  expectedAtEnd: usd('120'),
}
const UNSURE: Forecast = { ...SURE, latestAt: null }
const HOLDS: Forecast = { kind: 'holds', mayReachAt: null, expectedAtEnd: usd('90') }
const REACHED: Forecast = { kind: 'reached' }
const TOO_EARLY: Forecast = { kind: 'too_early', hoursKnown: 3, hoursNeeded: 24 }

const at = (hours: number, forecast: Forecast, facts: Partial<Evaluated> = {}): Evaluated => ({
  forecast,
  period: WEEK,
  limitRevision: 1,
  now: hoursIn(hours),
  ...facts,
})

/** The evaluations at which people were told. */
function toldAt(evaluations: readonly Evaluated[]): Evaluated[] {
  let watch: ForecastWatch | null = null
  const told: Evaluated[] = []
  for (const evaluated of evaluations) {
    const decision = forecastAlert(watch, evaluated)
    watch = decision.next
    if (decision.announce !== null) told.push(evaluated)
  }
  return told
}

const anEvaluation: fc.Arbitrary<Evaluated> = fc
  .record({
    week: fc.nat(2),
    hours: fc.integer({ min: 0, max: 167 }),
    forecast: fc.constantFrom(SURE, SURE, UNSURE, UNSURE, HOLDS, REACHED, TOO_EARLY),
    limitRevision: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ week, hours, forecast, limitRevision }) => {
    const period = WEEKS[week] ?? WEEK
    return { forecast, period, limitRevision, now: hoursIn(hours, period) }
  })

describe('the alert of a forecast', () => {
  it('happens at most once for a period and a revision of the limit, in whatever order evaluations come', () => {
    fc.assert(
      fc.property(fc.array(anEvaluation, { maxLength: 60 }), (evaluations) => {
        const keys = toldAt(evaluations).map(
          ({ period, limitRevision }) => `${period.from.toISOString()} ${limitRevision}`,
        )
        expect(new Set(keys).size).toBe(keys.length)
      }),
    )
  })

  it('is only of a forecast that reaches the limit, and not in the first hours of a period', () => {
    fc.assert(
      fc.property(fc.array(anEvaluation, { maxLength: 60 }), (evaluations) => {
        for (const { forecast, period, now } of toldAt(evaluations)) {
          expect(forecast.kind).toBe('reaches')
          expect(now.getTime() - period.from.getTime()).toBeGreaterThanOrEqual(8.4 * HOUR_MS)
        }
      }),
    )
  })

  it('is told at once when the forecast is sure', () => {
    expect(toldAt([at(8, SURE), at(9, SURE), at(10, SURE)]).map(({ now }) => now)).toEqual([hoursIn(9)])
  })

  it('waits for a tenth of the period while the limit may yet hold', () => {
    const each = Array.from({ length: 60 }, (_, index) => at(20 + index, UNSURE))
    expect(toldAt(each).map(({ now }) => now)).toEqual([hoursIn(37)])
  })

  it('is not told of a forecast that comes and goes', () => {
    const aRun = fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 5 }))
    fc.assert(
      fc.property(fc.array(aRun, { maxLength: 15 }), (runs) => {
        const said = runs.flatMap(([leaning, quiet]) => [
          ...Array<Forecast>(leaning).fill(UNSURE),
          ...Array<Forecast>(quiet).fill(HOLDS),
        ])
        expect(toldAt(said.map((forecast, hour) => at(hour, forecast)))).toEqual([])
      }),
    )
  })

  it('can be told again when the limit was changed, and in the next period', () => {
    const next = WEEKS[2] ?? WEEK
    const again = [
      at(20, SURE),
      at(21, SURE),
      at(30, SURE, { limitRevision: 2 }),
      at(31, SURE, { limitRevision: 2 }),
      at(0, SURE, { limitRevision: 2, period: next, now: hoursIn(9, next) }),
    ]
    expect(toldAt(again)).toEqual([again[0], again[2], again[4]])
  })

  it('is still the same alert when the end of the period was moved', () => {
    const longer = { from: WEEK.from, until: hoursIn(400) }
    expect(toldAt([at(20, SURE), at(21, SURE, { period: longer })])).toHaveLength(1)
  })

  it('is not told any more once the limit is reached', () => {
    expect(toldAt([at(20, UNSURE), at(40, REACHED), at(41, REACHED)])).toEqual([])
  })
})
