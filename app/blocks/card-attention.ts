/** Who is on a budget, and until when its crossings are quiet, as its card says it. */
import type { BudgetState } from '../../core/budget/budget.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Attention, Quiet } from '../../db/postgres/card-attention.ts'
import type { CardFacts } from './card.ts'
import { stoppedOf } from './card-counters.ts'
import { type Block, context, instant, who } from './text.ts'

export function attentionSections(
  { attention, counters }: Pick<CardFacts, 'attention' | 'counters'>,
  state: BudgetState,
  now: Date,
): Block[] {
  const { acknowledged } = attention
  const quiet = quietOf(attention, now)
  const isOn = acknowledged !== null && acknowledged.state === stateToAttend(state, counters, now)
  const lines = [
    ...(isOn ? [`:eyes:  ${who(acknowledged.by)} is on it since ${instant(acknowledged.at)}.`] : []),
    ...(quiet
      ? [
          `:no_bell:  Quiet until ${instant(quiet.until)} by ${who(quiet.by)}: crossings below the stop are shown here alone.`,
        ]
      : []),
  ]
  return lines.length === 0 ? [] : [context(lines.join('\n'))]
}

/** Null once its time is over, whether or not that was told. */
export const quietOf = ({ quiet }: Attention, now: Date): Quiet | null =>
  quiet !== null && quiet.until.getTime() > now.getTime() ? quiet : null

/** The name of a state that somebody may be on; null where there is nothing to be on. */
export function stateToAttend(
  state: BudgetState,
  counters: readonly StoredBudget[],
  now: Date,
): string | null {
  switch (state.kind) {
    case 'warned':
      return `warned:${state.percent}`
    case 'stopped':
      return `stopped:${state.by}:${state.since.toISOString()}`
    case 'overridden':
      return `overridden:${state.until.toISOString()}`
    default: {
      const stopped = stoppedOf(counters, now).length
      return stopped === 0 ? null : `counters_stopped:${stopped}`
    }
  }
}
