/**
 * What a trace request holds, whichever its encoding.
 * Invariant: decoding never throws for what was sent, and drops every attribute that usage does not need.
 */
import type { OtlpSpan } from '../../core/otel/otlp-span.ts'

export type DecodedSpans =
  | {
      readonly kind: 'spans'
      readonly spans: readonly OtlpSpan[]
      /** Spans without a valid trace id and span id: nothing can be said of them. */
      readonly unidentified: number
    }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too_many' }

/** How many spans, and how many resources and scopes around them, one request may hold. */
export const SPANS_MAX = 20_000
/** Far more than real spans hold in the bytes of a body; empty ones would be millions. */
export const ATTRIBUTES_MAX = 500_000

/** Ends the reading of a request that holds more than it may; caught where the reading began. */
export const TOO_MANY = new Error('the request holds too many spans or attributes')

export interface Tally {
  readonly countSpan: () => void
  readonly countAttribute: () => void
}

export function openTally(): Tally {
  let [spans, attributes] = [0, 0]
  return {
    countSpan() {
      spans += 1
      if (spans > SPANS_MAX) throw TOO_MANY
    },
    countAttribute() {
      attributes += 1
      if (attributes > ATTRIBUTES_MAX) throw TOO_MANY
    },
  }
}

/** The event of a span that tells why it failed, and its attribute that is read. */
export const EXCEPTION = 'exception'
export const EXCEPTION_TYPE = 'exception.type'

/** JSON has no NaN and no infinity, nor a negative zero that survives; no count is one either. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null)
