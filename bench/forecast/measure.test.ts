import { describe, expect, it } from 'vitest'
import { forecast } from '../../core/forecast/forecast.ts'
import { twelveWeeks } from '../../core/forecast/labelled/twelve-weeks.ts'
import type { Case } from './case.ts'
import { countCrossing, countEnd, noErrors } from './errors.ts'
import { measure, nothingMeasured, type Way } from './measure.ts'
import { naiveForecast } from './naive.ts'
import { figuresOf } from './table.ts'

describe('the measure of forecasts', () => {
  const figures = (way: Way) => {
    const measured = nothingMeasured()
    measure(way, twelveWeeks('everything', 2001), 'weekly', [measured])
    return figuresOf(measured)
  }

  it('finds the forecast closer than the mean of the last seven days, with fewer false alerts', () => {
    const ours = figures(forecast)
    const naive = figures(naiveForecast)
    expect(ours.end_error_p50_percent).toBeLessThan(naive.end_error_p50_percent)
    expect(ours.crossing_error_p50_h).toBeLessThan(naive.crossing_error_p50_h)
    expect(ours.alerts_false_percent).toBeLessThan(naive.alerts_false_percent)
  })

  it('finds nothing amiss with one who knows what comes', () => {
    const errors = noErrors()
    const set = twelveWeeks('steady', 1)
    const period = { from: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-12-01T00:00:00Z') }
    const reachedAt = new Date('2026-11-20T00:00:00Z')
    const spentAtEnd = set.hours[0]?.spent
    if (spentAtEnd === undefined) throw new Error('an empty set')
    const its: Case = { set, period, spentAtEnd, limit: spentAtEnd, reachedAt }
    const said = {
      kind: 'reaches',
      at: reachedAt,
      earliestAt: reachedAt,
      latestAt: null,
      expectedAtEnd: spentAtEnd,
    } as const
    countEnd(errors, said, its.spentAtEnd)
    countCrossing(errors, said, its)
    countCrossing(errors, { kind: 'holds', mayReachAt: null, expectedAtEnd: spentAtEnd }, its)
    countCrossing(errors, said, { ...its, reachedAt: null })
    expect(errors).toMatchObject({
      endPercents: [0],
      crossingHours: [0],
      ...{ ofReached: 2, missed: 1, ofHeld: 1, falsely: 1 },
    })
  })
})
