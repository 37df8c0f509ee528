/**
 * Which notices a snooze keeps from the thread: crossings below the stop, and nothing else.
 * Invariant: what is shown in the channel, stops any calls, or ends an override, is always told.
 */

import { stopPercentOf } from '../../core/budget/ladder.ts'
import type { Notice } from '../../core/budget/notice.ts'
import type { CardFacts } from '../blocks/card.ts'
import { quietOf } from '../blocks/card-attention.ts'
import type { ThreadMessage } from '../blocks/notice.ts'

export function isQuieted(
  notice: Notice,
  { broadcast }: ThreadMessage,
  { stored, attention }: Pick<CardFacts, 'stored' | 'attention'>,
  now: Date,
): boolean {
  if (notice.kind !== 'crossed' || broadcast || quietOf(attention, now) === null) return false
  const { ladder } = stored.budget
  const stop = stopPercentOf(ladder)
  if (stop !== null && Math.max(...notice.percents) >= stop) return false
  // Stops of some environments too, whether or not they hold at this moment.
  return !ladder.some(({ percent, action }) => action.kind === 'stop' && notice.percents.includes(percent))
}

const STATE_CHANGES: ReadonlySet<Notice['kind']> = new Set([
  'crossed',
  'override_granted',
  'override_ended',
  'limit_lifted',
  'figure_corrected',
  'stopped_by_person',
  'resumed',
])

/** Whoever was on it was on what it was before. */
export const changesState = ({ kind }: Notice): boolean => STATE_CHANGES.has(kind)
