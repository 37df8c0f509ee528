/** The counters of a budget with one for each user or key, on its card: the dearest, and how many are stopped. */

import type { BudgetPeriod } from '../../core/budget/budget.ts'
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import type { Each } from '../../core/budget/scope.ts'
import { budgetState, measuresOf } from '../../core/budget/state.ts'
import { type NanoUsd, percentOf, showUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import { COUNTERS_MAX, type StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { counterName, countOfEach, measureWords, stateMark, stateWords } from './budget-words.ts'
import type { CardFacts } from './card.ts'
import { bar } from './text.ts'

const SHOWN_MAX = 5

export function countersText(
  { stored, counters }: Pick<CardFacts, 'stored' | 'counters'>,
  each: Each,
  now: Date,
): string {
  const { limit } = stored.budget
  if (counters.length === 0) return `No ${each} has spent anything yet. Each may spend ${showUsd(limit)}.`
  const stopped = stoppedOf(counters, now).length
  const shown = counters.slice(0, SHOWN_MAX)
  return [
    [
      `*${countedOf(each, counters)}*, each with ${showUsd(limit)}`,
      spentOf(counters),
      stopped === 0 ? 'none stopped' : `*${stopped.toLocaleString('en-US')} stopped*`,
    ].join('  ·  '),
    ...shown.map((counter) => counterLine(counter, now)),
    ...(counters.length > shown.length ? [`and ${moreOf(each, counters)}`] : []),
  ].join('\n')
}

/** Those whose own limit stops them; a stop of the whole rule is said of the rule. */
export const stoppedOf = (counters: readonly StoredBudget[], now: Date): StoredBudget[] =>
  counters.filter((counter) => {
    const state = budgetState(counter, now)
    return state.kind === 'stopped' && state.by === 'limit'
  })

/** What is not looked at is not counted either: a thousand means that there may be more. */
const countedOf = (each: Each, counters: readonly StoredBudget[]): string =>
  `${counters.length >= COUNTERS_MAX ? 'at least ' : ''}${countOfEach(each, counters.length)}`

function moreOf(each: Each, counters: readonly StoredBudget[]): string {
  const count = counters.length - SHOWN_MAX
  const least = counters.length >= COUNTERS_MAX ? 'at least ' : ''
  return `${least}${count.toLocaleString('en-US')} more ${each}${count === 1 ? '' : 's'}`
}

function spentOf(counters: readonly StoredBudget[]): string {
  const sumOf = (pick: (of: StoredBudget) => NanoUsd) => sumUsd(counters.map(pick))
  const parts = partsOf({
    estimated: sumOf(({ current }) => current.estimated),
    held: sumOf(({ current }) => current.held),
  })
  const spent = showUsd(sumOf(({ current }) => current.spent))
  return parts === '' ? `${spent} together` : `${spent} spent${parts} together`
}

/** ` + about $6.00 without a price + $2.00 held`, as far as there is any. */
function partsOf({ estimated, held }: Pick<BudgetPeriod, 'estimated' | 'held'>): string {
  const unpriced = estimated > zeroUsd ? ` + about ${showUsd(estimated)} without a price` : ''
  return held > zeroUsd ? `${unpriced} + ${showUsd(held)} held` : unpriced
}

function counterLine(counter: StoredBudget, now: Date): string {
  const { budget, current } = counter
  const limit = limitIn(budget, current)
  const counted = countedIn(current)
  const state = budgetState(counter, now)
  const does = measureWords(measuresOf(counter, state))
  const whose = counterName(budget.scope, current) ?? ''
  return [
    `${stateMark(state)} ${bar(counted, limit)}  ${percentOf(counted, limit)}%  *${whose}*`,
    `${showUsd(current.spent)}${partsOf(current)}`,
    ...(state.kind === 'stopped' ? ['*stopped*'] : []),
    ...(state.kind === 'overridden' ? [stateWords(state, counter)] : []),
    ...does,
  ].join('  ·  ')
}
