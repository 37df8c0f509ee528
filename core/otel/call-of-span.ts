/** Takes a span for the provider call that it is, or says that it is none. */

import { showName } from '../event/show-value.ts'
import type { EventStatus } from '../event/usage-event.ts'
import { unreachable } from '../unreachable.ts'
import { statusOf } from './call-status.ts'
import { type Billing, billingOf } from './is-billed.ts'
import type { OtlpSpan } from './otlp-span.ts'
import { providerOf } from './provider-name.ts'
import { textOf } from './read-fact.ts'
import type { SpanRejection } from './span-rejection.ts'
import { type SpanUsage, usageOf } from './span-usage.ts'

/** A provider call as one span tells it; whether another span tells the same one is decided among all of a request. */
export interface SpanCall {
  readonly span: OtlpSpan
  readonly provider: string
  readonly model: string | null
  readonly responseId: string | null
  /** Null when the span says nothing of usage, as after a failure. */
  readonly usage: SpanUsage | null
  readonly status: EventStatus
}

export type SpanRead =
  | { readonly kind: 'call'; readonly call: SpanCall }
  | { readonly kind: 'no_call' }
  | ({ readonly kind: 'rejected' } & SpanRejection)

/** As long as the field of an event that holds it: a cut id would be another call's. */
const RESPONSE_ID_CHARS_MAX = 256

export function callOfSpan(span: OtlpSpan): SpanRead {
  const billing = billingOf(span)
  if (billing.kind === 'no_call') return billing
  const call = readCall(span)
  return isCall(billing, call)
}

function isCall(billing: Exclude<Billing, { kind: 'no_call' }>, call: SpanCall): SpanRead {
  switch (billing.kind) {
    case 'call':
      return isEmbeddingWrapper(call) ? { kind: 'no_call' } : { kind: 'call', call }
    case 'call_if_used':
      return call.usage ? { kind: 'call', call } : { kind: 'no_call' }
    case 'unknown':
      return call.usage
        ? {
            kind: 'rejected',
            code: 'operation_unknown',
            reason: `gen_ai.operation.name "${showName(billing.operation)}" has usage and is not known`,
          }
        : { kind: 'no_call' }
    default:
      return unreachable(billing)
  }
}

/**
 * From version 7 on the AI SDK gives its `embed` and the provider calls inside it one operation name and one kind; only
 * the calls have usage. Its tracer is called just "gen_ai".
 */
const isEmbeddingWrapper = ({ span, usage, status }: SpanCall): boolean =>
  usage === null &&
  status === 'ok' &&
  span.scopeName === 'gen_ai' &&
  span.attributes.get('gen_ai.operation.name') === 'embeddings'

function readCall(span: OtlpSpan): SpanCall {
  const model = textOf(span.attributes, 'model', 512)
  const provider = providerOf(span, model)
  const responseId = textOf(span.attributes, 'responseId', RESPONSE_ID_CHARS_MAX + 1)
  return {
    span,
    provider,
    model,
    responseId: responseId !== null && responseId.length <= RESPONSE_ID_CHARS_MAX ? responseId : null,
    usage: usageOf(span, provider),
    status: statusOf(span),
  }
}
