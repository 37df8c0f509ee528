/**
 * The life of a hold: live, then settled, released or expired; and what each step does to the counters that held it.
 * Laws: a live hold counts in `held` by its entries, and nothing else does; a step taken twice changes nothing the second
 * time; in whatever order the reports of a call come, its counters end at what it cost.
 *
 * Entries outlive the hold: a settlement that comes late still knows where to post. While the state is 'settled' they say
 * what was posted ahead of the call's event; the event takes them away with what it posts itself.
 */
import type { Counter } from '../budget/scope.ts'
import { type NanoUsd, nanoUsd, zeroUsd } from '../money.ts'

export type HoldState = 'live' | 'settled' | 'released' | 'expired'

export interface CounterRef {
  readonly budgetId: string
  /** The beginning of the period. */
  readonly from: Date
  readonly counter: Counter
}

export interface HoldEntry extends CounterRef {
  readonly amount: NanoUsd
}

export interface Hold {
  readonly state: HoldState
  readonly amount: NanoUsd
  readonly entries: readonly HoldEntry[]
  /** What the call cost, once somebody has said so. */
  readonly settled: NanoUsd | null
  /** It cost more than was held for it. */
  readonly isOver: boolean
  readonly expiresAt: Date
  /** Expired, it stays counted until then: a call that is slow to report must find its room. */
  readonly countedUntil: Date
  readonly endedAt: Date | null
}

/** What a step adds to a counter; it may be negative. */
export interface CounterChange extends CounterRef {
  readonly held: NanoUsd
  readonly spent: NanoUsd
}

export interface Step {
  readonly hold: Hold
  readonly changes: readonly CounterChange[]
}

/** How long an expired hold stays counted. */
export const GRACE_MS = 60_000

/** When the event of a call that is held now is taken to be there at the latest. */
export const reportedUntilOf = (now: Date, ttlS: number): Date =>
  countedUntilOf(new Date(now.getTime() + ttlS * 1_000))

export const countedUntilOf = (expiresAt: Date): Date => new Date(expiresAt.getTime() + GRACE_MS)

/**
 * What the caller says that the call cost, posted at once: where a budget held it in two periods, to the one in which it
 * began. The first word stands; the event, which knows its time, has the last.
 */
export function settle(hold: Hold, cost: NanoUsd, now: Date): Step {
  if (hold.state === 'settled') return unchanged(hold)
  return {
    hold: {
      ...ended(hold, 'settled', now),
      entries: hold.entries.map((entry) => ({ ...entry, amount: costIn(hold, entry, cost) })),
      ...costing(hold, cost),
    },
    changes: hold.entries.map((entry) => ({
      ...refOf(entry),
      held: freed(hold, entry),
      spent: costIn(hold, entry, cost),
    })),
  }
}

const costIn = (hold: Hold, entry: HoldEntry, cost: NanoUsd): NanoUsd =>
  isOfFirstPeriod(hold, entry) ? cost : zeroUsd

/** Whether no earlier period of the same counter holds the call. */
export const isOfFirstPeriod = ({ entries }: Pick<Hold, 'entries'>, entry: CounterRef): boolean =>
  !entries.some(
    ({ budgetId, counter, from }) =>
      budgetId === entry.budgetId && counter === entry.counter && from.getTime() < entry.from.getTime(),
  )

/**
 * The event of the call: its own cost is posted by the ledger, here only what it replaces is taken back. One without a
 * price leaves the hold counted, up to the end of the period that holds it, or until a price is known.
 */
export function settleByEvent(hold: Hold, cost: NanoUsd | null, periodUntil: Date, now: Date): Step {
  if (cost === null) return hold.state === 'live' ? unchanged(keptUntil(hold, periodUntil)) : unchanged(hold)
  return {
    hold: { ...ended(hold, 'settled', now), entries: [], ...costing(hold, cost) },
    changes: hold.entries.flatMap((entry) => {
      if (hold.state === 'live') return [{ ...refOf(entry), held: freed(hold, entry), spent: zeroUsd }]
      if (hold.state !== 'settled') return []
      return [{ ...refOf(entry), held: zeroUsd, spent: nanoUsd(-entry.amount) }]
    }),
  }
}

/** The call was not made. What was reported is no longer anybody's to take back. */
export const release = (hold: Hold, now: Date): Step =>
  hold.state === 'live' && !isReported(hold) ? free(hold, 'released', now) : unchanged(hold)

/** Nobody has said what became of the call. */
export const expire = (hold: Hold, now: Date): Step =>
  hold.state === 'live' && hold.countedUntil.getTime() <= now.getTime()
    ? free(hold, 'expired', now)
    : unchanged(hold)

/** The call was made and has no price: its event was counted, and the hold stands for what it cost. */
export const isReported = ({ expiresAt, countedUntil }: Hold): boolean =>
  countedUntil.getTime() > countedUntilOf(expiresAt).getTime()

function keptUntil(hold: Hold, periodUntil: Date): Hold {
  const usual = countedUntilOf(hold.expiresAt).getTime()
  return { ...hold, countedUntil: new Date(Math.max(periodUntil.getTime(), usual + 1)) }
}

const free = (hold: Hold, state: 'released' | 'expired', now: Date): Step => ({
  hold: ended(hold, state, now),
  changes: hold.entries.map((entry) => ({ ...refOf(entry), held: freed(hold, entry), spent: zeroUsd })),
})

const unchanged = (hold: Hold): Step => ({ hold, changes: [] })

const ended = (hold: Hold, state: HoldState, now: Date): Hold => ({
  ...hold,
  state,
  endedAt: hold.state === state ? hold.endedAt : now,
})

const costing = (hold: Hold, cost: NanoUsd) => ({ settled: cost, isOver: cost > hold.amount })

const freed = ({ state }: Hold, { amount }: HoldEntry): NanoUsd =>
  state === 'live' ? nanoUsd(-amount) : zeroUsd

const refOf = ({ budgetId, from, counter }: CounterRef): CounterRef => ({ budgetId, from, counter })
