/**
 * What this replica has leased, as far as it knows: drawn from before Postgres is asked, which has the last word.
 * Invariant: no more is drawn than was leased; a lease that is over, or of which nothing certain is known, is forgotten.
 */
import { type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import type { Leased } from '../../db/postgres/grant-holds.ts'
import type { Lease } from '../../db/postgres/leases.ts'
import { type Demand, demandMeter } from './demand-meter.ts'

export interface Draw {
  /** The name of a counter. */
  readonly name: string
  readonly amount: NanoUsd
}

export interface LeaseBook {
  /** The lease of each draw, if all have enough; else nothing is drawn. */
  draw(draws: readonly Draw[], nowMs: number): readonly string[] | null
  /** Puts back what was drawn and not used. */
  putBack(draws: readonly Draw[]): void
  /** Notes what was held of a counter, by a lease or without. */
  noteDemand(draws: readonly Draw[], nowMs: number): void
  /** What more would be leased of a counter: enough for the demand of a second. */
  wishOf(name: string, nowMs: number): NanoUsd
  keep(name: string, lease: Leased, nowMs: number): void
  forget(leaseIds: readonly string[]): void
  /** Takes those out that nothing was drawn from for a while. */
  takeIdle(nowMs: number): Lease[]
  takeAll(): Lease[]
}

interface Kept {
  readonly lease: Lease
  left: NanoUsd
  drawnAtMs: number
}

/** A counter of which fewer holds are asked in a second does well without a lease. */
const HOT_PER_SECOND = 10
const IDLE_MS = 1_000
/** A lease is not drawn from so shortly before its end: the statement has to come before it. */
const END_MARGIN_MS = 250

export function leaseBook(): LeaseBook {
  const kept = new Map<string, Kept>()
  const meters = demandMeter()
  const isOpen = ({ lease }: Kept, nowMs: number) => lease.expiresAt.getTime() - END_MARGIN_MS > nowMs
  const take = (which: (of: Kept) => boolean): Lease[] => {
    const taken = [...kept].filter(([, of]) => which(of))
    for (const [name] of taken) kept.delete(name)
    return taken.map(([, { lease }]) => lease)
  }
  return {
    draw(draws, nowMs) {
      const found = draws.map(({ name, amount }) => {
        const of = kept.get(name)
        return of && isOpen(of, nowMs) && of.left >= amount ? of : null
      })
      const open = found.filter((of) => of !== null)
      if (open.length < draws.length) return null
      for (const [place, of] of open.entries()) {
        of.left = nanoUsd(of.left - (draws[place]?.amount ?? zeroUsd))
        of.drawnAtMs = nowMs
      }
      return open.map(({ lease }) => lease.id)
    },
    putBack(draws) {
      for (const { name, amount } of draws) {
        const of = kept.get(name)
        if (of) of.left = nanoUsd(of.left + amount)
      }
    },
    noteDemand: (draws, nowMs) => {
      for (const { name, amount } of draws) meters.note(name, amount, nowMs)
    },
    wishOf(name, nowMs) {
      const demand: Demand = meters.perSecond(name, nowMs)
      if (demand.asks < HOT_PER_SECOND) return zeroUsd
      const of = kept.get(name)
      const left = of && isOpen(of, nowMs) ? of.left : zeroUsd
      return left >= demand.amount ? zeroUsd : nanoUsd(demand.amount - left)
    },
    keep(name, { added, ...lease }, nowMs) {
      const of = kept.get(name)
      const isSame = of?.lease.id === lease.id && isOpen(of, nowMs)
      // Of one that is drawn from meanwhile, what Postgres says is not what is left: only what came to it is certain.
      const left = isSame ? nanoUsd(of.left + added) : lease.amount
      kept.set(name, { lease, left, drawnAtMs: nowMs })
    },
    forget(leaseIds) {
      take(({ lease }) => leaseIds.includes(lease.id))
    },
    takeIdle: (nowMs) => take(({ drawnAtMs }) => nowMs - drawnAtMs > IDLE_MS),
    takeAll: () => take(() => true),
  }
}
