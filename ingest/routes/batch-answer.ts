/** The answer to a batch that was taken, the same on every call that takes events. */
import type { RejectedEvent } from '../../core/event/parse-batch.ts'
import type { RedactionCounts } from '../../core/redact/kinds.ts'

export interface TakenAnswer {
  readonly accepted: number
  readonly rejected: readonly RejectedEvent[]
  /** Only when something was: so that who sends personal data sees that it is not kept. */
  readonly redacted?: RedactionCounts
}

export function batchAnswer({ redacted, ...answer }: Required<TakenAnswer>): TakenAnswer {
  return Object.keys(redacted).length === 0 ? answer : { ...answer, redacted }
}
