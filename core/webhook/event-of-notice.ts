/**
 * What a notice means for those who are told by webhook. A notice may be several events: the spend that crosses the last
 * threshold also stops the budget.
 * Law: every event of the running period carries the state that holds after it, so that a receiver who heeds that alone
 * is right. Late events are counted in the period of their time: what they cross there stops and lifts nothing now.
 */
import type { BudgetSnapshot } from '../budget/budget.ts'
import { stopPercentOf } from '../budget/ladder.ts'
import { countedIn, limitIn, reachedPercentOf, reaches } from '../budget/limit.ts'
import type { Notice, OverrideEnd } from '../budget/notice.ts'
import { budgetState } from '../budget/state.ts'
import type { NanoUsd } from '../money.ts'
import { periodHolds } from '../period.ts'
import { unreachable } from '../unreachable.ts'

export type WebhookEvent =
  | { readonly type: 'budget.stopped'; readonly by: 'limit' }
  | { readonly type: 'budget.stopped'; readonly by: 'person'; readonly person: string }
  /** Nobody lifted it by leave: the limit went up, calls cost less than was thought, or the figure was wrong. */
  | { readonly type: 'budget.lifted'; readonly by: 'limit_raised' | 'prices_corrected' | 'figure_corrected' }
  | { readonly type: 'budget.resumed'; readonly person: string }
  | { readonly type: 'budget.threshold_crossed'; readonly percents: readonly number[] }
  | {
      readonly type: 'budget.override_granted'
      readonly person: string
      readonly amount: NanoUsd
      readonly ceiling: NanoUsd
      readonly until: Date
      readonly reason: string
    }
  | { readonly type: 'budget.override_ended'; readonly end: OverrideEnd }
  /** The clock has lifted what the limit stopped. */
  | { readonly type: 'budget.period_opened' }

/** The events of a notice, in their order; `snapshot` is the budget as the notice's transaction leaves it. */
export function eventsOfNotice(notice: Notice, snapshot: BudgetSnapshot, now: Date): readonly WebhookEvent[] {
  const isRunning = periodHolds(snapshot.current.period, now)
  const state = budgetState(snapshot, now)
  const stopsByLimit: readonly WebhookEvent[] =
    isRunning && state.kind === 'stopped' && state.by === 'limit'
      ? [{ type: 'budget.stopped', by: 'limit' }]
      : []
  switch (notice.kind) {
    case 'crossed': {
      const crossed = { type: 'budget.threshold_crossed', percents: notice.percents } as const
      return [
        crossed,
        ...(notice.percents.some((percent) => percent >= reachedPercentOf(snapshot.budget))
          ? stopsByLimit
          : []),
      ]
    }
    case 'stopped_by_person':
      return [{ type: 'budget.stopped', by: 'person', person: notice.by }]
    case 'resumed':
      return [{ type: 'budget.resumed', person: notice.by }]
    case 'limit_lifted':
      return isRunning ? [{ type: 'budget.lifted', by: 'prices_corrected' }] : []
    case 'figure_corrected':
      return isRunning && notice.lifted ? [{ type: 'budget.lifted', by: 'figure_corrected' }] : []
    case 'budget_set':
      return isLiftedBy(notice.previousLimit, snapshot, now)
        ? [{ type: 'budget.lifted', by: 'limit_raised' }]
        : []
    case 'override_granted': {
      const { by: person, amount, ceiling, until, reason } = notice
      return [{ type: 'budget.override_granted', person, amount, ceiling, until, reason }]
    }
    case 'override_ended':
      // Where a person's stop ends it, the stop is told by itself.
      return [
        { type: 'budget.override_ended', end: notice.end },
        ...(notice.end === 'stopped' ? [] : stopsByLimit),
      ]
    case 'period_opened':
      // It may have been reached before it began, by a sender whose clock runs ahead.
      return [{ type: 'budget.period_opened' }, ...stopsByLimit]
    case 'override_requested':
    case 'override_denied':
    case 'override_request_expired':
    case 'forecast':
    case 'acknowledged':
    case 'quiet_begun':
    case 'quiet_ended':
      // It changes nothing about which calls pass.
      return []
    default:
      return unreachable(notice)
  }
}

/** Whether the limit before stopped the budget, and the one of now does not. */
function isLiftedBy(previousLimit: NanoUsd | null, snapshot: BudgetSnapshot, now: Date): boolean {
  const { budget, current } = snapshot
  const stop = stopPercentOf(budget.ladder)
  if (previousLimit === null || stop === null || previousLimit >= budget.limit) return false
  const { kind } = budgetState(snapshot, now)
  return (
    periodHolds(current.period, now) &&
    reaches(countedIn(current), stop, limitIn({ limit: previousLimit }, current)) &&
    (kind === 'open' || kind === 'warned')
  )
}
