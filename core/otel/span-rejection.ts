/** Why a span is not counted: what makes any event rejected, and what only a span can lack. */
import type { RejectionCode } from '../event/rejection.ts'

export const SPAN_REJECTION_CODES = ['span_unidentified', 'operation_unknown', 'usage_missing'] as const
export type SpanRejectionCode = RejectionCode | (typeof SPAN_REJECTION_CODES)[number]

/** OTLP has no place for the code, only for the reason. */
export interface SpanRejection {
  readonly code: SpanRejectionCode
  readonly reason: string
}
