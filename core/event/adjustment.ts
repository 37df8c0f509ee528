/**
 * What an adjustment is: a row beside a call that corrects what the call cost, and never an edit of it.
 * Invariant: a call and its adjustments sum to what the call costs, used, and is counted as: one call, priced or not.
 */
import type { EventCost, PricedEvent } from './usage-event.ts'

/** Stands on an adjustment alone. */
export interface Adjusts {
  /** The call's own `request_id`; project, attempt and `ts` are those of the adjustment. */
  readonly requestId: string
  /** -1 when this adjustment gives an unpriced call its first price. No price that was known is ever taken back. */
  readonly unpricedCalls: 0 | -1
}

/** `cost` and `tokens` are differences, and may be negative; all else is as on the call, so that it groups with it. */
export type Adjustment = PricedEvent & { readonly adjusts: Adjusts }

type Counted = Pick<EventCost, 'cost'> & { readonly adjusts?: Adjusts }

/** How many calls a row stands for: adding these up counts calls, however often each was adjusted. */
export const callsOf = ({ adjusts }: Pick<Counted, 'adjusts'>): 0 | 1 => (adjusts === undefined ? 1 : 0)

/** How many calls without a price a row adds. */
export const unpricedCallsOf = ({ adjusts, cost }: Counted): 1 | 0 | -1 =>
  adjusts === undefined ? (cost === null ? 1 : 0) : adjusts.unpricedCalls
