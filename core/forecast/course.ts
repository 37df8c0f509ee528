/** Walks the hours to come, hour by hour: what they will spend, and when that comes to a given sum. */
import type { Demand } from './demand.ts'
import { HOUR_MS, HOURS_PER_WEEK } from './hour-of-week.ts'

interface Walk {
  readonly demand: Demand
  readonly hourOfWeek: (atMs: number) => number
  readonly fromMs: number
  readonly untilMs: number
}

export interface Hours {
  /** Ascending, without gaps from `fromMs` to `untilMs`; the first and the last may be parts of hours. */
  readonly slices: readonly { readonly fromMs: number; readonly untilMs: number; readonly spends: number }[]
}

/** What is unusual fades by half in this time. */
const FADES_HOURS = 4
/** Growth is not taken to go on for ever. */
const GROWS_WEEKS_MAX = 6

export function courseOf({ demand, hourOfWeek, fromMs, untilMs }: Walk): Hours {
  const slices = []
  for (let atMs = fromMs; atMs < untilMs; ) {
    const hourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS
    const endMs = Math.min(hourMs + HOUR_MS, untilMs)
    const hours = (atMs - demand.sinceMs) / HOUR_MS
    const grown = Math.exp(demand.weeklyGrowth * Math.min(hours / HOURS_PER_WEEK, GROWS_WEEKS_MAX))
    const usual = demand.level * grown * (demand.shape[hourOfWeek(hourMs)] ?? 1)
    const rate = usual + demand.excess * 0.5 ** (hours / FADES_HOURS)
    slices.push({ fromMs: atMs, untilMs: endMs, spends: (rate * (endMs - atMs)) / HOUR_MS })
    atMs = endMs
  }
  return { slices }
}

export const totalOf = ({ slices }: Hours): number => slices.reduce((sum, { spends }) => sum + spends, 0)

/** When the course, taken `times` over, has spent `sum`; null when it does not. */
export function whenSpent({ slices }: Hours, sum: number, times: number): number | null {
  let spent = 0
  for (const { fromMs, untilMs, spends } of slices) {
    const more = spends * times
    if (spent + more >= sum && more > 0) return fromMs + ((untilMs - fromMs) * (sum - spent)) / more
    spent += more
  }
  return null
}
