/**
 * The past as the forecast sees it: every whole hour from the first spend to the one before now, without those in
 * which a stop kept calls away, as they tell nothing of what would have been spent.
 * Invariant: here alone money becomes a float, as its share of all that was spent in those hours. A share is the
 * same whatever the currency's unit, so that a forecast's instants don't depend on how large the amounts are.
 */
import { type NanoUsd, nanoUsd, sumUsd, zeroUsd } from '../money.ts'
import type { Period } from '../period.ts'
import { HOUR_MS } from './hour-of-week.ts'

/** What was spent in the hour that starts at `from`, a whole hour in UTC. */
export interface HourlySpend {
  readonly from: Date
  readonly spent: NanoUsd
}

export interface PastHour {
  readonly atMs: number
  readonly hourOfWeek: number
  /** As a share of the unit. */
  readonly spent: number
}

export interface Past {
  /** Ascending. */
  readonly hours: readonly PastHour[]
  /** The start of the hour that now is in: what came before is known in full. */
  readonly endMs: number
  /** From the first spend to `endMs`. */
  readonly hoursKnown: number
  /** All that was spent in those hours; 1 nano-dollar when nothing was, as a share of nothing has no value. */
  readonly unit: NanoUsd
}

/** No more is looked at, so that a forecast follows what a team does now. */
const PAST_HOURS_MAX = 8 * 168

interface Given {
  readonly history: readonly HourlySpend[]
  readonly stopped: readonly Period[]
  readonly now: Date
  readonly hourOfWeek: (atMs: number) => number
}

export function pastHours({ history, stopped, now, hourOfWeek }: Given): Past {
  const endMs = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const spentAt = spentByHour(history, endMs)
  const firstMs = Math.min(endMs, ...spentAt.keys())
  const total = sumUsd([...spentAt.values()])
  const unit = total > 0n ? total : nanoUsd(1n)
  const hours: PastHour[] = []
  for (let atMs = firstMs; atMs < endMs; atMs += HOUR_MS) {
    if (stopped.some((span) => span.from.getTime() < atMs + HOUR_MS && atMs < span.until.getTime())) continue
    hours.push({ atMs, hourOfWeek: hourOfWeek(atMs), spent: shareOf(spentAt.get(atMs) ?? zeroUsd, unit) })
  }
  return { hours, endMs, hoursKnown: (endMs - firstMs) / HOUR_MS, unit }
}

/** Sums per hour above zero; an adjustment can make an hour negative, which is no rate to go on. */
function spentByHour(history: readonly HourlySpend[], endMs: number): Map<number, NanoUsd> {
  const sums = new Map<number, NanoUsd>()
  for (const { from, spent } of history) {
    const atMs = Math.floor(from.getTime() / HOUR_MS) * HOUR_MS
    if (atMs >= endMs || atMs < endMs - PAST_HOURS_MAX * HOUR_MS) continue
    sums.set(atMs, nanoUsd((sums.get(atMs) ?? 0n) + spent))
  }
  return new Map([...sums].filter(([, spent]) => spent > 0n))
}

const SHARES_PER_UNIT = 10n ** 18n

/** Divided as integers first: exactly the same for amounts that are all k times as large. */
export const shareOf = (amount: NanoUsd, unit: NanoUsd): number =>
  Number((amount * SHARES_PER_UNIT) / unit) / Number(SHARES_PER_UNIT)

/** Back to money, rounded to nano-dollars or, for shares above a million, to what a float can tell. */
export const amountOf = (share: number, unit: NanoUsd): NanoUsd =>
  nanoUsd((BigInt(Math.round(share * 1e15)) * unit) / 10n ** 15n)
