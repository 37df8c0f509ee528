/** What a forecast says as JSON: instants as text, money as the digits of its nano-dollars. */
import type { CoursePoint } from '../../core/forecast/course-points.ts'
import type { Forecast } from '../../core/forecast/forecast.ts'
import { nanoUsd } from '../../core/money.ts'
import { unreachable } from '../../core/unreachable.ts'

export type StoredForecast =
  | {
      readonly kind: 'reaches'
      readonly at: string
      readonly earliestAt: string
      readonly latestAt: string | null
      readonly expectedAtEnd: string
    }
  | { readonly kind: 'holds'; readonly mayReachAt: string | null; readonly expectedAtEnd: string }
  | Extract<Forecast, { kind: 'reached' | 'too_early' }>

/** When in milliseconds, then expected, low and high. */
export type StoredCourse = readonly (readonly [number, string, string, string])[]

export const toStoredCourse = (course: readonly CoursePoint[]): StoredCourse =>
  course.map(({ at, expected, low, high }) => [at.getTime(), `${expected}`, `${low}`, `${high}`])

export const fromStoredCourse = (course: StoredCourse): CoursePoint[] =>
  course.map(([atMs, expected, low, high]) => ({
    ...{ at: new Date(atMs), expected: amount(expected), low: amount(low), high: amount(high) },
  }))

export function toStoredForecast(forecast: Forecast): StoredForecast {
  switch (forecast.kind) {
    case 'reaches':
      return {
        kind: 'reaches',
        at: forecast.at.toISOString(),
        earliestAt: forecast.earliestAt.toISOString(),
        latestAt: forecast.latestAt?.toISOString() ?? null,
        expectedAtEnd: `${forecast.expectedAtEnd}`,
      }
    case 'holds':
      return {
        kind: 'holds',
        mayReachAt: forecast.mayReachAt?.toISOString() ?? null,
        expectedAtEnd: `${forecast.expectedAtEnd}`,
      }
    case 'reached':
    case 'too_early':
      return forecast
    default:
      return unreachable(forecast)
  }
}

export function fromStoredForecast(stored: StoredForecast): Forecast {
  switch (stored.kind) {
    case 'reaches': {
      const { at, earliestAt, latestAt, expectedAtEnd } = stored
      const instants = { at: new Date(at), earliestAt: new Date(earliestAt), latestAt: instant(latestAt) }
      return { kind: 'reaches', ...instants, expectedAtEnd: amount(expectedAtEnd) }
    }
    case 'holds': {
      const { mayReachAt, expectedAtEnd } = stored
      return { kind: 'holds', mayReachAt: instant(mayReachAt), expectedAtEnd: amount(expectedAtEnd) }
    }
    case 'reached':
    case 'too_early':
      return stored
    default:
      return unreachable(stored)
  }
}

const amount = (digits: string) => nanoUsd(BigInt(digits))
const instant = (text: string | null): Date | null => (text === null ? null : new Date(text))
