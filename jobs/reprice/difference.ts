/**
 * What a repricing changes, by project and model.
 * Invariant: an amount is summed over calls whose price is known, and those that had none are counted beside it, never
 * as $0.
 */
import { addUsd, type NanoUsd, subtractUsd, zeroUsd } from '../../core/money.ts'
import type { CallSoFar, Repriced, StillUnpriced } from '../../core/pricing/reprice-event.ts'
import { unreachable } from '../../core/unreachable.ts'

export interface Change {
  /** Calls whose cost or tokens change. */
  readonly repriced: number
  /** Of those, the ones that had no price before. */
  readonly newlyPriced: number
  readonly before: NanoUsd
  readonly after: NanoUsd
  /** Calls that are as the prices say already. */
  readonly unchanged: number
  readonly unpriced: Readonly<Record<StillUnpriced, number>>
}

export interface ModelChange extends Change {
  readonly projectId: string
  readonly provider: string
  readonly model: string
}

export interface Difference {
  add(soFar: CallSoFar, outcome: Repriced): void
  /** By project, provider and model. */
  byModel(): readonly ModelChange[]
  total(): Change
}

const NOTHING: Change = {
  ...{ repriced: 0, newlyPriced: 0, before: zeroUsd, after: zeroUsd, unchanged: 0 },
  unpriced: { model_unknown: 0, rate_missing: 0 },
}

export const differenceOf = ({ before, after }: Change): NanoUsd => subtractUsd(after, before)

export function openDifference(): Difference {
  const models = new Map<string, ModelChange>()
  return {
    add: (soFar, outcome) => {
      const { projectId, provider, model } = soFar.call
      const key = [projectId, provider, model].join('\n')
      const known = models.get(key) ?? { ...NOTHING, projectId, provider, model }
      models.set(key, { ...known, ...sum(known, changeOf(soFar, outcome)) })
    },
    byModel: () => [...models.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change),
    total: () => [...models.values()].reduce<Change>(sum, NOTHING),
  }
}

function changeOf({ cost: before }: CallSoFar, outcome: Repriced): Change {
  switch (outcome.kind) {
    case 'adjusted':
      return {
        ...NOTHING,
        ...{ repriced: 1, newlyPriced: before === null ? 1 : 0 },
        ...{ before: before ?? zeroUsd, after: outcome.cost },
      }
    case 'unchanged':
      return { ...NOTHING, unchanged: 1 }
    case 'unpriced':
      return { ...NOTHING, unpriced: { ...NOTHING.unpriced, [outcome.why]: 1 } }
    default:
      return unreachable(outcome)
  }
}

const sum = (a: Change, b: Change): Change => ({
  repriced: a.repriced + b.repriced,
  newlyPriced: a.newlyPriced + b.newlyPriced,
  before: addUsd(a.before, b.before),
  after: addUsd(a.after, b.after),
  unchanged: a.unchanged + b.unchanged,
  unpriced: {
    model_unknown: a.unpriced.model_unknown + b.unpriced.model_unknown,
    rate_missing: a.unpriced.rate_missing + b.unpriced.rate_missing,
  },
})
