/** Why an event is not counted: one closed set of codes, the same on the wire and in tests. */
export const REJECTION_CODES = [
  'event_not_object',
  'field_missing',
  'field_invalid',
  'field_unknown',
  'tokens_negative',
  'tokens_inconsistent',
  'usage_and_tokens',
  'usage_unreadable',
  'ts_too_old',
  'ts_in_future',
  'duplicate_in_batch',
] as const
export type RejectionCode = (typeof REJECTION_CODES)[number]

/** `reason` says what is wrong, in which field, and what was expected; it echoes at most 64 characters of a value. */
export interface Rejection {
  readonly code: RejectionCode
  readonly reason: string
}
