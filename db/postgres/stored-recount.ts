/** The cut and the baselines of a recount as jsonb, which has no integers of 64 bits. */
import type { Baseline, Cut, Figures } from '../../core/budget/recount.ts'
import type { Counter } from '../../core/budget/scope.ts'
import { nanoUsd } from '../../core/money.ts'

export interface StoredFigures {
  readonly spent_nano_usd: string
  readonly events: number
  readonly unpriced_events: number
}

export interface StoredBaselines {
  readonly counters: readonly (StoredFigures & {
    readonly counter: Counter
    readonly settled_nano_usd: string
  })[]
  /** What the ledger had counted of the whole project, or organisation, on the days that the period touches. */
  readonly days: StoredFigures
}

export type StoredCut = Cut

/** Asked for, and not begun: the ledger, which asks, shares the scope with others. */
export const NO_CUT: { readonly cut: StoredCut; readonly baselines: StoredBaselines } = {
  cut: {},
  baselines: { counters: [], days: { spent_nano_usd: '0', events: 0, unpriced_events: 0 } },
}

/** Where no journal was ever counted there is nothing to sum, so that an empty cut is none. */
export const isCut = (cut: StoredCut): boolean => Object.keys(cut).length > 0

export const toDbFigures = ({ spent, events, unpricedEvents }: Figures): StoredFigures => ({
  spent_nano_usd: spent.toString(),
  events,
  unpriced_events: unpricedEvents,
})

export const fromDbFigures = (stored: StoredFigures): Figures => ({
  spent: nanoUsd(BigInt(stored.spent_nano_usd)),
  events: stored.events,
  unpricedEvents: stored.unpriced_events,
})

export const fromDbBaselines = ({ counters }: StoredBaselines): Baseline[] =>
  counters.map(({ counter, settled_nano_usd, ...figures }) => ({
    ...{ counter, ...fromDbFigures(figures) },
    settledAhead: nanoUsd(BigInt(settled_nano_usd)),
  }))

export const toDbBaseline = ({ counter, settledAhead, ...figures }: Baseline) => ({
  ...{ counter, ...toDbFigures(figures) },
  settled_nano_usd: settledAhead.toString(),
})
