/** A call that has not been made yet, as whoever asks for a hold describes it. Counts are whole and not negative. */
import { type BytesOfRequest, inputTokensMax } from './input-tokens-max.ts'
import type { RateClass } from './rates.ts'

export type CallAhead = CallOfAnySize & (TokensOfRequest | BytesOfRequest)

interface CallOfAnySize {
  readonly provider: string
  /** As the request names it; the answer may name another one (dearer-snapshots.ts). */
  readonly model: string
  /** The most that one answer can have, reasoning included; 0 for embeddings. */
  readonly maxTokens: number
  /** How many answers are asked for at once, as `n` and `candidateCount` do. */
  readonly n?: number
  /** As the request names it, after a plus sign the region (`default`, `flex+us`, `standard+global`); null: not named. */
  readonly serviceTier?: string | null
  /** Classes that the call cannot use, so that the hold need not be as wide as their rates. */
  readonly without?: readonly AvoidableClass[]
}

interface TokensOfRequest {
  /** An upper bound: whatever the provider can bill as input, cached or not. */
  readonly inputTokens: number
}

/** What a request can do without. Input and output of plain text always count. */
export type AvoidableClass = Exclude<RateClass, 'input' | 'output'>

/** The most tokens that a call can be billed for. */
export interface TokensMax {
  readonly in: bigint
  readonly out: bigint
}

export const tokensMaxOf = (call: CallAhead): TokensMax => ({
  in: 'inputTokens' in call ? BigInt(call.inputTokens) : inputTokensMax(call),
  out: BigInt(call.maxTokens) * BigInt(call.n ?? 1),
})
