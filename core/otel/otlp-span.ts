/**
 * A span as far as usage needs it.
 * Invariant: `attributes` holds only names of `attribute-names.ts`, so prompts and completions never get this far.
 */
/** Lists and maps are not kept: nothing that usage needs is one. */
export type AttributeValue = string | number | boolean

export type Attributes = ReadonlyMap<string, AttributeValue>

export interface OtlpSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string
  /** 16 lower-case hex digits. */
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly startUnixNano: bigint
  readonly endUnixNano: bigint
  /** The span's status was set to error. */
  readonly failed: boolean
  readonly attributes: Attributes
  readonly resourceAttributes: Attributes
  readonly scopeName: string
}
