/** How much is asked of each counter, by the half second before this one or this one so far. */
import { addUsd, maxUsd, type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'

export interface Demand {
  readonly asks: number
  readonly amount: NanoUsd
}

export interface DemandMeter {
  note(name: string, amount: NanoUsd, nowMs: number): void
  perSecond(name: string, nowMs: number): Demand
}

const WINDOW_MS = 500
const WINDOWS_PER_SECOND = 2
/** Counters of users come and go; what was asked of one that is forgotten is asked again. */
const COUNTERS_MAX = 10_000

interface Windows {
  startMs: number
  running: Demand
  before: Demand
}

const NOTHING: Demand = { asks: 0, amount: zeroUsd }

export function demandMeter(): DemandMeter {
  const meters = new Map<string, Windows>()
  const at = (name: string, nowMs: number): Windows => {
    if (meters.size >= COUNTERS_MAX && !meters.has(name)) meters.clear()
    const of = meters.get(name) ?? { startMs: nowMs, running: NOTHING, before: NOTHING }
    meters.set(name, of)
    const agoMs = nowMs - of.startMs
    if (agoMs >= WINDOW_MS) {
      of.before = agoMs < 2 * WINDOW_MS ? of.running : NOTHING
      of.running = NOTHING
      of.startMs = nowMs
    }
    return of
  }
  return {
    note(name, amount, nowMs) {
      const of = at(name, nowMs)
      of.running = { asks: of.running.asks + 1, amount: addUsd(of.running.amount, amount) }
    },
    perSecond(name, nowMs) {
      const { running, before } = at(name, nowMs)
      return {
        asks: Math.max(running.asks, before.asks) * WINDOWS_PER_SECOND,
        amount: nanoUsd(maxUsd(running.amount, before.amount) * BigInt(WINDOWS_PER_SECOND)),
      }
    },
  }
}
