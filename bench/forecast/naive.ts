/** What the forecast is measured against: every hour to come spends the mean of the last seven days. */
import type { Forecast, ForecastInput } from '../../core/forecast/forecast.ts'
import { DAY_MS } from '../../core/forecast/hour-of-week.ts'
import { nanoUsd, sumUsd } from '../../core/money.ts'

const WEEK_MS = 7 * DAY_MS

export function naiveForecast({ history, period, spent, limit, now }: ForecastInput): Forecast {
  if (spent >= limit) return { kind: 'reached' }
  const nowMs = now.getTime()
  const last = history.filter(({ from }) => from.getTime() < nowMs && from.getTime() >= nowMs - WEEK_MS)
  const perWeek = sumUsd(last.map((hour) => hour.spent))
  const leftMs = period.until.getTime() - nowMs
  const expectedAtEnd = nanoUsd(spent + (perWeek * BigInt(leftMs)) / BigInt(WEEK_MS))
  if (expectedAtEnd <= limit) return { kind: 'holds', mayReachAt: null, expectedAtEnd }
  const at = new Date(nowMs + Number(((limit - spent) * BigInt(WEEK_MS)) / perWeek))
  return { kind: 'reaches', at, earliestAt: at, latestAt: at, expectedAtEnd }
}
