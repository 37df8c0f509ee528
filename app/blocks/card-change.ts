/** What a card says below its chart of where its spend comes from, and how it is beside the period before. */
import { type NanoUsd, percentOf, showUsd, zeroUsd } from '../../core/money.ts'
import { previousPeriod } from '../../core/period/period-of.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { changeOf, type Mover, type Movers, type Named } from '../spend/movers.ts'
import { changeWords } from './comparison.ts'
import { clip, literal } from './text.ts'

export interface CardChange {
  readonly spent: NanoUsd
  /** The dearest first. */
  readonly models: readonly Named[]
  /** As much of the period before; null where there is none. */
  readonly before: { readonly spent: NanoUsd; readonly movers: Movers } | null
}

const MODELS_MAX = 3

/** '' where there is nothing to say. Beside a period in which nothing was spent, everything would be new. */
export function cardChangeWords({ budget, current }: StoredBudget, change: CardChange): string {
  const { spent, models, before } = change
  if (spent <= zeroUsd) return ''
  const period = previousPeriod(budget.periodRule, current.period)
  const beside =
    before === null || period === null || before.spent <= zeroUsd
      ? []
      : [
          [
            `*${changeWords({ now: spent, before: before.spent }, ' than')}* ${nameOfPeriod(budget.periodRule, period)} had come to by now`,
            ...moverWords(before.movers),
          ].join('; '),
        ]
  return [
    ...beside,
    `Most of it: ${models
      .slice(0, MODELS_MAX)
      .map((one) => partWords(one, spent))
      .join(', ')}`,
  ].join('\n')
}

const partWords = ({ name, cost }: Named, whole: NanoUsd): string =>
  `${nameWords(name)} ${showUsd(cost)} (${percentOf(cost, whole)}%)`

function moverWords({ up, down }: Movers): string[] {
  const signed = (one: Mover) => {
    const change = changeOf(one)
    const amount = showUsd(change > zeroUsd ? change : changeOf({ now: one.before, before: one.now }))
    return `${nameWords(one.name)} ${change > zeroUsd ? '+' : '−'}${amount}`
  }
  const moved = [...up.slice(0, 1), ...down.slice(0, 1)]
  return moved.length === 0 ? [] : [moved.map(signed).join(', ')]
}

const nameWords = (name: string): string => literal(clip(name, 60))
