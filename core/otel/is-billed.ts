/**
 * Which spans are provider calls. Only leaves are billed: an agent, a step, a workflow or a wrapper repeats the usage of
 * the calls inside it.
 */

import type { OtlpSpan } from './otlp-span.ts'
import { textOf } from './read-fact.ts'

export type Billing =
  | { readonly kind: 'call' }
  /** A provider call where the provider charges tokens; many do not, and then there is nothing to count. */
  | { readonly kind: 'call_if_used' }
  | { readonly kind: 'no_call' }
  /** An operation that no emitter we know of has: with usage it is refused rather than guessed. */
  | { readonly kind: 'unknown'; readonly operation: string }

const CALL: Billing = { kind: 'call' }
const CALL_IF_USED: Billing = { kind: 'call_if_used' }
const NO_CALL: Billing = { kind: 'no_call' }

/** `gen_ai.operation.name`: the conventions' own, and after them what emitters add. */
const OPERATIONS: ReadonlyMap<string, Billing> = new Map([
  ...named(CALL, ['chat', 'generate_content', 'text_completion', 'embeddings']),
  ...named(CALL, ['completion', 'embedding', 'responses']),
  ...named(CALL_IF_USED, ['rerank', 'retrieval']),
  ...named(NO_CALL, [
    'create_agent',
    'invoke_agent',
    'agent_step',
    'invoke_workflow',
    'execute_tool',
    'plan',
  ]),
  ...named(NO_CALL, ['create_memory', 'search_memory', 'update_memory', 'upsert_memory', 'delete_memory']),
  ...named(NO_CALL, ['create_memory_store', 'delete_memory_store']),
])

const OPEN_INFERENCE_KINDS: ReadonlyMap<string, Billing> = new Map([
  ...named(CALL, ['LLM', 'EMBEDDING']),
  ...named(CALL_IF_USED, ['RERANKER']),
])

/** `llm.request.type` of OpenLLMetry, from before it had operation names. */
const REQUEST_TYPES: ReadonlyMap<string, Billing> = new Map([
  ...named(CALL, ['chat', 'completion', 'embedding']),
  ...named(CALL_IF_USED, ['rerank']),
])

/** The AI SDK's wrapper `ai.generateText` repeats the usage of the `ai.generateText.doGenerate` inside it. */
const AI_SDK_CALL = /\.do(?:Generate|Stream|Embed|Rerank)$/

/** The most explicit name decides; a span that has none of them is none of ours. */
export function billingOf({ attributes }: OtlpSpan): Billing {
  const operation = textOf(attributes, 'operation', 64)
  if (operation !== null) return OPERATIONS.get(operation.toLowerCase()) ?? { kind: 'unknown', operation }
  const aiSdkOperation = textOf(attributes, 'aiSdkOperation', 64)
  if (aiSdkOperation !== null) return AI_SDK_CALL.test(aiSdkOperation) ? CALL : NO_CALL
  const kind = textOf(attributes, 'openInferenceKind', 64)
  if (kind !== null) return OPEN_INFERENCE_KINDS.get(kind.toUpperCase()) ?? NO_CALL
  if (attributes.has('traceloop.span.kind')) return NO_CALL
  const requestType = textOf(attributes, 'requestType', 64)
  return (requestType !== null && REQUEST_TYPES.get(requestType.toLowerCase())) || NO_CALL
}

function named(billing: Billing, names: readonly string[]): [string, Billing][] {
  return names.map((name) => [name, billing])
}
