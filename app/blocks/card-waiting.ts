/** What a card says of requests for overrides that wait for someone to decide. */
import { showUsd } from '../../core/money.ts'
import { counterName } from './budget-words.ts'
import type { CardFacts } from './card.ts'
import { type Block, instant, section, who, windowName } from './text.ts'

/** A budget with a counter for each user can have as many; the thread has them all. */
const SHOWN_MAX = 3

export function waitingSections(
  { stored: { budget }, counters, waiting }: Pick<CardFacts, 'stored' | 'counters' | 'waiting'>,
  now: Date,
): Block[] {
  const standing = waiting.filter(({ expiresAt }) => expiresAt.getTime() > now.getTime())
  if (standing.length === 0) return []
  const lines = standing.slice(0, SHOWN_MAX).map((request) => {
    const shown = counters.find(({ current }) => current.counter === request.counter)?.current
    const whose = counterName(budget.scope, shown ?? { counter: request.counter, ownerName: null })
    const more = `${showUsd(request.amount)} more for ${windowName(request.windowS)}`
    return `:raised_hand:  *Approval asked* by ${who(request.requestedBy)}: ${more}${whose === null ? '' : `, for ${whose}`}; waiting until ${instant(request.expiresAt)}.`
  })
  const more = standing.length - lines.length
  const rest = more === 0 ? [] : [`${more} more ${more === 1 ? 'waits' : 'wait'} in the thread.`]
  return [section([...lines, ...rest].join('\n'))]
}
