/** How a call ended, as its span tells. */
import type { EventStatus } from '../event/usage-event.ts'
import type { OtlpSpan } from './otlp-span.ts'
import { numberOf, textOf } from './read-fact.ts'

/** What emitters write as `error.type`: an HTTP status, a provider's code or the class of an exception. */
const RATE_LIMITED = /^429$|rate_?limit|throttl|too_?many_?requests|resource_?exhausted/i
const ABORTED = /cancel|abort|generatorexit|client_?disconnect/i
/** Our SDK's refusal: the call never reached the provider. */
const BLOCKED = /budget_?exceeded/i

export function statusOf({ attributes, failed }: OtlpSpan): EventStatus {
  // An exception on a span that did not fail was dealt with, as by a retry.
  const errorType =
    textOf(attributes, 'errorType', 256) ?? (failed ? textOf(attributes, 'exceptionType', 256) : null)
  const httpStatus = numberOf(attributes, 'httpStatus')
  if (httpStatus === 429) return 'rate_limited'
  if (errorType !== null) {
    if (BLOCKED.test(errorType)) return 'blocked'
    if (RATE_LIMITED.test(errorType)) return 'rate_limited'
    if (ABORTED.test(errorType)) return 'aborted'
    return 'error'
  }
  return failed || (httpStatus !== null && httpStatus >= 400) ? 'error' : 'ok'
}
