/**
 * A response as a provider documents it, and what it costs, worked out by hand.
 * Invariant: every token stands in one term, at the rate that `source` states for it.
 */
import type { EventStatus } from '../../event/usage-event.ts'
import type { OwnPricing } from '../own-prices.ts'
import type { RateClass } from '../rates.ts'

export interface ResponseRow {
  readonly what: string
  readonly provider: string
  readonly model: string
  /** The provider's own usage object, in its own names. */
  readonly usage: Readonly<Record<string, unknown>>
  /** The public page that states the rates. */
  readonly source: `https://${string}`
  readonly terms: Terms
  /** What the request costs beside its tokens, in dollars; none when absent. */
  readonly feeUsd?: string
  /** Null: no rate is known. */
  readonly nanos: bigint | null
  /** 'computed' when absent. */
  readonly costSource?: 'computed' | 'estimated' | 'unpriced'
  /** When the call was made; `NOON` when absent. */
  readonly at?: string
  /** As the answer or its client says it; what the usage says when absent. */
  readonly serviceTier?: string
  /** 'ok' when absent. */
  readonly status?: EventStatus
  /** What the organisation pays itself, when that is not the list's price. */
  readonly own?: OwnPricing
}

export type Terms = { readonly [name in RateClass]?: Term }

/** The rate is text, as the page has it: no float comes between. Null where no rate is known. */
export type Term = readonly [tokens: number, usdPerMillion: string | null]

export const NOON = '2026-11-20T12:00:00Z'
