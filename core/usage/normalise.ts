/**
 * A provider's own usage object, as the inclusive canon. The shape is told by the names in the object and only then by
 * the provider: Anthropic's models answer in their own shape on Vertex and Azure, and in OpenAI's behind a proxy.
 * A shape that two readings fit differently is unreadable: a wrong count is worse than a refusal that says why.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { showValue } from '../event/show-value.ts'
import type { TokenUsage } from '../event/usage-event.ts'
import { fromAnthropic } from './anthropic.ts'
import { fromBedrock } from './bedrock.ts'
import { fromCohere, isCohere } from './cohere.ts'
import { type CountReader, readCounts } from './count-reader.ts'
import { fromGemini } from './gemini.ts'
import { fromOpenAiChat, fromTotalOnly } from './openai-chat.ts'
import { fromOpenAiResponses } from './openai-responses.ts'
import { inconsistencyOf, TOKENS_MAX } from './token-laws.ts'

export type NormalisedUsage =
  | { readonly kind: 'tokens'; readonly tokens: TokenUsage }
  | { readonly kind: 'unreadable'; readonly reason: string }

type Shape = (usage: CountReader) => TokenUsage

/** Never throws; `reason` says what is wrong and where, and holds at most 64 characters of any value. */
export function normaliseUsage(provider: string, usage: unknown): NormalisedUsage {
  if (!isJsonObject(usage))
    return unreadable(`usage is ${showValue(usage)}; it must be the provider's usage object`)
  const shape = shapeOf(provider.toLowerCase(), usage)
  if (shape === null) {
    return unreadable(
      'usage has no shape that is known for this provider (OpenAI, Anthropic, Gemini, Bedrock Converse, Cohere); send tokens_in and tokens_out instead',
    )
  }
  const counts = readCounts(usage)
  const tokens = shape(counts)
  const problem = counts.problem() ?? tooMany(tokens) ?? inconsistencyOf(tokens)
  return problem === null ? { kind: 'tokens', tokens } : unreadable(problem)
}

const unreadable = (reason: string): NormalisedUsage => ({ kind: 'unreadable', reason })

const tooMany = ({ in: tokensIn, out }: TokenUsage): string | null =>
  tokensIn > TOKENS_MAX || out > TOKENS_MAX
    ? `usage sums to ${Math.max(tokensIn, out)} tokens; it must be at most ${TOKENS_MAX}`
    : null

const ANTHROPIC_NAMES = ['cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation']
const RESPONSES_NAMES = ['input_tokens_details', 'input_token_details']
const GEMINI_NAMES = ['promptTokenCount', 'prompt_token_count']

function hasAny(usage: JsonObject, names: readonly string[]): boolean {
  for (const name of names) if (Object.hasOwn(usage, name)) return true
  return false
}

function shapeOf(provider: string, usage: JsonObject): Shape | null {
  if (Object.hasOwn(usage, 'prompt_tokens')) return fromOpenAiChat
  if (hasAny(usage, GEMINI_NAMES)) return fromGemini
  // The AI SDK spells the same names and means them inclusively, so they count as Converse only on Bedrock.
  if (Object.hasOwn(usage, 'inputTokens')) return /bedrock|amazon|aws/.test(provider) ? fromBedrock : null
  if (Object.hasOwn(usage, 'input_tokens')) return additiveOrNot(provider, usage)
  if (isCohere(usage)) return fromCohere
  return Object.keys(usage).join() === 'total_tokens' ? fromTotalOnly : null
}

function additiveOrNot(provider: string, usage: JsonObject): Shape | null {
  const additive = hasAny(usage, ANTHROPIC_NAMES)
  const inclusive = hasAny(usage, RESPONSES_NAMES)
  if (additive && inclusive) return null
  if (additive) return fromAnthropic
  // Without any detail both readings count the same.
  return !inclusive && provider.includes('anthropic') ? fromAnthropic : fromOpenAiResponses
}
