/**
 * Cohere's own chat and embeddings: it bills `billed_units`, which leave out what it adds to a prompt itself; `tokens`
 * beside them counts that too. https://docs.cohere.com/reference/chat
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

/** Reranking bills searches and no tokens; it is not of this shape. */
export const isCohere = ({ billed_units: billed }: JsonObject): boolean =>
  isJsonObject(billed) && typeof billed.input_tokens === 'number'

export const fromCohere = (usage: CountReader): TokenUsage => ({
  ...NO_TOKENS,
  in: usage.count('billed_units', 'input_tokens'),
  out: usage.count('billed_units', 'output_tokens'),
})
