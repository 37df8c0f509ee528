/** What is to be held for a call: what its caller says at most, or else its worst case by the prices that hold. */
import type { NanoUsd } from '../money.ts'
import { highEstimate } from '../pricing/high-estimate.ts'
import type { PriceBook } from '../pricing/rates.ts'
import { worstCaseOf } from '../pricing/worst-case.ts'
import type { HoldRequest } from './parse-hold.ts'

export type Wanted =
  | { readonly kind: 'known'; readonly amount: NanoUsd; readonly priceVersion: string | null }
  /** The model has no price: each budget says what follows. */
  | {
      readonly kind: 'unpriced'
      readonly amount: NanoUsd
      /** Null where the caller said the amount, which is then no estimate of ours. */
      readonly priceVersion: string | null
    }

export function wantedOf(
  { provider, model, serviceTier, bound }: Omit<HoldRequest, 'tags'>,
  book: PriceBook,
  now: Date,
): Wanted {
  if (bound.kind === 'amount') {
    const isPriced = book.ratesAt(provider, model, now, serviceTier) !== null
    return { kind: isPriced ? 'known' : 'unpriced', amount: bound.amount, priceVersion: null }
  }
  const call = { provider, model, serviceTier, ...bound.size }
  const worst = worstCaseOf(call, book, now)
  if (worst.kind === 'priced') return { ...worst, kind: 'known' }
  return { kind: 'unpriced', ...highEstimate(call) }
}
