/** A period of the set as it came, and what is known at an instant of it. */
import type { ForecastInput } from '../../core/forecast/forecast.ts'
import { HOUR_MS } from '../../core/forecast/hour-of-week.ts'
import { TIME_ZONE, type TwelveWeeks } from '../../core/forecast/labelled/twelve-weeks.ts'
import { type NanoUsd, nanoUsd, sumUsd } from '../../core/money.ts'
import type { Period } from '../../core/period.ts'

export interface Case {
  readonly set: TwelveWeeks
  readonly period: Period
  readonly spentAtEnd: NanoUsd
  readonly limit: NanoUsd
  /** When the limit was in truth reached, to the hour's even share; null when the period held. */
  readonly reachedAt: Date | null
}

/** `limitPercent` is of what the period came to in the end, so that some limits hold and some do not. */
export function caseOf(set: TwelveWeeks, period: Period, limitPercent: number): Case {
  const spentAtEnd = spentUntil(set, period, period.until)
  const limit = nanoUsd((spentAtEnd * BigInt(limitPercent)) / 100n)
  return { set, period, spentAtEnd, limit, reachedAt: reachedAt(set, period, limit) }
}

export function inputAt({ set, period, limit }: Case, now: Date): ForecastInput {
  const history = set.hours.filter(({ from }) => from.getTime() < now.getTime())
  return {
    history,
    stopped: [],
    period,
    spent: spentUntil(set, period, now),
    limit,
    now,
    timeZone: TIME_ZONE,
  }
}

const hoursOf = ({ hours }: TwelveWeeks, { from, until }: Period) =>
  hours.filter((hour) => hour.from.getTime() >= from.getTime() && hour.from.getTime() < until.getTime())

const spentUntil = (set: TwelveWeeks, { from }: Period, until: Date): NanoUsd =>
  sumUsd(hoursOf(set, { from, until }).map(({ spent }) => spent))

function reachedAt(set: TwelveWeeks, period: Period, limit: NanoUsd): Date | null {
  let total = 0n
  for (const { from, spent } of hoursOf(set, period)) {
    if (total + spent >= limit && spent > 0n)
      return new Date(from.getTime() + (Number(limit - total) / Number(spent)) * HOUR_MS)
    total += spent
  }
  return null
}
