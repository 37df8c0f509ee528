/**
 * Recounting a budget's counters: what the archive holds below a cut, and what the ledger counted since.
 * Law: whenever it is finished, however much was counted meanwhile, a counter comes to what it would have come to had it
 * been counted from the beginning of the period.
 */
import { addUsd, type NanoUsd, nanoUsd, subtractUsd, zeroUsd } from '../money.ts'
import type { Counter } from './scope.ts'

/** One past the last offset of each journal, and the last ordinal of each repricing, that were counted. */
export type Cut = Readonly<Record<string, number>>

export interface Figures {
  readonly spent: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

export const NO_FIGURES: Figures = { spent: zeroUsd, events: 0, unpricedEvents: 0 }

/** A counter where the cut was taken. */
export interface Baseline extends Figures {
  readonly counter: Counter
  /** Posted by callers who said what a call cost, before its event: the archive has no row of it. */
  readonly settledAhead: NanoUsd
}

export interface RecountedCounter {
  readonly counter: Counter
  readonly before: Figures
  readonly after: Figures
}

/** Every counter that the archive, the cut or the ledger knows. */
export function recounted(
  archived: ReadonlyMap<Counter, Figures>,
  baselines: readonly Baseline[],
  now: ReadonlyMap<Counter, Figures>,
): RecountedCounter[] {
  const atCut = new Map(baselines.map((baseline) => [baseline.counter, baseline]))
  const counters = new Set([...archived.keys(), ...atCut.keys(), ...now.keys()])
  return [...counters].map((counter) => {
    const before = now.get(counter) ?? NO_FIGURES
    const baseline = atCut.get(counter)
    const since = minus(before, baseline ?? NO_FIGURES)
    const sum = plus(archived.get(counter) ?? NO_FIGURES, since)
    return { counter, before, after: { ...sum, spent: addUsd(sum.spent, baseline?.settledAhead ?? zeroUsd) } }
  })
}

export const isSame = (a: Figures, b: Figures): boolean =>
  a.spent === b.spent && a.events === b.events && a.unpricedEvents === b.unpricedEvents

/** By how much the figures were off, those that were too high and too low alike. */
export const totalOff = (counters: readonly RecountedCounter[]): NanoUsd =>
  counters.reduce((sum, { before, after }) => addUsd(sum, distance(before.spent, after.spent)), zeroUsd)

export const distance = (a: NanoUsd, b: NanoUsd): NanoUsd => nanoUsd(a > b ? a - b : b - a)

const plus = (a: Figures, b: Figures): Figures => ({
  spent: addUsd(a.spent, b.spent),
  events: a.events + b.events,
  unpricedEvents: a.unpricedEvents + b.unpricedEvents,
})

export const minus = (a: Figures, b: Figures): Figures => ({
  spent: subtractUsd(a.spent, b.spent),
  events: a.events - b.events,
  unpricedEvents: a.unpricedEvents - b.unpricedEvents,
})
