/**
 * Takes holds a step further in their life: their counters are locked first, then they, then what core says is saved.
 * Invariant: what a counter holds changes only here and where holds and leases are made, with the rows that say why.
 */
import { type CounterChange, isOfFirstPeriod, type Step } from '../../core/hold/hold.ts'
import { addHeld, type LockedCounter, lockCounters, nameOfCounter } from './counters.ts'
import { namedHolds, readHolds, refsOf, type StoredHold, saveHolds } from './hold-rows.ts'
import type { Queryable } from './open.ts'

export interface SteppedHold {
  readonly before: StoredHold
  readonly after: Step['hold']
  /** What is to be posted beside, which is the caller's to do. */
  readonly changes: readonly CounterChange[]
}

export interface Stepped {
  readonly holds: readonly SteppedHold[]
  readonly locked: readonly LockedCounter[]
}

export type StepOf = (hold: StoredHold, periodUntil: Date) => Step

/** `seen` was read without a lock: by it is known which counters to lock. */
export async function stepHolds(
  tx: Queryable,
  seen: readonly StoredHold[],
  stepOf: StepOf,
): Promise<Stepped> {
  const locked = await lockCounters(tx, refsOf(seen))
  const holds = await stepLocked(
    tx,
    seen.map(({ id }) => id),
    locked,
    stepOf,
  )
  return { holds, locked }
}

/** The counters of these holds are locked. */
export async function stepLocked(
  tx: Queryable,
  ids: readonly string[],
  counters: readonly LockedCounter[],
  stepOf: StepOf,
): Promise<SteppedHold[]> {
  if (ids.length === 0) return []
  const untils = new Map(counters.map((counter) => [nameOfCounter(counter), counter.until]))
  const stepped = (await readHolds(tx, namedHolds(ids), { locked: true })).map((before): SteppedHold => {
    const { hold: after, changes } = stepOf(before, lastUntil(before, untils))
    return { before, after, changes }
  })
  await saveHolds(
    tx,
    stepped.map(({ before, after }) => ({ id: before.id, before, after })),
  )
  await addHeld(
    tx,
    stepped.flatMap(({ changes }) => changes),
  )
  return stepped
}

/** When the last of the periods is over in which it began. */
function lastUntil({ entries, countedUntil }: StoredHold, untils: ReadonlyMap<string, Date>): Date {
  const begun = entries.filter((entry) => isOfFirstPeriod({ entries }, entry))
  return begun.reduce((last, entry) => {
    const until = untils.get(nameOfCounter(entry))
    return until !== undefined && until > last ? until : last
  }, countedUntil)
}
