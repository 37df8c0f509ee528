/** The forecast in words, as parts that a card or a message puts together. */
import { showUsd } from '../money.ts'
import { unreachable } from '../unreachable.ts'
import type { Forecast } from './forecast.ts'
import { DAY_MS, HOUR_MS } from './hour-of-week.ts'

export interface SaidForecast {
  /** `at this rate 100% on Thursday 14:00`. */
  readonly headline: string
  /** How sure that is, and what is expected at the end; null where there is nothing to add. */
  readonly detail: string | null
}

interface Reader {
  readonly timeZone: string
  readonly now: Date
}

export function sayForecast(forecast: Forecast, reader: Reader): SaidForecast {
  switch (forecast.kind) {
    case 'reaches': {
      const { at, earliestAt, latestAt, expectedAtEnd } = forecast
      const range =
        latestAt === null
          ? `${sayInstant(earliestAt, reader)} at the earliest, perhaps not in this period`
          : `likely between ${sayInstant(earliestAt, reader)} and ${sayInstant(latestAt, reader)}`
      return {
        headline: `at this rate 100% ${onDay(at, reader)}`,
        detail: `${range}; without a stop ${showUsd(expectedAtEnd)} by the end of the period`,
      }
    }
    case 'holds': {
      const { mayReachAt, expectedAtEnd } = forecast
      return {
        headline: `at this rate ${showUsd(expectedAtEnd)} by the end of the period, below the limit`,
        detail: mayReachAt === null ? null : `it is close: 100% ${onDay(mayReachAt, reader)} at the earliest`,
      }
    }
    case 'reached':
      return { headline: '100% is reached', detail: null }
    case 'too_early':
      return {
        headline: 'too early for a forecast',
        detail: `known: ${hoursOf(forecast.hoursKnown)} of spend; needed: ${hoursOf(forecast.hoursNeeded)}`,
      }
    default:
      return unreachable(forecast)
  }
}

/** Minutes say something only of what is near. */
const NEAR_MS = 6 * HOUR_MS
/** Within this a weekday names one day. */
const WEEKDAY_ALONE_MS = 6 * DAY_MS

const onDay = (at: Date, reader: Reader): string => `on ${sayInstant(at, reader)}`

/** `Thursday 14:00`, and from six days ahead `Thursday 3 December, 14:00`: rounded down, to be early and not late. */
function sayInstant(at: Date, { timeZone, now }: Reader): string {
  const awayMs = at.getTime() - now.getTime()
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      ...{ weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  const time = `${part('hour')}:${awayMs < NEAR_MS ? part('minute') : '00'}`
  if (awayMs < WEEKDAY_ALONE_MS) return `${part('weekday')} ${time}`
  return `${part('weekday')} ${part('day')} ${part('month')}, ${time}`
}

const hoursOf = (hours: number): string => `${hours} ${hours === 1 ? 'hour' : 'hours'}`
