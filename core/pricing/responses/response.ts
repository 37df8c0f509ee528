/**
 * A response as a provider sends it, and what it costs, worked out by hand from the provider's public page.
 * The terms are tokens x dollars per million tokens, as the page prints them: `176 x 2.50 + 1024 x 1.25`; a fee of the
 * call itself is written `fee 0.012`.
 */
export interface Response {
  readonly what: string
  readonly provider: string
  readonly model: string
  readonly usage: Readonly<Record<string, unknown>>
  readonly terms: string
  /** Null for a call that has no price. */
  readonly nanos: bigint | null
  /** The page that the rates are on. */
  readonly source: string
  /** When it was called; noon of 2026-11-20 unless it is told. */
  readonly at?: string
  /** What stands beside the usage: `service_tier`, `status`, `tokens_estimated`. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** How far the cost can be trusted; `computed` unless it is told. */
  readonly costSource?: 'estimated' | 'unpriced'
  /** Prices and names of the organisation itself, as it writes them. */
  readonly own?: {
    readonly prices?: readonly Readonly<Record<string, unknown>>[]
    readonly aliases?: readonly Readonly<Record<string, unknown>>[]
  }
}
