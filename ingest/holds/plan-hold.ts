/**
 * Whether a replica may answer a call by what it has read of its budgets: only for a moment, and only yes. Whatever
 * refuses, or is not known here, is decided in Postgres.
 */
import { ceilingOf } from '../../core/budget/verdict.ts'
import { demandOf, type HoldPart } from '../../core/hold/decide-hold.ts'
import type { CounterRef } from '../../core/hold/hold.ts'
import { refOf } from '../../db/postgres/budget-periods.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { nameOfCounter } from '../../db/postgres/counters.ts'
import type { AskedHold } from '../../db/postgres/grant-holds.ts'
import { type HoldCover, keysAhead, nameOf } from '../../db/postgres/hold-cover.ts'
import type { Draw } from './lease-book.ts'

/** What the call has to hold: nothing, where no budget asks. */
export interface HoldPlan {
  readonly covering: readonly CounterRef[]
  readonly parts: readonly HoldPart[]
  readonly draws: readonly Draw[]
}

export function planHold(ask: AskedHold, cover: HoldCover, now: Date): HoldPlan | null {
  const covering: StoredBudget[] = []
  const keys = keysAhead(cover.settings, ask, now)
  for (const key of keys) {
    const stored = cover.counters.get(nameOfCounter(refOf(key)))
    if (!stored) return null
    covering.push(stored)
  }
  const demand = demandOf(ask, covering, cover.stops.get(ask.facts.projectId) ?? [], now)
  if (demand.kind === 'refused' || demand.parts.some(hasOwnCeiling)) return null
  return { covering: keys.map(refOf), parts: demand.parts, draws: drawsOf(demand.parts) }
}

/** A lease is of what all calls may hold: those of an environment that stops first are decided in Postgres. */
const hasOwnCeiling = ({ view, ceiling }: HoldPart): boolean =>
  ceiling !== null && ceiling < ceilingOf(view, view.state)

const drawsOf = (parts: readonly HoldPart[]): Draw[] =>
  parts.map(({ view, amount }) => ({ name: nameOf(view), amount }))
